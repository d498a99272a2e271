//! One request of a probe as it is remembered.

use serde_json::Value;

use crate::judge::Expect;
use crate::probe::{Call, Received};

/// One request of a probe as it is remembered.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) call: Call,
    pub(crate) status: u16,
    pub(crate) response: Value,
    pub(crate) expect: Option<Expect>,
}

impl Step {
    pub(crate) fn new(call: Call, received: &Received) -> Self {
        Self { call, status: received.status, response: received.shown(), expect: None }
    }

    /// Whether it mentions a text in its path or body.
    pub(crate) fn mentions(&self, id: &str) -> bool {
        self.call.target().contains(id)
            || self.call.bytes().is_some_and(|bytes| String::from_utf8_lossy(&bytes).contains(id))
    }
}
