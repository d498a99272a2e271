//! Answers of the control API, and refusals: one message, with what is wrong, where, and what to do.

use http::StatusCode;
use schemas::{Problem, printable};
use serde_json::{Map, Value, json};

use crate::answer::Answer;

/// A success.
pub(super) fn ok(body: &Value) -> Answer {
    told(StatusCode::OK, body)
}

/// Something was made.
pub(super) fn created(body: &Value) -> Answer {
    told(StatusCode::CREATED, body)
}

fn told(status: StatusCode, body: &Value) -> Answer {
    Answer::json(status, format!("{body}\n"))
}

/// Why a call was refused. Nothing was done.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    code: &'static str,
    message: String,
    problems: Vec<Problem>,
    allow: Option<String>,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), problems: Vec::new(), allow: None }
    }

    /// Something is wrong with what was sent.
    pub(super) fn of(code: &'static str, problems: Vec<Problem>) -> Self {
        let message = match problems.as_slice() {
            [] => "The request is wrong.".to_owned(),
            [one] => said(one),
            [first, rest @ ..] => format!("{} And {} more.", said(first), rest.len()),
        };
        Self { problems, ..Self::new(StatusCode::BAD_REQUEST, code, message) }
    }

    /// One thing is wrong with what was sent.
    pub(super) fn wrong(place: &str, what: impl Into<String>, help: impl Into<String>) -> Self {
        Self::of("invalid", vec![Problem::new(None, place, what).with_help(help)])
    }

    /// What is named is not there.
    pub(super) fn unknown(place: &str, what: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            status: StatusCode::NOT_FOUND,
            ..Self::of("not_found", vec![Problem::new(None, place, what).with_help(help)])
        }
    }

    /// The same refusal with another status.
    pub(super) fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// The same refusal with the methods that there are.
    pub(super) fn allowing(self, methods: String) -> Self {
        Self { allow: Some(methods), ..self }
    }

    pub(super) fn answer(self) -> Answer {
        let kind = match self.status.as_u16() {
            401 => "unauthorized",
            403 => "forbidden",
            404 => "not_found",
            409 => "conflict",
            _ => "invalid_request",
        };
        let mut error = json!({"type": kind, "code": self.code, "message": self.message});
        if !self.problems.is_empty() {
            error["problems"] = self.problems.iter().map(shown).collect();
        }
        let answer = told(self.status, &json!({"error": error}));
        match &self.allow {
            Some(methods) => answer.with_header("Allow", methods),
            None => answer,
        }
    }
}

fn shown(problem: &Problem) -> Value {
    let mut shown = Map::new();
    shown.insert("what".to_owned(), json!(problem.what));
    if !problem.pointer.is_empty() {
        shown.insert("where".to_owned(), json!(problem.pointer));
    }
    if let Some(help) = &problem.help {
        shown.insert("help".to_owned(), json!(help));
    }
    Value::Object(shown)
}

/// A problem as sentences.
fn said(problem: &Problem) -> String {
    let mut text = String::new();
    let mut letters = problem.what.chars();
    text.extend(letters.next().map(|first| first.to_ascii_uppercase()));
    text.push_str(letters.as_str());
    if !problem.pointer.is_empty() {
        text.push_str(" (at ");
        text.push_str(&problem.pointer);
        text.push(')');
    }
    text.push('.');
    if let Some(help) = &problem.help {
        text.push(' ');
        text.push_str(help);
    }
    printable(&text).into_owned()
}
