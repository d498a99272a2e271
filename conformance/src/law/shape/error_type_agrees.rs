//! The type of an error agrees with its status.

use super::error_envelope::is_sound;
use super::statement::errors;
use crate::contract::{Aspect, Expected};
use crate::judge::AnswerCheck;
use crate::law::{AnswerTurn, Family, Law};

pub(crate) static LAW: Law = Law {
    id: "error-type-agrees",
    family: Family::Shape,
    says: "the type of an error agrees with its status",
    why: "Clients that look at either must come to the same conclusion.",
    ..Law::on_every_answer(AnswerTurn::Agreement, errors, check)
};

fn check(answer: &mut AnswerCheck<'_>) {
    let (api, response) = (answer.api, answer.response);
    let (Some(errors), Some(_)) = (&api.rules().errors, answer.refusal()) else { return };
    let Some(known) = errors.type_of(response.status).filter(|_| is_sound(answer) == Some(true)) else {
        return;
    };
    let stated = errors.pointers.kind.as_deref();
    let Some(kind) = stated.and_then(|at| response.at(at)?.as_str()) else { return };
    answer.judging();
    if known.name != kind {
        let message = format!("the {} of {} has the type {kind}", response.status, answer.operation);
        let expected = Expected::words(format!("the type {}", known.name));
        answer
            .breach(Aspect::TypeOf(response.status), message, expected)
            .standing(known.standing)
            .place(format!("/x-contract/errors/types/{}", response.status));
    }
}
