//! What the version number should do.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::change::Change;
use super::verdict::Verdict;

/// How far a version moves. Ordered from nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Bump {
    /// Nothing moves.
    None,
    /// Words only.
    Patch,
    /// Something came that old clients do not notice.
    Minor,
    /// Something breaks old clients.
    Major,
}

impl fmt::Display for Bump {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        })
    }
}

/// What `info.version` should do, and whether it does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advice {
    /// How far it should move.
    pub bump: Bump,
    /// The version it was.
    pub base: String,
    /// The version it is.
    pub head: String,
    /// The least version it should be, where the old one can be read.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub wanted: Option<String>,
    /// Whether it is that, or beyond; unknown where a version is not of the form `1.2.3`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub followed: Option<bool>,
}

type Version = (u64, u64, u64);

/// A version of three numbers; what is behind a `-` or `+` does not count.
fn version(text: &str) -> Option<Version> {
    let plain = text.split(['-', '+']).next()?;
    let mut numbers = plain.split('.').map(|number| number.parse().ok());
    let version = (numbers.next()??, numbers.next()??, numbers.next()??);
    numbers.next().is_none().then_some(version)
}

impl Advice {
    /// What the changes ask for; `rewritten` says whether the description differs at all.
    pub(super) fn new(changes: &[Change], rewritten: bool, base: &str, head: &str) -> Self {
        let bump = match changes.iter().map(|change| change.verdict).min() {
            Some(Verdict::Breaking) => Bump::Major,
            Some(Verdict::Unclear | Verdict::Allowed) => Bump::Minor,
            None if rewritten => Bump::Patch,
            None => Bump::None,
        };
        let wanted = version(base).map(|old| moved(old, bump));
        let followed = wanted.and_then(|wanted| Some(version(head)? >= wanted));
        let text = |(major, minor, patch): Version| format!("{major}.{minor}.{patch}");
        Self { bump, base: base.to_owned(), head: head.to_owned(), wanted: wanted.map(text), followed }
    }
}

impl Advice {
    /// The advice where some changes were left out, or mean something else.
    pub(super) fn for_changes(&self, changes: &[Change]) -> Self {
        Self::new(changes, self.bump != Bump::None, &self.base, &self.head)
    }
}

/// Before 1.0.0 the second number is what the first is later.
fn moved((major, minor, patch): Version, bump: Bump) -> Version {
    match (bump, major) {
        (Bump::None, _) => (major, minor, patch),
        (Bump::Patch, _) | (Bump::Minor, 0) => (major, minor, patch + 1),
        (Bump::Minor, _) | (Bump::Major, 0) => (major, minor + 1, 0),
        (Bump::Major, _) => (major + 1, 0, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_moves_as_far_as_the_bump_says() {
        for (old, bump, new) in [
            ("1.2.3", Bump::Major, (2, 0, 0)),
            ("1.2.3", Bump::Minor, (1, 3, 0)),
            ("1.2.3", Bump::Patch, (1, 2, 4)),
            ("1.2.3", Bump::None, (1, 2, 3)),
            ("0.2.3", Bump::Major, (0, 3, 0)),
            ("0.2.3-beta.1", Bump::Minor, (0, 2, 4)),
        ] {
            assert_eq!(moved(version(old).expect("a version"), bump), new, "{old} {bump}");
        }
    }

    #[test]
    fn what_is_no_version_gets_no_number() {
        for text in ["", "1", "1.2", "v1.2.3", "1.2.3.4", "2026-01-01"] {
            assert_eq!(version(text), None, "{text}");
        }
        let advice = Advice::new(&[], true, "2026-01-01", "2026-02-01");
        assert_eq!((advice.bump, advice.wanted, advice.followed), (Bump::Patch, None, None));
    }
}
