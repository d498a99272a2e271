//! What every answer looks like.

use schemas::Standing;

use super::id;
use super::law::{Family, Law, always};
use crate::contract::Api;

#[expect(clippy::unnecessary_wraps, reason = "one signature for all laws of this kind")]
fn responses(_: &Api) -> Option<(Standing, String)> {
    Some((Standing::Documented, "/paths".to_owned()))
}

fn errors(api: &Api) -> Option<(Standing, String)> {
    api.rules().errors.as_ref().map(|_| (Standing::Documented, "/x-contract/errors".to_owned()))
}

/// The family.
pub(crate) const LAWS: &[Law] = &[
    always(
        id::RESPONSE_SCHEMA,
        Family::Shape,
        "every answer fits the schema of its response",
        "A client decodes by the schema: an absent or retyped property breaks it. Properties the schema does not name are no breach.",
        responses,
    ),
    always(
        id::CONTENT_TYPE,
        Family::Shape,
        "every answer has the content type of its response",
        "Parameters such as a charset are no breach.",
        responses,
    ),
    always(
        id::ERROR_ENVELOPE,
        Family::Shape,
        "every answer that is no success is in the error envelope",
        "Clients branch on the envelope; prose in it is never compared.",
        errors,
    ),
    always(
        id::ERROR_TYPE_AGREES,
        Family::Shape,
        "the type of an error agrees with its status",
        "Clients that look at either must come to the same conclusion.",
        errors,
    ),
    always(
        id::NO_SERVER_ERROR,
        Family::Shape,
        "no request is answered with a server error",
        "Whatever was sent, a 5xx is the server's fault.",
        responses,
    ),
    always(
        id::NOTHING_LEAKS,
        Family::Shape,
        "no answer shows a trace of a crash or a whole key",
        "Both help an attacker and nobody else.",
        responses,
    ),
];
