//! What can be wrong about what is accepted, and how it is refused.

use serde_json::{Value, json};

use super::answer::Answer;
use super::service::sound;
use super::wrong::{Wrong, violation, warning};

pub(super) const WRONGS: &[Wrong] = &[
    violation("valid-request-accepted", "a board wants a handle", |world, ask| {
        if ask.is("POST", "boards")
            && ask.json().is_object()
            && ask.json().get("handle").is_none()
            && ask.field("title").is_string()
        {
            let fault = Answer::fault(422, "wanting", Some("handle"));
            return fault
                .header("Desk-Allowance", 9)
                .header("Desk-Left", 9)
                .header("Desk-Renews", 1_893_459_600);
        }
        sound(world, ask)
    }),
    violation("valid-request-accepted", "a ticket is made with 200", |world, ask| {
        let answer = sound(world, ask);
        let is_ticket =
            answer.status == 201 && answer.at("/ref").as_str().is_some_and(|id| id.starts_with("tkt"));
        if is_ticket { Answer { status: 200, ..answer } } else { answer }
    }),
    violation("bound-accepted", "the length of a subject is counted in bytes", |world, ask| {
        let subject = ask.field("subject");
        let is_long = subject.as_str().is_some_and(|text| text.len() > 80 && text.chars().count() <= 80);
        sound(world, if is_long { ask.with("subject", "x".repeat(81)) } else { ask })
    }),
    violation("bound-accepted", "no effort is no number", |world, ask| {
        sound(world, if ask.field("effort") == 0 { ask.with("effort", -1) } else { ask })
    }),
    violation("refuses-missing", "a remark needs no text", |world, ask| {
        let is_empty = ask.is("POST", "remarks") && ask.json().is_object() && ask.field("text").is_null();
        sound(
            world,
            if is_empty && ask.json().get("text").is_none() { ask.with("text", "none") } else { ask },
        )
    }),
    violation("refuses-missing", "what is wanting is blamed on another property", |world, ask| {
        let answer = sound(world, ask);
        let is_told = answer.at("/fault/reason") == "wanting" && answer.at("/fault/where") == "label";
        if is_told { answer.set("/fault/where", "subject") } else { answer }
    }),
    violation("refuses-null", "a null subject is none", |world, ask| {
        let is_null = ask.json().get("subject") == Some(&Value::Null);
        sound(world, if is_null && ask.method == "PATCH" { ask.without("subject") } else { ask })
    }),
    violation("refuses-type", "a text is taken for a number", |world, ask| {
        sound(world, if ask.field("capacity").is_string() { ask.with("capacity", 12) } else { ask })
    }),
    violation("refuses-type", "a fraction is cut off", |world, ask| {
        sound(world, if ask.field("effort").is_f64() { ask.with("effort", 1) } else { ask })
    }),
    violation("refuses-too-big", "effort has no upper bound", |world, ask| {
        sound(world, if ask.field("effort") == 101 { ask.with("effort", 100) } else { ask })
    }),
    violation("refuses-too-big", "a ticket may have any number of topics", |world, ask| {
        let count = ask.field("topics").as_array().map_or(0, Vec::len);
        sound(world, if count > 5 { ask.with("topics", json!(["many"])) } else { ask })
    }),
    violation("refuses-too-small", "a board may be called nothing", |world, ask| {
        sound(world, if ask.field("title") == "" { ask.with("title", "untitled") } else { ask })
    }),
    violation("refuses-format", "a contact may be anything", |world, ask| {
        let is_odd = ask.field("contact") == "not-in-the-format";
        sound(world, if is_odd { ask.without("contact") } else { ask })
    }),
    violation("refuses-enum", "an unlisted priority is a low one", |world, ask| {
        let is_odd = ask.field("priority") == "no_such_value";
        sound(world, if is_odd { ask.with("priority", "low") } else { ask })
    }),
    warning("refuses-enum", "what is unlisted is blamed on nobody", |world, ask| {
        let answer = sound(world, ask);
        let is_told = answer.at("/fault/reason") == "unlisted" && answer.at("/fault/where") == "tint";
        if is_told { answer.set("/fault/where", Value::Null) } else { answer }
    }),
    violation("refuses-other", "a rating between the steps is rounded", |world, ask| {
        let between = ask.field("rating").as_f64().is_some_and(|rating| (rating * 2.0).fract() != 0.0);
        sound(world, if between { ask.with("rating", 1) } else { ask })
    }),
    warning("refuses-query", "a filter by an unlisted stage is left out", |world, ask| {
        let is_odd = ask.param("stage") == Some("no_such_value");
        sound(world, if is_odd { ask.without_param("stage") } else { ask })
    }),
    violation("refuses-unparsable", "a body that is cut short changes nothing", |world, mut ask| {
        if ask.is("PATCH", "boards/*") && ask.body == b"{\"a\": " {
            ask.body = b"{}".to_vec();
        }
        sound(world, ask)
    }),
    violation("refuses-non-object", "an empty list changes nothing", |world, mut ask| {
        if ask.is("PATCH", "tickets/*") && ask.body == b"[]" {
            ask.body = b"{}".to_vec();
        }
        sound(world, ask)
    }),
    violation("refused-write-changes-nothing", "a refused update keeps what was right", |world, ask| {
        let answer = sound(world, ask.clone());
        let subject = ask.field("subject");
        if ask.is("PATCH", "tickets/*") && answer.status == 422 && subject.is_string() {
            sound(world, ask.with_body(|body| body.retain(|name, _| name == "subject")));
        }
        answer
    }),
    warning("odd-input-survived", "a NUL breaks the desk", |world, ask| {
        let has_nul = ask.body.windows(6).any(|part| part == b"\\u0000");
        if has_nul { Answer::fault(500, "broken", None) } else { sound(world, ask) }
    }),
    violation("no-server-error", "a null title breaks the desk", |world, ask| {
        let is_null = ask.is("POST", "boards") && ask.json().get("title") == Some(&Value::Null);
        if is_null { Answer::fault(500, "broken", None) } else { sound(world, ask) }
    }),
    violation("response-schema", "one list leaves out the topics", |world, ask| {
        let is_list = ask.is("GET", "tickets");
        let answer = sound(world, ask);
        answer.rows(|rows| {
            for row in rows.iter_mut().filter(|_| is_list).filter_map(Value::as_object_mut) {
                row.shift_remove("topics");
            }
        })
    }),
    violation("response-schema", "the number of a remark is a text", |world, ask| {
        let is_read = ask.is("GET", "remarks/*");
        let answer = sound(world, ask);
        let number = answer.at("/number").to_string();
        if is_read && answer.is_success() { answer.set("/number", number) } else { answer }
    }),
    violation("error-envelope", "what is not there is told in words alone", |world, ask| {
        let answer = sound(world, ask);
        if answer.status == 404 { Answer { body: Some(json!({"message": "no"})), ..answer } } else { answer }
    }),
    violation("error-type-agrees", "a conflict has the class of a wrong request", |world, ask| {
        let answer = sound(world, ask);
        if answer.status == 409 { answer.set("/fault/class", "invalid") } else { answer }
    }),
    violation("content-type", "one answer is said to be plain text", |world, ask| {
        let is_read = ask.is("GET", "boards/*");
        let answer = sound(world, ask);
        if is_read && answer.is_success() { answer.header("content-type", "text/plain") } else { answer }
    }),
    violation("nothing-leaks", "a refusal tells where it was decided", |world, ask| {
        let answer = sound(world, ask);
        let trace = "TypeError: x\n    at handle (/srv/node_modules/desk/index.js:10:5)";
        if answer.status == 422 { answer.set("/fault/text", trace) } else { answer }
    }),
];
