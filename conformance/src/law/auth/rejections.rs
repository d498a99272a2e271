//! What wrong credentials are refused with.

use schemas::{AuthenticationRejections, Rejection, Standing};

use crate::contract::{Api, Operation, Refusal};

/// What a kind of wrong credential is refused with; `None` where the contract does not say. A plain description says no
/// more than 401.
pub(super) fn refusal(
    api: &Api,
    op: &Operation,
    kind: &str,
    pick: fn(&AuthenticationRejections) -> Option<&Rejection>,
) -> Option<Refusal> {
    match stated(api) {
        Some(rejections) => {
            let place = format!("/x-contract/authentication/rejections/{kind}");
            Some(Refusal::new(pick(rejections)?.clone(), place))
        }
        None if api.rules().vocabulary == 0 => {
            let states = |status: u16| op.responses.iter().any(|response| response.status.matches(status));
            let standing = if states(401) { Standing::Documented } else { Standing::Inferred };
            // With which status it is refused only the description knows.
            let status = if states(403) && !states(401) { 403 } else { 401 };
            let rejection = Rejection::of_status(status, standing);
            Some(Refusal::new(rejection, op.pointer.clone()))
        }
        None => None,
    }
}

/// What the contract says of wrong credentials.
pub(super) fn stated(api: &Api) -> Option<&AuthenticationRejections> {
    api.rules().authentication.as_ref().map(|rules| &rules.rejections)
}
