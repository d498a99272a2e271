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
            let stated = op.responses.iter().any(|response| response.status.matches(401));
            let standing = if stated { Standing::Documented } else { Standing::Inferred };
            Some(Refusal::new(Rejection::of_status(401, standing), op.pointer.clone()))
        }
        None => None,
    }
}

/// What the contract says of wrong credentials.
pub(super) fn stated(api: &Api) -> Option<&AuthenticationRejections> {
    api.rules().authentication.as_ref().map(|rules| &rules.rejections)
}
