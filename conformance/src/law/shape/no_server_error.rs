//! No request is answered with a server error.

use super::statement::responses;
use crate::contract::{Aspect, Expected};
use crate::judge::{AnswerCheck, said};
use crate::law::{AnswerTurn, Explains, Family, Law, Precedence, Role};

pub(crate) static LAW: Law = Law {
    id: "no-server-error",
    family: Family::Shape,
    says: "no request is answered with a server error",
    why: "Whatever was sent, a 5xx is the server's fault.",
    role: Role::ServerError,
    precedence: Precedence::Operation,
    explains: &[Explains::on_resource("odd-input-survived")],
    ..Law::on_every_answer(AnswerTurn::Failure, responses, check)
};

fn check(answer: &mut AnswerCheck<'_>) {
    answer.judging();
    if answer.response.is_server_error() {
        let message = format!("{} answered {}", answer.operation, answer.response.status);
        let plain = answer.request.op.as_ref().is_some_and(|op| !op.is_stated());
        let said = plain.then(|| said(answer.response));
        answer.breach(Aspect::ServerError, message, Expected::words("no server error")).said(said);
    }
}
