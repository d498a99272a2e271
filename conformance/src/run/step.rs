//! One request of a probe as it is remembered.

use schemas::Action;
use serde_json::Value;

use crate::atlas::Atlas;
use crate::judge::Expect;
use crate::probe::{Call, Received};

/// One request of a probe as it is remembered.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) call: Call,
    pub(crate) status: u16,
    pub(crate) response: Value,
    pub(crate) expect: Option<Expect>,
    /// The property and value by which the row it made is named.
    pub(crate) made: Option<(String, String)>,
}

impl Step {
    pub(crate) fn new(atlas: &Atlas, call: Call, received: &Received) -> Self {
        let kin = call.op.as_ref().filter(|op| op.action() == Action::Create).and_then(|op| atlas.kin_of(op));
        let made = kin
            .filter(|_| received.is_success())
            .and_then(|kin| Some((kin.identity.id.clone(), kin.id_of(received.json.as_ref()?)?)));
        Self { call, status: received.status, response: received.shown(), expect: None, made }
    }

    /// Whether it mentions a text in its path or body.
    pub(crate) fn mentions(&self, id: &str) -> bool {
        self.call.target().contains(id)
            || self.call.bytes().is_some_and(|bytes| String::from_utf8_lossy(&bytes).contains(id))
    }
}
