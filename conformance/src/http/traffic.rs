//! One request and its answer, as listeners receive them.

use std::collections::BTreeSet;
use std::time::{Duration, SystemTime};

/// One request and its answer. Secrets are replaced by placeholders before any listener receives it.
#[derive(Debug, Clone)]
pub struct Traffic {
    /// Its place among all requests of the run, from 1, in the order in which they were begun.
    pub number: usize,
    /// The operation that was called; `None` where the contract has none of that method and path.
    pub operation: Option<String>,
    /// Who called, where it was not the key under test.
    pub caller: Option<&'static str>,
    /// The method.
    pub method: String,
    /// The whole URL.
    pub url: String,
    /// The headers that were set, in order.
    pub headers: Vec<(String, String)>,
    /// The body, if one was sent.
    pub body: Option<String>,
    /// When it was sent.
    pub begun: SystemTime,
    /// How long it took, the whole answer read.
    pub took: Duration,
    /// The answer, or why there is none.
    pub answer: Result<Answer, String>,
}

/// An answer, as listeners receive it.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers, in order.
    pub headers: Vec<(String, String)>,
    /// The body, of a long one the beginning; what is no UTF-8 is replaced.
    pub body: String,
    /// Whether `body` is all of it.
    pub whole: bool,
    /// The names of the properties of a JSON body: nested ones are joined by dots, `[]` stands for the items of an array.
    pub properties: BTreeSet<String>,
    /// How many bytes came.
    pub size: usize,
    /// How long its head took to come.
    pub waited: Duration,
}

impl Answer {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}
