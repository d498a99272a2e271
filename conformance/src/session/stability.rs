//! How steadily a target answers.

use std::cell::Cell;

use crate::http::Connection;

/// Connections that the target may close while a request is on its way, before each request gets one of its own.
const MOST_RESETS: usize = 3;

/// How steadily a target answers.
#[derive(Debug, Default)]
pub(crate) struct Stability {
    /// Kept connections that broke.
    resets: Cell<usize>,
    /// Server errors and requests without an answer, whether they came again or not.
    failures: Cell<usize>,
}

impl Stability {
    /// Which connection a request gets. A target may close a kept one at any time; who does so often has none kept.
    pub(super) fn connection(&self) -> Connection {
        if self.resets.get() < MOST_RESETS { Connection::Kept } else { Connection::Fresh }
    }

    /// Notes that a kept connection broke.
    pub(super) fn note_reset(&self) {
        self.resets.set(self.resets.get() + 1);
    }

    /// Notes a server error, or a request without an answer.
    pub(super) fn note_failure(&self) {
        self.failures.set(self.failures.get() + 1);
    }

    /// Server errors and requests without an answer, whether they came again or not.
    pub(crate) fn failures(&self) -> usize {
        self.failures.get()
    }
}
