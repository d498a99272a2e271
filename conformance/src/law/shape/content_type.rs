//! Every answer has the content type of its response.

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
        if let (Some(media), Some(_)) = (&response.media_type, &response.schema) {
            let (media, place) = (media.clone(), response.pointer.clone());
            hold(answer, &media, &place);
        }
    } else if answer.refusal().is_some() && is_sound(answer) == Some(true) {
        hold(answer, "application/json", "/x-contract/errors/schema");
    }
}

fn hold(answer: &mut AnswerCheck<'_>, stated: &str, place: &str) {
    answer.judging();
    let stated = stated.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let actual = answer.response.media_type();
    if actual.as_deref() == Some(stated.as_str()) || stated == "*/*" {
        return;
    }
    let message = match actual {
        Some(actual) => format!("{} answered with the content type {actual}", answer.operation),
        None => format!("{} answered without a content type", answer.operation),
    };
    answer.breach(Aspect::Other("media"), message, Expected::words(stated)).place(place);
}
