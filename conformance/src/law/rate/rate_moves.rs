//! What is left of the limit goes down with what is sent.

use super::statement::{HEADERS, rate_limit, rules_of};
use crate::contract::{Aspect, Expected};
use crate::judge::AnswerCheck;
use crate::law::{AnswerTurn, Family, Law};

pub(crate) static LAW: Law = Law {
    id: "rate-moves",
    family: Family::Rate,
    says: "what is left of the limit goes down with the requests that are sent",
    why: "Clients that pace themselves by a number that never moves are refused without a warning. The run's own requests \
          are counted for each key. A target that says a limit which the contract states, and refuses nothing beyond \
          it, has no limit in force: that is not judged.",
    ..Law::on_every_answer(AnswerTurn::RateLimit, rate_limit, check)
};

fn check(answer: &mut AnswerCheck<'_>) {
    let Some(rules) = rules_of(answer) else { return };
    if answer.response.number(&rules.headers.remaining).is_none() {
        return;
    }
    answer.judging();
    let Some(unmoved) = answer.unmoved else { return };
    // What is switched off says what is stated, as a server in development does, and this project's mock server.
    if !unmoved.enforced && rules.tiers.values().any(|tier| *tier == unmoved.limit) {
        return;
    }
    let message = format!(
        "{} says that {} of {} requests are left, as every answer before it did",
        answer.operation, unmoved.left, unmoved.limit
    );
    let expected = Expected::words("less left with each request");
    answer.breach(Aspect::Other("unmoved"), message, expected).standing(rules.standing).place(HEADERS);
}
