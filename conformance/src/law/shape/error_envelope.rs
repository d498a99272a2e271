//! Every answer that is no success is in the error envelope.

use schemas::Standing;
use serde_json::Value;

use super::statement::errors;
use crate::contract::{Aspect, Expected};
use crate::judge::AnswerCheck;
use crate::law::{AnswerTurn, Explains, Family, Law, Precedence};

pub(crate) static LAW: Law = Law {
    id: "error-envelope",
    family: Family::Shape,
    says: "every error response has the error envelope",
    why: "Clients branch on the envelope; prose in it is never compared.",
    precedence: Precedence::Answers,
    explains: &[Explains::anywhere("content-type"), Explains::anywhere("route-unknown")],
    ..Law::on_every_answer(AnswerTurn::Envelope, errors, check)
};

fn check(answer: &mut AnswerCheck<'_>) {
    let (Some(errors), Some(_)) = (&answer.api.rules().errors, answer.refusal()) else { return };
    answer.judging();
    // A status that the contract does not know belongs to whatever stands in front of the service.
    let known = errors.type_of(answer.response.status);
    let standing = known.map_or(Standing::Inferred, |kind| kind.standing);
    if is_sound(answer) == Some(false) {
        let status = answer.response.status;
        let message = format!("the {status} of {} is not in the error envelope", answer.operation);
        answer
            .breach(Aspect::Other("envelope"), message, Expected::words("the error envelope"))
            .standing(standing)
            .place("/x-contract/errors/schema");
    }
}

/// Whether an error is in the envelope; `None` where the contract states none.
pub(super) fn is_sound(answer: &AnswerCheck<'_>) -> Option<bool> {
    let pointers = &answer.api.rules().errors.as_ref()?.pointers;
    let response = answer.response;
    let text = |pointer: &str| response.at(pointer).and_then(Value::as_str);
    let field = pointers.field.as_deref().and_then(|field| response.at(field));
    Some(
        pointers.kind.as_deref().is_none_or(|kind| text(kind).is_some())
            && pointers.code.as_deref().is_none_or(|code| text(code).is_some_and(|code| !code.is_empty()))
            && pointers.message.as_deref().is_none_or(|message| text(message).is_some())
            && field.is_none_or(|field| field.is_string() || field.is_null()),
    )
}
