//! Coverage in numbers.

use std::fmt;

use serde::Serialize;

use super::lines::Coverage;

/// How many of how many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Figure {
    /// Exercised.
    pub met: usize,
    /// Stated by the contract.
    pub of: usize,
}

impl Figure {
    fn count(&mut self, met: bool) {
        self.met += usize::from(met);
        self.of += 1;
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}", self.met, self.of)
    }
}

/// Coverage in numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Figures {
    /// Operations that were called.
    pub operations: Figure,
    /// Stated statuses that were answered.
    pub statuses: Figure,
    /// Properties of request bodies that were sent with a valid value.
    pub sent_valid: Figure,
    /// Properties of request bodies that were sent with a wrong value.
    pub sent_wrong: Figure,
    /// Parameters that were sent.
    pub parameters: Figure,
    /// Properties of answers that were seen.
    pub response: Figure,
}

impl Coverage {
    /// Coverage in numbers, the whole contract together.
    pub fn figures(&self) -> Figures {
        let mut figures = Figures::default();
        for line in &self.operations {
            figures.operations.count(line.requests > 0);
            for status in line.statuses.iter().filter(|status| status.documented) {
                figures.statuses.count(status.seen > 0);
            }
            for property in &line.request {
                figures.sent_valid.count(property.valid > 0);
                figures.sent_wrong.count(property.wrong > 0);
            }
            for parameter in &line.parameters {
                figures.parameters.count(parameter.valid + parameter.wrong > 0);
            }
            for property in &line.response {
                figures.response.count(property.seen > 0);
            }
        }
        figures
    }
}
