//! A change as it is reported.

use std::collections::HashSet;

use schemas::{Document, Standing};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::found::Found;
use super::owner::Owner;
use super::verdict::{Hurts, Verdict};
use super::{fingerprint, rules};

/// One of the two sides of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Seen {
    /// As it was.
    Base,
    /// As it is.
    Head,
}

impl Seen {
    /// The word of reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Base => "base",
            Self::Head => "head",
        }
    }
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// What it is known by, in every commit.
    pub fingerprint: String,
    /// The id of its rule.
    pub rule: String,
    /// What it means to a client.
    pub verdict: Verdict,
    /// Who feels it.
    pub hurts: Hurts,
    /// How sure the statement was that changed.
    pub standing: Standing,
    /// The operation, by its id as it was; none where it is about the whole API.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub operation: Option<String>,
    /// Method and path of the operation; of a call that the API makes, what it is called.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub call: Option<String>,
    /// The tags of the operation.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub tags: Vec<String>,
    /// What changed within it.
    pub subject: String,
    /// What it was.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub before: Option<Value>,
    /// What it is.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub after: Option<Value>,
    /// Where it is best seen: file, line and column.
    pub place: String,
    /// The side of that place.
    pub side: Seen,
    /// What happened, half a sentence.
    pub says: String,
    /// Why it means that.
    pub why: String,
    /// Why it is accepted, where it is.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub accepted: Option<String>,
}

impl Change {
    /// Whether it counts against the comparison.
    pub fn counts(&self, verdict: Verdict) -> bool {
        self.verdict == verdict && self.accepted.is_none()
    }

    /// A change as it was found, described from its operation.
    pub(super) fn new(found: Found, owner: Option<&Owner>, place: String, side: Seen) -> Self {
        let operation = owner.map(|owner| owner.id.as_str());
        let Found { rule, subject, before, after, standing, decided, .. } = found;
        let (proven, why) = decided.unwrap_or_else(|| (rule.verdict, rule.why.to_owned()));
        let (verdict, why) = weighed(proven, why, standing);
        Self {
            fingerprint: fingerprint::of(rule.id, operation, &subject, before.as_ref(), after.as_ref()),
            rule: rule.id.to_owned(),
            verdict,
            hurts: rule.hurts,
            standing,
            operation: operation.map(str::to_owned),
            call: owner.map(|owner| owner.call.clone()),
            tags: owner.map(|owner| owner.tags.clone()).unwrap_or_default(),
            subject,
            before,
            after,
            place,
            side,
            says: rule.says.to_owned(),
            why,
            accepted: None,
        }
    }

    /// Its rule.
    pub fn of_rule(&self) -> Option<&'static super::rule::Rule> {
        rules::find(&self.rule)
    }
}

/// What a verdict comes to where the statement was not documented.
fn weighed(verdict: Verdict, why: String, standing: Standing) -> (Verdict, String) {
    match (standing, verdict) {
        (Standing::Documented, _) | (_, Verdict::Allowed) => (verdict, why),
        (Standing::Inferred, _) => (
            Verdict::Unclear,
            format!(
                "{why} Yet the statement was only inferred: whether clients rely on it has to be looked at."
            ),
        ),
        (Standing::Assumed, _) => {
            (Verdict::Allowed, format!("{why} Yet the statement was only assumed: nobody was promised it."))
        }
    }
}

/// The side on which something found is best seen: what is gone where it was, all else where it is.
pub(super) fn seen(found: &Found) -> Seen {
    let is_gone = found.before.is_some() && found.after.is_none();
    if found.head.is_none() || is_gone && found.base.is_some() { Seen::Base } else { Seen::Head }
}

/// What was found in two descriptions, as it is reported.
pub(super) fn told(base: &Document, head: &Document, found: Vec<(Option<Owner>, Found)>) -> Vec<Change> {
    let mut known = HashSet::new();
    let changes = found.into_iter().map(|(owner, found)| {
        let side = seen(&found);
        let place = match side {
            Seen::Base => base.locate(found.base.as_deref().unwrap_or_default()),
            Seen::Head => head.locate(found.head.as_deref().unwrap_or_default()),
        };
        Change::new(found, owner.as_ref(), place.to_string(), side)
    });
    changes.filter(|change| known.insert(change.fingerprint.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_promised_does_not_break() {
        let verdict = |verdict, standing| weighed(verdict, String::new(), standing).0;
        assert_eq!(verdict(Verdict::Breaking, Standing::Documented), Verdict::Breaking);
        assert_eq!(verdict(Verdict::Breaking, Standing::Inferred), Verdict::Unclear);
        assert_eq!(verdict(Verdict::Breaking, Standing::Assumed), Verdict::Allowed);
        assert_eq!(verdict(Verdict::Unclear, Standing::Assumed), Verdict::Allowed);
        assert_eq!(verdict(Verdict::Allowed, Standing::Inferred), Verdict::Allowed);
    }
}
