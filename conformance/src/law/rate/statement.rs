//! Where the contract states a rate limit, and which answers speak of it.

use schemas::RateLimit;

use crate::contract::Api;
use crate::judge::AnswerCheck;
use crate::law::Statement;

/// Where the pointers to the headers lead.
pub(super) const HEADERS: &str = "/x-contract/rate_limit/headers";

/// The rate limit, where there is one.
pub(super) fn rate_limit(api: &Api) -> Option<Statement> {
    let rules = api.rules().rate_limit.as_ref()?;
    Some(Statement::new(rules.standing, "/x-contract/rate_limit"))
}

/// The rate limit that an answer speaks of: one to a request that wants a key, where the server did not fail.
pub(super) fn rules_of<'a>(answer: &AnswerCheck<'a>) -> Option<&'a RateLimit> {
    let counted = answer.request.op.as_ref().is_some_and(|op| !op.open);
    answer.api.rules().rate_limit.as_ref().filter(|_| counted && !answer.response.is_server_error())
}
