//! Answers that do not depend on what happened before: named examples, the description's own, made-up ones.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use fixtures::Fixtures;
use http::StatusCode;
use schemas::{Contract, Operation, Response, StampMoment, StatusPattern};
use serde_json::Value;

use super::described::{self, Content, Payload};
use crate::answer::Answer;
use crate::clock::format_ms;
use crate::gate::Preference;
use crate::refusal::Refusals;

/// One answer that can be asked for.
#[derive(Debug, Clone)]
struct NamedAnswer {
    name: Arc<str>,
    status: StatusCode,
    headers: Vec<(String, String)>,
    body: Option<Payload>,
    /// Properties that show the time of the answer.
    stamps: Arc<[String]>,
}

/// Every answer that can be asked for, by operation, the fixtures' before the description's.
#[derive(Debug)]
pub(crate) struct Examples {
    known: HashMap<String, Known>,
    /// Headers that something else writes.
    skipped: Vec<String>,
}

/// The answers of one operation. Those of the description are made when they are first asked for: of a large one few are.
#[derive(Debug)]
struct Known {
    fixtures: Vec<NamedAnswer>,
    described: Vec<OnceLock<Vec<NamedAnswer>>>,
}

impl Examples {
    /// Answers for every operation; `skipped` are headers that something else writes.
    pub(crate) fn new(contract: &Contract, fixtures: &Fixtures, skipped: &[&str]) -> Self {
        let all = contract.operations().iter().map(|operation| {
            let described = operation.responses.iter().map(|_| OnceLock::new()).collect();
            (operation.id.clone(), Known { fixtures: of_fixtures(operation, fixtures), described })
        });
        Self { known: all.collect(), skipped: skipped.iter().map(|name| (*name).to_owned()).collect() }
    }

    /// The answers made from a response.
    fn of<'a>(&'a self, operation: &Operation, response: &Response) -> &'a [NamedAnswer] {
        let position = operation.responses.iter().position(|known| known.status == response.status);
        let slot =
            self.known.get(&operation.id).zip(position).and_then(|(known, at)| known.described.get(at));
        slot.map_or(&[][..], |slot| slot.get_or_init(|| described(response, &self.skipped)))
    }

    /// Every answer of an operation.
    fn all<'a>(&'a self, operation: &'a Operation) -> impl Iterator<Item = &'a NamedAnswer> {
        let fixtures = self.known.get(&operation.id).into_iter().flat_map(|known| &known.fixtures);
        fixtures.chain(operation.responses.iter().flat_map(|response| self.of(operation, response)))
    }

    /// The usual answer of an operation: a success, else a redirect; never a refusal, which nobody asked for. Where it is
    /// described in several media types, the one that is wanted.
    pub(crate) fn usual(&self, operation: &Operation, accept: &str, now: i64) -> Option<Answer> {
        let known = self.known.get(&operation.id)?;
        if let Some(answers) = known.fixtures.iter().find(|one| one.status.is_success()) {
            return Some(answers.answer(now));
        }
        let redirect = || {
            operation.responses.iter().find(|response| {
                matches!(response.status, StatusPattern::Exact(300..=399) | StatusPattern::Class(3))
            })
        };
        let default =
            || operation.responses.iter().find(|response| response.status == StatusPattern::Default);
        if let Some(response) = operation.success().or_else(redirect) {
            let Some(wanted) = wanted(self.of(operation, response), accept) else {
                return self.not_acceptable(operation, response, now);
            };
            let mut answer = wanted.answer(now);
            if answer.status.is_redirection() && !answer.headers.contains_key(http::header::LOCATION) {
                answer = answer.with_header("Location", "/");
            }
            return Some(answer);
        }
        let answers = self.of(operation, default()?);
        let mut answer = wanted(answers, accept).or_else(|| answers.first())?.answer(now);
        answer.status = StatusCode::OK;
        Some(answer)
    }

    /// What is answered where nothing that is described is wanted: the refusal of such a wish where there is one, else the
    /// usual answer all the same.
    fn not_acceptable(&self, operation: &Operation, usual: &Response, now: i64) -> Option<Answer> {
        let refused = StatusPattern::Exact(406);
        let refusal = operation.responses.iter().find(|response| response.status == refused);
        Some(self.of(operation, refusal.unwrap_or(usual)).first()?.answer(now))
    }

    /// Whether an operation has an example of a name, with a status where one is given.
    pub(crate) fn has(&self, operation: &Operation, name: &str, status: Option<u16>) -> bool {
        self.all(operation)
            .any(|one| *one.name == *name && status.is_none_or(|status| one.status.as_u16() == status))
    }

    /// The names and statuses of an operation's examples.
    pub(crate) fn list(&self, operation: &Operation) -> Vec<(Arc<str>, u16)> {
        self.all(operation).map(|one| (Arc::clone(&one.name), one.status.as_u16())).collect()
    }

    /// The answer that a request asks for, or why there is none.
    pub(crate) fn preferred(
        &self,
        operation: &Operation,
        preference: &Preference,
        refusals: &Refusals,
        now: i64,
    ) -> Result<Answer, String> {
        let all = || self.all(operation);
        let status = match &preference.code {
            Some(code) => Some(
                code.parse::<u16>()
                    .ok()
                    .filter(|status| (200..=599).contains(status))
                    .ok_or_else(|| format!("`{code}` is no status from 200 to 599"))?,
            ),
            None => None,
        };
        let found = all().find(|one| {
            status.is_none_or(|status| one.status == status)
                && preference.example.as_deref().is_none_or(|name| *one.name == *name)
        });
        if let Some(found) = found {
            return Ok(found.answer(now));
        }
        match (&preference.example, status) {
            (None, Some(status)) if refusals.knows_status(status) => Ok(refusals.of_status(status)),
            // A class or `default` describes what it is answered with.
            (None, Some(status)) if operation.response(status).is_some() => {
                let answers =
                    operation.response(status).and_then(|response| self.of(operation, response).first());
                let mut answer = answers.map_or_else(|| Answer::empty(StatusCode::OK), |one| one.answer(now));
                answer.status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
                Ok(answer)
            }
            (None, Some(status)) => Ok(undescribed(status, refusals)),
            _ => Err(format!("{} has no such example; it has {}", operation.id, names(all()))),
        }
    }
}

