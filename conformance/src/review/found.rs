//! A change as it is found, before it is reported.

use schemas::Standing;
use serde_json::Value;

use super::rule::Rule;
use super::verdict::Verdict;

/// A change as a rule finds it: where it stands is relative to what is compared.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) rule: &'static Rule,
    /// The path below what is compared, then the keyword where there is one.
    pub(super) subject: String,
    pub(super) before: Option<Value>,
    pub(super) after: Option<Value>,
    /// Where it stands in each description, as a pointer.
    pub(super) base: Option<String>,
    pub(super) head: Option<String>,
    /// How sure the statement was that changed.
    pub(super) standing: Standing,
    /// A verdict that was proven for this change, and why.
    pub(super) decided: Option<(Verdict, String)>,
}

impl Found {
    /// A change of a documented statement of which nothing more is known yet.
    pub(super) fn new(rule: &'static Rule, subject: impl Into<String>) -> Self {
        Self {
            rule,
            subject: subject.into(),
            before: None,
            after: None,
            base: None,
            head: None,
            standing: Standing::Documented,
            decided: None,
        }
    }

    /// What it was and what it is.
    pub(super) fn values(mut self, before: Option<Value>, after: Option<Value>) -> Self {
        self.before = before;
        self.after = after;
        self
    }

    /// Where it stood.
    pub(super) fn was_at(mut self, pointer: impl Into<String>) -> Self {
        self.base = Some(pointer.into());
        self
    }

    /// Where it stands.
    pub(super) fn now_at(mut self, pointer: impl Into<String>) -> Self {
        self.head = Some(pointer.into());
        self
    }

    /// How sure the statement was.
    pub(super) fn standing(mut self, standing: Standing) -> Self {
        self.standing = standing;
        self
    }
}

/// What was found about a schema, described from what holds it.
pub(super) fn below(subject: &str, found: Vec<Found>) -> impl Iterator<Item = Found> {
    found.into_iter().map(move |mut found| {
        let own = std::mem::take(&mut found.subject);
        found.subject = if own.is_empty() { subject.to_owned() } else { format!("{subject} {own}") };
        found
    })
}
