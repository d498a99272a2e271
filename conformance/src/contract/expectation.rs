//! Expected refusals and successes.

use schemas::{Rejection, Standing};

use super::expected::Expected;
use super::operation::Operation;

/// An expected refusal.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    /// What the contract says of it.
    pub(crate) rejection: Rejection,
    /// Every aspect is at most this sure.
    pub(crate) floor: Standing,
    /// The property that the refusal must name.
    pub(crate) field: Option<String>,
    /// Pointer of the statement in the contract.
    pub(crate) place: String,
}

impl Refusal {
    pub(crate) fn new(rejection: Rejection, place: impl Into<String>) -> Self {
        Self { rejection, floor: Standing::Documented, field: None, place: place.into() }
    }

    /// The same, no surer than this.
    #[must_use]
    pub(crate) fn at_most(mut self, standing: Standing) -> Self {
        self.floor = self.floor.weakest(standing);
        self
    }

    /// The same, blaming this property.
    #[must_use]
    pub(crate) fn blaming(mut self, field: &str) -> Self {
        self.field = Some(field.to_owned());
        self
    }

    /// The same; the codes of another refusal with the same status are equally right.
    #[must_use]
    pub(crate) fn or_codes_of(mut self, other: &Self) -> Self {
        if other.rejection.status == self.rejection.status {
            self.rejection
                .also_codes
                .extend(other.rejection.code.iter().chain(&other.rejection.also_codes).cloned());
            self.rejection.code_standing =
                self.rejection.code_standing.weakest(other.rejection.code_standing);
        }
        self
    }

    /// How sure it is that the request is refused at all.
    pub(crate) fn standing(&self) -> Standing {
        self.rejection.refused.unwrap_or(self.rejection.standing).weakest(self.floor)
    }

    /// The property at the top that is to blame.
    pub(crate) fn blamed(&self) -> Option<&str> {
        self.field.as_deref().map(|field| field.split('.').next().unwrap_or(field))
    }

    /// The status.
    pub(crate) fn status(&self) -> u16 {
        self.rejection.status
    }

    /// What is expected, for people.
    pub(crate) fn expected(&self) -> Expected {
        let mut words = Vec::new();
        if let Some(code) = &self.rejection.code {
            words.push(
                std::iter::once(code)
                    .chain(&self.rejection.also_codes)
                    .cloned()
                    .collect::<Vec<_>>()
                    .join(" or "),
            );
        }
        if let (true, Some(field)) = (self.rejection.field, &self.field) {
            words.push(format!("(field {field})"));
        }
        Expected { status: Some(self.rejection.status), words: words.join(" ") }
    }
}

/// An expected success.
#[derive(Debug, Clone)]
pub(crate) struct Acceptance {
    /// The stated status; any success where there is none.
    pub(crate) status: Option<u16>,
    /// Statuses that are as good.
    pub(crate) also: Vec<u16>,
    /// How sure the status is.
    pub(crate) status_standing: Standing,
    /// Every aspect is at most this sure.
    pub(crate) floor: Standing,
    /// Pointer of the statement in the contract.
    pub(crate) place: String,
}

impl Acceptance {
    /// The success an operation states; that it answers with success at all is what the description says of it.
    pub(crate) fn of(op: &Operation) -> Self {
        let redirects = || op.redirects();
        Self {
            // Where no success is stated, what leads elsewhere is one.
            status: op.success().map_or_else(|| redirects().next(), |_| op.success_status()),
            also: redirects().collect(),
            status_standing: op.success_standing(),
            floor: Standing::Documented,
            place: op.success().map_or_else(|| op.pointer.clone(), |_| format!("{}/responses", op.pointer)),
        }
    }

    /// The same, no surer than this.
    #[must_use]
    pub(crate) fn at_most(mut self, standing: Standing) -> Self {
        self.floor = self.floor.weakest(standing);
        self
    }

    /// The same, at another place of the contract.
    #[must_use]
    pub(crate) fn at(mut self, place: impl Into<String>) -> Self {
        self.place = place.into();
        self
    }

    /// The same, with other statuses that are equally right.
    #[must_use]
    pub(crate) fn or(mut self, also: &[u16]) -> Self {
        self.also.extend_from_slice(also);
        self
    }

    /// What is expected, for people.
    pub(crate) fn expected(&self) -> Expected {
        self.status.map_or_else(|| Expected::words("a success"), Expected::status)
    }
}
