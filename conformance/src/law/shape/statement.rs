//! Where the contract states what answers look like.

use schemas::{Header, Response, Standing};

use crate::contract::{Api, Operation};
use crate::law::Statement;

/// That operations answer as they are described to.
#[expect(clippy::unnecessary_wraps, reason = "one signature for all laws on every answer")]
pub(super) fn responses(_: &Api) -> Option<Statement> {
    Some(Statement::new(Standing::Documented, "/paths"))
}

/// The error envelope, where there is one.
pub(super) fn errors(api: &Api) -> Option<Statement> {
    api.rules().errors.as_ref().map(|_| Statement::new(Standing::Documented, "/x-contract/errors"))
}

/// That answers have headers, where a response states one of which no other law speaks.
pub(super) fn headers(api: &Api) -> Option<Statement> {
    let own = |response: &Response| response.headers.iter().any(|header| !is_elsewhere(api, header));
    let stated = |op: &Operation| op.responses.iter().any(own);
    api.operations.iter().any(stated).then(|| Statement::new(Standing::Documented, "/paths"))
}

/// Whether OpenAPI or another law speaks of a header.
pub(super) fn is_elsewhere(api: &Api, header: &Header) -> bool {
    let is = |name: &str| header.name.eq_ignore_ascii_case(name);
    let rate = api.rules().rate_limit.as_ref().map(|rule| &rule.headers);
    let of_rate = rate.is_some_and(|names| {
        [&names.limit, &names.remaining, &names.reset, &names.retry_after].into_iter().any(|name| is(name))
    });
    of_rate || is("content-type")
}
