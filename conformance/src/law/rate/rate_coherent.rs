//! The rate headers agree with each other and with the clock.

use super::statement::{HEADERS, rate_limit, rules_of};
use crate::contract::{Aspect, Expected};
use crate::judge::AnswerCheck;
use crate::law::{AnswerTurn, Family, Law};

pub(crate) static LAW: Law = Law {
    id: "rate-coherent",
    family: Family::Rate,
    says: "no more requests are left than are allowed, and the window frees up at an instant in epoch seconds",
    why: "Seconds from now, or milliseconds, would make a client wait for ever or not at all.",
    ..Law::on_every_answer(AnswerTurn::RateLimit, rate_limit, check)
};

/// Epoch seconds: neither seconds from now nor milliseconds. Clocks may differ, by years in a test.
const EPOCH_SECONDS: std::ops::Range<i64> = 1_000_000_000..100_000_000_000;

fn check(answer: &mut AnswerCheck<'_>) {
    let Some(rules) = rules_of(answer) else { return };
    let number = |name: &str| answer.response.number(name);
    let headers = &rules.headers;
    let (Some(limit), Some(remaining), Some(reset)) =
        (number(&headers.limit), number(&headers.remaining), number(&headers.reset))
    else {
        return;
    };
    answer.judging();
    if remaining > limit || limit < 1 {
        let message = format!("{} says that {remaining} of {limit} requests are left", answer.operation);
        let expected = Expected::words("no more left than allowed");
        answer.breach(Aspect::Other("remaining"), message, expected).standing(rules.standing).place(HEADERS);
    }
    if !EPOCH_SECONDS.contains(&reset) {
        let message = format!(
            "{} says that the window frees up at {reset}, which is no instant in epoch seconds",
            answer.operation
        );
        let expected = Expected::words("epoch seconds");
        answer.breach(Aspect::Other("reset"), message, expected).standing(rules.standing).place(HEADERS);
    }
}
