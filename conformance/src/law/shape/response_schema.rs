//! Every answer fits the schema of its response.

use schemas::{BodyView, Fault, FaultKind, Response, Schema, is_within};
use serde_json::Value;

use super::discriminator::{Mistaken, mistaken};
use super::statement::responses;
use crate::contract::{Aspect, Expected};
use crate::judge::AnswerCheck;
use crate::law::{AnswerTurn, Explains, Family, Law, Precedence, Role};

pub(crate) static LAW: Law = Law {
    id: "response-schema",
    family: Family::Shape,
    says: "every answer fits the schema of its response",
    why: "A client decodes by the schema: an absent or retyped property breaks it. Properties the schema does not name are no breach.",
    role: Role::ResponseSchema,
    precedence: Precedence::Answers,
    explains: &[Explains::on_resource("list-empty")],
    ..Law::on_every_answer(AnswerTurn::Body, responses, check)
};

fn check(answer: &mut AnswerCheck<'_>) {
    let (request, response) = (answer.request, answer.response);
    let Some(op) = &request.op else { return };
    let stated = op.response(response.status);
    if answer.success().is_some() {
        let Some(stated) = stated else { return };
        if let Some(view) = other_view(answer, stated) {
            // A body of another media type that is stated: read as that, where it can be read.
            let sent = response.header("content-type").unwrap_or_default();
            if let Ok(Some(value)) = view.read(sent, &response.bytes) {
                answer.judging();
                hold(answer, view.schema, &value);
            }
            return;
        }
        let Some(stated) = Some(stated).filter(|stated| stated.media_type.is_some()) else { return };
        let Some(schema) = &stated.schema else { return };
        answer.judging();
        if let Some(body) = &response.json {
            hold(answer, schema, body);
        } else {
            let message = format!("the body of {} is not JSON", answer.operation);
            let expected = Expected::words("a JSON body");
            answer.breach(Aspect::Other("not-json"), message, expected).place(&stated.pointer);
        }
    } else if answer.refusal().is_some()
        && answer.api.rules().errors.is_none()
        && let Some(stated) = stated
    {
        answer.judging();
        let both = stated.schema.as_ref().zip(response.json.as_ref());
        if both.is_some_and(|(schema, body)| !schema.is_valid(body)) {
            let message = format!("the {} of {} breaks its schema", response.status, answer.operation);
            let expected = Expected::words("a body that fits its schema");
            answer.breach(Aspect::Other("error"), message, expected).place(&stated.pointer);
        }
    }
}

/// The body in the media type that the answer has, where that is stated beside JSON or in its place.
fn other_view<'r>(answer: &AnswerCheck<'_>, stated: &'r Response) -> Option<BodyView<'r>> {
    let actual = answer.response.media_type()?;
    if stated.media_type.as_ref().is_some_and(|usual| is_within(&actual, usual)) {
        return None;
    }
    stated.other.iter().find(|media| is_within(&actual, &media.media_type))?.view()
}

fn hold(answer: &mut AnswerCheck<'_>, schema: &Schema, body: &Value) {
    if schema.is_valid(body) {
        if let Some(Mistaken { property, what, standing, place }) = mistaken(schema, body) {
            let message = format!("in the answer of {}, {property} {what}", answer.operation);
            let expected = Expected::words("an object of the schema that it names");
            let breach = answer.breach(Aspect::Other("discriminator"), message, expected);
            breach.standing(standing).place(place).subject = Some(property);
        }
        return;
    }
    for fault in schema.faults(body) {
        let property = property_of(&fault);
        let aspect =
            Aspect::Schema { keyword: fault.keyword.clone(), property: property.clone().unwrap_or_default() };
        if answer.is_known(&aspect) {
            continue;
        }
        let message = format!("in the answer of {}, {}", answer.operation, fault.message);
        let expected = match fault.kind {
            FaultKind::Missing => {
                format!("{} present", fault.instance.rsplit('/').next().unwrap_or_default())
            }
            _ => fault.message.clone(),
        };
        let breach = answer.breach(aspect, message, Expected::words(expected));
        breach.standing(fault.standing).place(fault.place).subject = property;
    }
}

/// The innermost property that a fault is in; items of arrays are none.
fn property_of(fault: &Fault) -> Option<String> {
    let tokens = fault.instance.split('/');
    let named = |token: &&str| !token.is_empty() && token.parse::<u32>().is_err();
    tokens.rev().find(named).map(str::to_owned)
}
