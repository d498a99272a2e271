//! Every answer to a request that wants a key carries the rate headers.

use schemas::Standing;

use super::statement::{HEADERS, rate_limit, rules_of};
use crate::contract::{Aspect, Expected};
use crate::http::Credential;
use crate::judge::AnswerCheck;
use crate::law::{AnswerTurn, Explains, Family, Law, Precedence};

pub(crate) static LAW: Law = Law {
    id: "rate-headers",
    family: Family::Rate,
    says: "every answer to a call that needs a key carries the rate headers, all of them whole numbers",
    why: "Clients pace themselves by them.",
    precedence: Precedence::Answers,
    explains: &[Explains::anywhere("rate-coherent")],
    ..Law::on_every_answer(AnswerTurn::RateLimit, rate_limit, check)
};

fn check(answer: &mut AnswerCheck<'_>) {
    let Some(rules) = rules_of(answer) else { return };
    // An allowance belongs to a key: whoever shows none that is known need not get one.
    let known = matches!(answer.request.credential, Credential::Own | Credential::Other);
    let standing = if known { rules.standing } else { Standing::Assumed };
    answer.judging();
    for name in [&rules.headers.limit, &rules.headers.remaining, &rules.headers.reset] {
        let response = answer.response;
        let (aspect, message) = match response.header(name) {
            None => (Aspect::Absent, format!("{} answered without {name}", answer.operation)),
            Some(text) if response.number(name).is_none_or(|number| number < 0) => {
                (Aspect::Other("form"), format!("{} answered {name}: {text}", answer.operation))
            }
            Some(_) => continue,
        };
        let expected = Expected::words(format!("{name} with a whole number"));
        answer.breach(aspect, message, expected).standing(standing).place(HEADERS);
    }
}
