//! What fails once fails again when it is tried again.

use super::statement::responses;
use crate::judge::AnswerCheck;
use crate::law::{AnswerTurn, Family, Law, Precedence, Role};

pub(crate) static LAW: Law = Law {
    id: "stable-target",
    family: Family::Shape,
    says: "no request fails that goes through when it is tried again",
    why: "Server errors, broken connections and time-outs that come and go are told here, once for the whole run, and \
          no other law is blamed for them.",
    role: Role::Stable,
    precedence: Precedence::Operation,
    ..Law::on_every_answer(AnswerTurn::Failure, responses, check)
};

/// Whether a failure passes is known only when the case was tried again.
fn check(answer: &mut AnswerCheck<'_>) {
    answer.judging();
}
