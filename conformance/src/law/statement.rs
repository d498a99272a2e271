//! What a law is.

use std::fmt;

use schemas::Standing;

use crate::atlas::Atlas;
use crate::plan::Case;

/// What laws are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Family {
    Auth,
    Input,
    Conflict,
    Shape,
    State,
    Pages,
    Idempotency,
    Rate,
    Route,
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Auth => "auth",
            Self::Input => "input",
            Self::Conflict => "conflict",
            Self::Shape => "shape",
            Self::State => "state",
            Self::Pages => "pages",
            Self::Idempotency => "idempotency",
            Self::Rate => "rate",
            Self::Route => "route",
        })
    }
}

/// How a law is tried.
#[derive(Clone, Copy)]
pub(crate) enum Tried {
    /// By probes of its own.
    Probes(fn(&'static Law, &Atlas, u64) -> Vec<Case>),
    /// On every answer there is; where in the contract it is stated, and how sure it is, if at all.
    Always(fn(&Atlas) -> Option<(Standing, String)>),
}

/// One checkable statement.
pub(crate) struct Law {
    /// Its stable name.
    pub(crate) id: &'static str,
    pub(crate) family: Family,
    /// What it says.
    pub(crate) says: &'static str,
    /// Why it matters and how it is tried.
    pub(crate) why: &'static str,
    pub(crate) tried: Tried,
    /// One operation's answer tells most about the others': further operations can wait.
    pub(crate) alike: bool,
}

impl Law {
    /// The same, where one operation's answer tells most about the others'.
    pub(crate) const fn alike(mut self) -> Self {
        self.alike = true;
        self
    }

    /// Every case of it on a contract; none for a law that is tried on every answer.
    pub(crate) fn cases(&'static self, atlas: &Atlas, seed: u64) -> Vec<Case> {
        match self.tried {
            Tried::Probes(plan) => plan(self, atlas, seed),
            Tried::Always(_) => Vec::new(),
        }
    }
}

impl Law {
    /// Whether it is tried on every answer and the contract states it.
    pub(crate) fn stated(&self, atlas: &Atlas) -> bool {
        match self.tried {
            Tried::Probes(_) => false,
            Tried::Always(stated) => stated(atlas).is_some(),
        }
    }
}

impl fmt::Debug for Law {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id)
    }
}

/// A law with probes.
pub(crate) const fn probed(
    id: &'static str,
    family: Family,
    says: &'static str,
    why: &'static str,
    plan: fn(&'static Law, &Atlas, u64) -> Vec<Case>,
) -> Law {
    Law { id, family, says, why, tried: Tried::Probes(plan), alike: false }
}

/// A law that every answer is held to.
pub(crate) const fn always(
    id: &'static str,
    family: Family,
    says: &'static str,
    why: &'static str,
    stated: fn(&Atlas) -> Option<(Standing, String)>,
) -> Law {
    Law { id, family, says, why, tried: Tried::Always(stated), alike: false }
}
