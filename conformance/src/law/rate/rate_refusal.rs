//! A request over the allowance is refused as stated.

use super::statement::{rate_limit, rules_of};
use crate::contract::{Aspect, Expected, Refusal};
use crate::judge::{AnswerCheck, deviation_from_refusal};
use crate::law::{AnswerTurn, Family, Law};

pub(crate) static LAW: Law = Law {
    id: "rate-refusal",
    family: Family::Rate,
    says: "a call over the limit is refused as stated, and the answer says how long to wait",
    why: "Judged when the target refuses one; no run provokes it.",
    ..Law::on_every_answer(AnswerTurn::RateLimit, rate_limit, check)
};

const PLACE: &str = "/x-contract/rate_limit/rejection";

fn check(answer: &mut AnswerCheck<'_>) {
    let Some(rules) = rules_of(answer) else { return };
    if answer.response.status != rules.rejection.status {
        return;
    }
    answer.judging();
    let pointers = answer.api.rules().errors.as_ref().map(|errors| &errors.pointers);
    let refusal = Refusal::new(rules.rejection.clone(), PLACE);
    if let Some(deviation) = deviation_from_refusal(&refusal, answer.response, pointers) {
        let message = format!("a call over the allowance {}", deviation.what);
        let expected = Expected::words(rules.rejection.code.clone().unwrap_or_default());
        let breach = answer.breach(deviation.aspect, message, expected);
        breach.standing(deviation.standing).place(PLACE);
    }
    let header = &rules.headers.retry_after;
    if answer.response.number(header).is_none_or(|seconds| seconds < 0) {
        let message = format!("a call over the allowance is answered without {header} in seconds");
        answer
            .breach(Aspect::Other("retry-after"), message, Expected::words(header.clone()))
            .standing(rules.standing)
            .place(PLACE);
    }
}