/// The first answer in the media type that an `Accept` header wants most.
fn wanted<'a>(answers: &'a [NamedAnswer], accept: &str) -> Option<&'a NamedAnswer> {
    let media = |one: &NamedAnswer| one.body.as_ref().map(|body| body.media_type.clone());
    let mut offered: Vec<String> = Vec::new();
    for media_type in answers.iter().filter_map(media) {
        if !offered.contains(&media_type) {
            offered.push(media_type);
        }
    }
    if offered.is_empty() {
        return answers.first();
    }
    let chosen = offered.get(schemas::preferred(accept, &offered)?)?;
    answers.iter().find(|one| media(one).as_ref() == Some(chosen))
}

impl NamedAnswer {
    fn answer(&self, now: i64) -> Answer {
        let answer = match &self.body {
            Some(Payload { media_type, body: Content::Json(body) }) => {
                let mut stamped = body.clone();
                for field in &*self.stamps {
                    stamped[field] = Value::String(format_ms(now));
                }
                Answer::json(self.status, stamped.to_string()).with_header("Content-Type", media_type)
            }
            Some(Payload { media_type, body: Content::Text(text) }) => {
                Answer::json(self.status, text.clone()).with_header("Content-Type", media_type)
            }
            None => Answer::empty(self.status),
        };
        self.headers.iter().fold(answer, |answer, (name, value)| answer.with_header(name, value))
    }
}

/// The answer of a status that the description says nothing about: what refusals look like, or nothing.
pub(crate) fn undescribed(status: u16, refusals: &Refusals) -> Answer {
    if status >= 400 {
        return refusals.of_status(status);
    }
    Answer::empty(StatusCode::from_u16(status).unwrap_or(StatusCode::OK))
}

fn names<'a>(answers: impl Iterator<Item = &'a NamedAnswer>) -> String {
    let names: Vec<String> = answers.map(|one| format!("{} ({})", one.name, one.status.as_u16())).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

fn of_fixtures(operation: &Operation, fixtures: &Fixtures) -> Vec<NamedAnswer> {
    let mut answers = Vec::new();
    for example in fixtures.examples.of(&operation.id) {
        let Ok(status) = StatusCode::from_u16(example.status) else {
            continue;
        };
        answers.push(NamedAnswer {
            name: example.name.as_str().into(),
            status,
            headers: example.headers.iter().map(|(name, value)| (name.clone(), value.clone())).collect(),
            body: example
                .body
                .clone()
                .map(|body| Payload { media_type: "application/json".to_owned(), body: Content::Json(body) }),
            stamps: operation.response(example.status).map(stamps).unwrap_or_default(),
        });
    }
    answers
}

/// The description's own examples of a response, else a made-up one.
fn described(response: &Response, skipped: &[String]) -> Vec<NamedAnswer> {
    let (status, stamps) = (described::status(response), stamps(response));
    let headers = described::headers(response, skipped);
    let answers = described::bodies(response).into_iter().map(|one| NamedAnswer {
        name: one.name.as_str().into(),
        status,
        headers: headers.clone(),
        body: one.payload,
        stamps: Arc::clone(&stamps),
    });
    answers.collect()
}

fn stamps(response: &Response) -> Arc<[String]> {
    let properties = response.schema.iter().flat_map(schemas::Schema::properties);
    let stamped = properties.filter(|property| {
        property.rules().is_ok_and(|rules| rules.stamp.iter().any(|stamp| stamp.at == StampMoment::Response))
    });
    stamped.map(|property| property.name).collect()
}
