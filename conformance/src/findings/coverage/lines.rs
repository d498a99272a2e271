//! Coverage as a report holds it.

use serde::{Deserialize, Serialize};

/// What of the contract a run exercised.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// Every operation, in the order of the contract.
    pub operations: Vec<OperationCoverage>,
    /// Requests to no operation of the contract: unknown paths and methods.
    pub elsewhere: usize,
}

/// What of an operation was exercised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperationCoverage {
    /// The operation.
    pub operation: String,
    /// Requests to it.
    pub requests: usize,
    /// The statuses that it states, then those that it answered without stating them.
    pub statuses: Vec<StatusCoverage>,
    /// The properties of its request body; nested names are joined by dots, `[]` stands for the items of an array.
    pub request: Vec<SentCoverage>,
    /// Its parameters.
    pub parameters: Vec<ParameterCoverage>,
    /// The properties of its answers, all statuses together.
    pub response: Vec<SeenCoverage>,
}

/// A status and how often it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusCoverage {
    /// `200`, `4XX` or `default`.
    pub status: String,
    /// The contract states it for this operation.
    pub documented: bool,
    /// Answers with it.
    pub seen: usize,
}

/// A property of a request body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentCoverage {
    /// Its name.
    pub name: String,
    /// Requests with a value that its schema admits.
    pub valid: usize,
    /// Requests with a value that its schema refuses, or without one where it is required.
    pub wrong: usize,
}

/// A parameter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParameterCoverage {
    /// Its name.
    pub name: String,
    /// `path`, `query`, `header` or `cookie`.
    #[serde(rename = "in")]
    pub location: String,
    /// Requests with a value that its schema admits.
    pub valid: usize,
    /// Requests with a value that its schema refuses.
    pub wrong: usize,
}

/// A property of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenCoverage {
    /// Its name.
    pub name: String,
    /// Answers that had it.
    pub seen: usize,
}

impl Coverage {
    /// Adds what another run of the same contract exercised.
    pub(crate) fn join(&mut self, other: Self) {
        self.elsewhere += other.elsewhere;
        for theirs in other.operations {
            match self.operations.iter_mut().find(|ours| ours.operation == theirs.operation) {
                Some(ours) => ours.join(theirs),
                None => self.operations.push(theirs),
            }
        }
    }
}

impl OperationCoverage {
    fn join(&mut self, other: Self) {
        self.requests += other.requests;
        join(
            &mut self.statuses,
            other.statuses,
            |one| one.status.clone(),
            |ours, theirs| {
                ours.seen += theirs.seen;
            },
        );
        join(
            &mut self.request,
            other.request,
            |one| one.name.clone(),
            |ours, theirs| {
                ours.valid += theirs.valid;
                ours.wrong += theirs.wrong;
            },
        );
        let key = |one: &ParameterCoverage| format!("{} {}", one.location, one.name);
        join(&mut self.parameters, other.parameters, key, |ours, theirs| {
            ours.valid += theirs.valid;
            ours.wrong += theirs.wrong;
        });
        join(
            &mut self.response,
            other.response,
            |one| one.name.clone(),
            |ours, theirs| {
                ours.seen += theirs.seen;
            },
        );
    }
}

fn join<T>(ours: &mut Vec<T>, theirs: Vec<T>, key: impl Fn(&T) -> String, add: impl Fn(&mut T, &T)) {
    for one in theirs {
        match ours.iter_mut().find(|known| key(known) == key(&one)) {
            Some(known) => add(known, &one),
            None => ours.push(one),
        }
    }
}
