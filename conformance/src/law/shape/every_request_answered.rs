//! Every request is answered.

use super::statement::responses;
use crate::judge::AnswerCheck;
use crate::law::{AnswerTurn, Family, Law, Precedence, Role};

pub(crate) static LAW: Law = Law {
    id: "every-request-answered",
    family: Family::Shape,
    says: "every request is answered, whatever is in it",
    why: "A connection that breaks off or a time-out breaks it where the case ends so again with rows of its own, on a \
          connection of its own, while the target answers other requests.",
    role: Role::Answered,
    precedence: Precedence::Operation,
    ..Law::on_every_answer(AnswerTurn::Failure, responses, check)
};

/// An answer keeps it. A request that gets none is noted where it is sent.
fn check(answer: &mut AnswerCheck<'_>) {
    answer.judging();
}
