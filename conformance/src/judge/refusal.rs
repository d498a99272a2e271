//! Expected refusals and successes, aspect by aspect.

use schemas::{ErrorPointers, Rejection, Standing};

use super::breach::Expect;
use crate::probe::Received;

/// An expected refusal.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    rejection: Rejection,
    floor: Standing,
    field: Option<String>,
    /// Pointer of the statement in the contract.
    pub(crate) place: String,
}

/// An aspect that is not as stated: its name, standing and what happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Deviation {
    pub(crate) class: &'static str,
    pub(crate) standing: Standing,
    pub(crate) what: String,
    /// The status, code or field that came instead.
    pub(crate) told: Option<String>,
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
    pub(crate) fn expect(&self) -> Expect {
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
        Expect { status: Some(self.rejection.status), words: words.join(" ") }
    }

    /// The first aspect of an answer that is not as stated. A server error is another law's matter, and so is an
    /// envelope that cannot be read.
    pub(crate) fn deviation(&self, answer: &Received, pointers: Option<&ErrorPointers>) -> Option<Deviation> {
        let rejection = &self.rejection;
        let exact = rejection.standing.weakest(self.floor);
        if answer.is_server_error() {
            return None;
        }
        if !(400..500).contains(&answer.status) {
            let what = format!("was accepted with {}", answer.status);
            return Some(Deviation { class: "accepted", standing: self.standing(), what, told: None });
        }
        if answer.status != rejection.status {
            let what = format!("was refused with {}, not {}", answer.status, rejection.status);
            let told = Some(answer.status.to_string());
            return Some(Deviation { class: "status", standing: exact.weakest(self.standing()), what, told });
        }
        let text = |pointer: &str| answer.at(pointer).and_then(serde_json::Value::as_str);
        let pointers = pointers?;
        let code = text(&pointers.code)?;
        if !rejection.admits_code(code) {
            let what = format!("was refused with the code {code}");
            let told = Some(code.to_owned());
            let standing = rejection.code_standing.weakest(exact);
            return Some(Deviation { class: "code", standing, what, told });
        }
        let field = self.field.as_ref().filter(|_| rejection.field)?;
        let told = text(&pointers.field);
        if told.is_some_and(|told| blames(told, field)) {
            return None;
        }
        let what = match told {
            Some(told) => format!("was refused with the field {told}, not {field}"),
            None => format!("was refused without the field {field}"),
        };
        let (standing, told) = (rejection.field_standing.weakest(exact), told.map(str::to_owned));
        Some(Deviation { class: "field", standing, what, told })
    }
}

/// `labels.0` may be told as `labels`, `labels.0`, `labels[0]` or `/labels/0`.
fn blames(told: &str, field: &str) -> bool {
    let top = |path: &str| {
        path.trim_start_matches('/').split(['.', '/', '[']).next().unwrap_or_default().to_owned()
    };
    told == field || top(told).eq_ignore_ascii_case(&top(field))
}

/// An expected success.
#[derive(Debug, Clone)]
pub(crate) struct Acceptance {
    status: Option<u16>,
    also: Vec<u16>,
    status_standing: Standing,
    floor: Standing,
    /// Pointer of the statement in the contract.
    pub(crate) place: String,
}

impl Acceptance {
    /// The success an operation states; that it answers with success at all is what the description says of it.
    pub(crate) fn of(op: &crate::atlas::Op) -> Self {
        Self {
            status: op.success_status(),
            also: Vec::new(),
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
    pub(crate) fn expect(&self) -> Expect {
        self.status.map_or_else(|| Expect::words("a success"), Expect::status)
    }

    /// The first aspect of an answer that is not as stated.
    pub(crate) fn deviation(&self, answer: &Received) -> Option<Deviation> {
        if answer.is_server_error() {
            return None;
        }
        if !answer.is_success() {
            let what = format!("was refused with {}", answer.status);
            let told = Some(answer.status.to_string());
            return Some(Deviation { class: "refused", standing: self.floor, what, told });
        }
        if self.status.is_none_or(|status| status == answer.status) || self.also.contains(&answer.status) {
            return None;
        }
        let what = format!("was answered {}", answer.status);
        let (standing, told) = (self.status_standing.weakest(self.floor), Some(answer.status.to_string()));
        Some(Deviation { class: "success-status", standing, what, told })
    }
}
