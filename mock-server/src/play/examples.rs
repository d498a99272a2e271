//! Answers that do not depend on what happened before: named examples, the description's own, made-up ones.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use fixtures::Fixtures;
use http::StatusCode;
use schemas::{Contract, Operation, Response, Sampler, StampMoment, StatusPattern};
use serde_json::Value;

use crate::answer::Answer;
use crate::clock::format_ms;
use crate::gate::Preference;
use crate::refusal::Refusals;

/// One answer that can be asked for.
#[derive(Debug, Clone)]
struct Canned {
    name: Arc<str>,
    status: StatusCode,
    headers: Vec<(String, String)>,
    body: Option<Value>,
    /// Properties that show the time of the answer.
    stamps: Arc<[String]>,
}

/// Every answer that can be asked for, by operation, the fixtures' before the description's.
#[derive(Debug)]
pub(crate) struct Examples(HashMap<String, Known>);

/// The answers of one operation. Those of the description are made when they are first asked for: of a large one few are.
#[derive(Debug)]
struct Known {
    fixtures: Vec<Canned>,
    described: Vec<OnceLock<Vec<Canned>>>,
}

impl Known {
    /// All answers of an operation whose response is wanted.
    fn of<'a>(
        &'a self,
        operation: &'a Operation,
        wanted: impl Fn(&Response) -> bool + 'a,
    ) -> impl Iterator<Item = &'a Canned> {
        let described = operation.responses.iter().zip(&self.described);
        let described = described.filter(move |(response, _)| wanted(response));
        self.fixtures
            .iter()
            .chain(described.flat_map(|(response, known)| known.get_or_init(|| self::described(response))))
    }
}

impl Examples {
    pub(crate) fn new(contract: &Contract, fixtures: &Fixtures) -> Self {
        let all = contract.operations().iter().map(|operation| {
            let described = operation.responses.iter().map(|_| OnceLock::new()).collect();
            (operation.id.clone(), Known { fixtures: of_fixtures(operation, fixtures), described })
        });
        Self(all.collect())
    }

    /// The usual success of an operation; never a refusal, which nobody asked for.
    pub(crate) fn usual(&self, operation: &Operation, now: i64) -> Option<Answer> {
        let mut canned = self.0.get(&operation.id)?.of(operation, |response| response.status.is_success());
        canned.find(|one| one.status.is_success()).map(|one| one.answer(now))
    }

    /// The answer that a request asks for, or why there is none.
    pub(crate) fn preferred(
        &self,
        operation: &Operation,
        preference: &Preference,
        refusals: &Refusals,
        now: i64,
    ) -> Result<Answer, String> {
        let known = self.0.get(&operation.id);
        let all = || known.into_iter().flat_map(|known| known.of(operation, |_| true));
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
            _ => Err(format!("{} has no such example; it has {}", operation.id, names(all()))),
        }
    }
}

impl Canned {
    fn answer(&self, now: i64) -> Answer {
        let answer = match &self.body {
            Some(body) if !self.stamps.is_empty() => {
                let mut body = body.clone();
                for field in &*self.stamps {
                    body[field] = Value::String(format_ms(now));
                }
                Answer::json(self.status, body.to_string())
            }
            Some(body) => Answer::json(self.status, body.to_string()),
            None => Answer::empty(self.status),
        };
        self.headers.iter().fold(answer, |answer, (name, value)| answer.with_header(name, value))
    }
}

fn names<'a>(canned: impl Iterator<Item = &'a Canned>) -> String {
    let names: Vec<String> = canned.map(|one| format!("{} ({})", one.name, one.status.as_u16())).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

fn of_fixtures(operation: &Operation, fixtures: &Fixtures) -> Vec<Canned> {
    let mut canned = Vec::new();
    for example in fixtures.examples.of(&operation.id) {
        let Ok(status) = StatusCode::from_u16(example.status) else {
            continue;
        };
        canned.push(Canned {
            name: example.name.as_str().into(),
            status,
            headers: example.headers.iter().map(|(name, value)| (name.clone(), value.clone())).collect(),
            body: example.body.clone(),
            stamps: operation.response(example.status).map(stamps).unwrap_or_default(),
        });
    }
    canned
}

/// The description's own examples of a response, else a made-up one.
fn described(response: &Response) -> Vec<Canned> {
    let status = match response.status {
        StatusPattern::Exact(status) => status,
        StatusPattern::Class(class) => class * 100,
        StatusPattern::Default => 500,
    };
    let Ok(status) = StatusCode::from_u16(status) else {
        return Vec::new();
    };
    let stamps = stamps(response);
    let canned = |name: &str, body: Option<Value>| Canned {
        name: name.into(),
        status,
        headers: Vec::new(),
        body,
        stamps: Arc::clone(&stamps),
    };
    if !response.examples.is_empty() {
        return response.examples.iter().map(|one| canned(&one.name, Some(one.value.clone()))).collect();
    }
    match &response.schema {
        Some(schema) => {
            Sampler::new(schema).sample().map(|body| canned("generated", Some(body))).into_iter().collect()
        }
        None => vec![canned("default", None)],
    }
}

fn stamps(response: &Response) -> Arc<[String]> {
    let properties = response.schema.iter().flat_map(schemas::Schema::properties);
    let stamped = properties.filter(|property| {
        property.rules().is_ok_and(|rules| rules.stamp.iter().any(|stamp| stamp.at == StampMoment::Response))
    });
    stamped.map(|property| property.name).collect()
}
