//! Counting what goes over the wire against what the contract states.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use schemas::{Contract, Operation, Parameter, ParameterLocation};
use serde_json::Value;

use super::lines::{
    Coverage, OperationCoverage, ParameterCoverage, SeenCoverage, SentCoverage, StatusCoverage,
};
use super::names;
use crate::findings::event::{Event, Reporter};
use crate::http::{Answer, Traffic, present};

/// Listens to a run and counts. Clones count together.
#[derive(Clone)]
pub(crate) struct Collector {
    contract: Contract,
    coverage: Rc<RefCell<Coverage>>,
    places: Rc<HashMap<String, usize>>,
}

impl Collector {
    /// Of a contract; nothing is counted yet.
    pub(crate) fn new(contract: &Contract) -> Self {
        let operations: Vec<OperationCoverage> = contract.operations().iter().map(line).collect();
        let places = operations.iter().enumerate().map(|(place, line)| (line.operation.clone(), place));
        Self {
            contract: contract.clone(),
            places: Rc::new(places.collect()),
            coverage: Rc::new(RefCell::new(Coverage { operations, elsewhere: 0 })),
        }
    }

    /// What was counted so far.
    pub(crate) fn coverage(&self) -> Coverage {
        self.coverage.borrow().clone()
    }

    fn count(&self, traffic: &Traffic) {
        let mut coverage = self.coverage.borrow_mut();
        let known = traffic.operation.as_ref().and_then(|id| {
            let place = *self.places.get(id)?;
            Some((place, self.contract.operation(id)?))
        });
        let Some((place, operation)) = known else {
            coverage.elsewhere += 1;
            return;
        };
        let line = &mut coverage.operations[place];
        line.requests += 1;
        sent(line, operation, traffic);
        if let Ok(answer) = &traffic.answer {
            seen(line, operation, answer);
        }
    }
}

impl Reporter for Collector {
    fn on(&mut self, event: &Event) {
        if let Event::Exchanged(traffic) = event {
            self.count(traffic);
        }
    }
}

/// An operation of which nothing was exercised.
fn line(operation: &Operation) -> OperationCoverage {
    let statuses = operation.responses.iter().map(|response| StatusCoverage {
        status: response.status.to_string(),
        documented: true,
        seen: 0,
    });
    let request = operation.body.iter().flat_map(|body| names::stated(&body.schema));
    let mut response: Vec<SeenCoverage> = Vec::new();
    for schema in operation.responses.iter().filter_map(|response| response.schema.as_ref()) {
        for name in names::stated(schema) {
            if !response.iter().any(|known| known.name == name) {
                response.push(SeenCoverage { name, seen: 0 });
            }
        }
    }
    OperationCoverage {
        operation: operation.id.clone(),
        requests: 0,
        statuses: statuses.collect(),
        request: request.map(|name| SentCoverage { name, valid: 0, wrong: 0 }).collect(),
        parameters: operation.parameters.iter().map(parameter).collect(),
        response,
    }
}

fn parameter(parameter: &Parameter) -> ParameterCoverage {
    ParameterCoverage {
        name: parameter.name.clone(),
        location: place(parameter.location).to_owned(),
        valid: 0,
        wrong: 0,
    }
}

fn place(location: ParameterLocation) -> &'static str {
    match location {
        ParameterLocation::Path => "path",
        ParameterLocation::Query => "query",
        ParameterLocation::Header => "header",
        ParameterLocation::Cookie => "cookie",
    }
}

/// Counts the properties and parameters of a request.
fn sent(line: &mut OperationCoverage, operation: &Operation, traffic: &Traffic) {
    let body = traffic.body.as_ref().and_then(|body| serde_json::from_str::<Value>(body).ok());
    if let (Some(body), Some(stated)) = (body.filter(Value::is_object), &operation.body) {
        let wrong: Vec<String> = if stated.schema.is_valid(&body) {
            Vec::new()
        } else {
            stated.schema.faults(&body).iter().filter_map(names::of_fault).collect()
        };
        let present = present(&body);
        for property in &mut line.request {
            if wrong.iter().any(|name| names::is_within(name, &property.name)) {
                property.wrong += 1;
            } else if present.contains(&property.name) {
                property.valid += 1;
            }
        }
    }
    for (known, stated) in line.parameters.iter_mut().zip(&operation.parameters) {
        let texts = texts(operation, stated, traffic);
        if texts.is_empty() {
            continue;
        }
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        if stated.schema.is_valid(&stated.decode(&texts)) {
            known.valid += 1;
        } else {
            known.wrong += 1;
        }
    }
}

/// The values that a request gives a parameter.
fn texts(operation: &Operation, parameter: &Parameter, traffic: &Traffic) -> Vec<String> {
    let (path, query) = traffic.url.split_once('?').unwrap_or((traffic.url.as_str(), ""));
    match parameter.location {
        ParameterLocation::Query => form_urlencoded::parse(query.as_bytes())
            .filter(|(name, _)| *name == parameter.name)
            .map(|(_, value)| value.into_owned())
            .collect(),
        ParameterLocation::Header => traffic
            .headers
            .iter()
            .filter(|(name, _)| name.eq_ignore_ascii_case(&parameter.name))
            .map(|(_, value)| value.clone())
            .collect(),
        ParameterLocation::Path => {
            // The base path comes first, so that segments are counted from the end.
            let wanted = format!("{{{}}}", parameter.name);
            let stated = operation.path.as_str().rsplit('/');
            stated
                .zip(path.rsplit('/'))
                .filter(|(stated, _)| *stated == wanted)
                .map(|(_, given)| {
                    percent_encoding::percent_decode_str(given).decode_utf8_lossy().into_owned()
                })
                .collect()
        }
        ParameterLocation::Cookie => Vec::new(),
    }
}

/// Counts the status and the properties of an answer.
fn seen(line: &mut OperationCoverage, operation: &Operation, answer: &Answer) {
    let stated = operation.response(answer.status);
    let status = stated.map_or_else(|| answer.status.to_string(), |response| response.status.to_string());
    match line.statuses.iter_mut().find(|known| known.status == status) {
        Some(known) => known.seen += 1,
        None => line.statuses.push(StatusCoverage { status, documented: stated.is_some(), seen: 1 }),
    }
    for property in &mut line.response {
        property.seen += usize::from(answer.properties.contains(&property.name));
    }
}
