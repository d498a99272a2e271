//! Every answer has the content type of its response.

use schemas::{essence, is_within};

use super::error_envelope::is_sound;
use super::statement::responses;
use crate::contract::{Aspect, Expected};
use crate::judge::AnswerCheck;
use crate::law::{AnswerTurn, Family, Law};

pub(crate) static LAW: Law = Law {
    id: "content-type",
    family: Family::Shape,
    says: "every answer has the content type of its response",
    why: "Parameters such as a charset are no breach.",
    ..Law::on_every_answer(AnswerTurn::ContentType, responses, check)
};

fn check(answer: &mut AnswerCheck<'_>) {
    if let Some(op) = answer.success() {
        let Some(response) = op.response(answer.response.status) else { return };
        // What has no body has no type.
        let bodiless = matches!(answer.response.status, 204 | 205) || answer.request.method == "HEAD";
        let usual = response.media_type.iter();
        let stated: Vec<String> =
            usual.chain(response.other.iter().map(|media| &media.media_type)).cloned().collect();
        // What is empty and was never described further says nothing wrong.
        let nothing = answer.response.bytes.is_empty() && response.schema.is_none();
        if !stated.is_empty() && !bodiless && !nothing {
            let place = response.pointer.clone();
            hold(answer, &stated, &place);
        }
    } else if answer.refusal().is_some() && is_sound(answer) == Some(true) {
        hold(answer, &["application/json".to_owned()], "/x-contract/errors/schema");
    }
}

fn hold(answer: &mut AnswerCheck<'_>, stated: &[String], place: &str) {
    answer.judging();
    let actual = answer.response.media_type();
    let fits = |range: &String| {
        essence(range) == "*/*" || actual.as_ref().is_some_and(|actual| is_within(actual, range))
    };
    if stated.iter().any(fits) {
        return;
    }
    let message = match actual {
        Some(actual) => format!("{} answered with the content type {actual}", answer.operation),
        None => format!("{} answered without a content type", answer.operation),
    };
    let expected = stated.iter().map(|range| essence(range)).collect::<Vec<_>>().join(" or ");
    answer.breach(Aspect::Other("media"), message, Expected::words(expected)).place(place);
}
