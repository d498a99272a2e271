//! Where the contract states what answers look like.

use schemas::Standing;

use crate::contract::Api;
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
