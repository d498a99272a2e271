//! Every answer has the headers that its response states.

use schemas::{Standing, StatusPattern};

use super::statement::{headers, is_elsewhere};
use crate::contract::{Aspect, Expected};
use crate::judge::AnswerCheck;
use crate::law::{AnswerTurn, Family, Law};

pub(crate) static LAW: Law = Law {
    id: "response-headers",
    family: Family::Shape,
    says: "every answer has the headers that its response states",
    why: "Those that are required are there, and what is there fits its schema. Headers of the rate limit have laws of their own.",
    ..Law::on_every_answer(AnswerTurn::Headers, headers, check)
};

fn check(answer: &mut AnswerCheck<'_>) {
    let Some(op) = &answer.request.op else { return };
    let Some(response) = op.response(answer.response.status) else { return };
    // What is said of any answer is said of those of the API alone: a refusal may come from what stands in front of it.
    if response.status == StatusPattern::Default && !answer.response.is_success() {
        return;
    }
    let mut judged = false;
    for header in &response.headers {
        if is_elsewhere(answer.api, header) {
            continue;
        }
        if !judged {
            answer.judging();
            judged = true;
        }
        let name = &header.name;
        let lines: Vec<&str> =
            answer.response.headers.get_all(name).iter().filter_map(|line| line.to_str().ok()).collect();
        let problem = if lines.is_empty() {
            header.required.then(|| {
                (format!("{} answered without the header {name}", answer.operation), Standing::Documented)
            })
        } else {
            let value = header.read(&lines);
            let faults = value.and_then(|value| Some(header.schema.as_ref()?.faults(&value)));
            let first = faults.into_iter().flatten().next();
            first.map(|fault| {
                let message =
                    format!("the header {name} of {} breaks its schema: {}", answer.operation, fault.message);
                (message, fault.standing)
            })
        };
        if let Some((message, standing)) = problem {
            let expected = Expected::words(format!("{name} as the response states it"));
            let place = format!("{}/headers", response.pointer);
            let breach = answer.breach(Aspect::Other("header"), message, expected);
            breach.standing(standing.weakest(response.standing)).place(place).subject = Some(name.clone());
        }
    }
}
