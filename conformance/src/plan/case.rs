//! One law on one operation in one variant, ready to be tried.

use std::fmt;
use std::rc::Rc;

use futures_util::future::LocalBoxFuture;
use schemas::Standing;

use crate::atlas::Op;
use crate::law::Law;
use crate::run::{Outcome, Scene};

/// When a case has its turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Phase {
    /// Does the operation work at all? Others build on it.
    Basics,
    /// Everything that is laid down in the contract.
    Laws,
    /// Generated requests, with what budget is left.
    Generated,
}

/// What a case cannot do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wants {
    /// Nothing special.
    Nothing,
    /// A key of another workspace.
    OtherKey,
    /// A revoked key.
    RevokedKey,
}

/// What exercises a law once.
pub(crate) trait Probe {
    /// Exercises it.
    fn run<'a>(&'a self, scene: &'a mut Scene) -> LocalBoxFuture<'a, Outcome>;
}

impl<F: AsyncFn(&mut Scene) -> Outcome> Probe for F {
    fn run<'a>(&'a self, scene: &'a mut Scene) -> LocalBoxFuture<'a, Outcome> {
        Box::pin(self(scene))
    }
}

/// One law on one operation in one variant.
#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) law: &'static Law,
    pub(crate) op: Op,
    /// Tells the cases of one law and operation apart; empty for a single one.
    pub(crate) variant: String,
    /// How sure the statement is.
    pub(crate) standing: Standing,
    /// Pointer of the statement in the contract.
    pub(crate) place: String,
    /// Requests it takes by itself, about; taking away what it makes included.
    pub(crate) cost: usize,
    /// What it looks at that others look at too, and the requests that takes once for all of them.
    pub(crate) acts: Vec<(String, usize)>,
    pub(crate) phase: Phase,
    pub(crate) wants: Wants,
    /// Operations that must work for it.
    pub(crate) needs: Vec<String>,
    /// It walks over rows that others make meanwhile: no other case runs beside it.
    pub(crate) alone: bool,
    probe: Rc<dyn Probe>,
}

impl Case {
    /// A case of a law on an operation: documented, at the operation's place, for one request.
    pub(crate) fn new(
        law: &'static Law,
        op: &Op,
        probe: impl AsyncFn(&mut Scene) -> Outcome + 'static,
    ) -> Self {
        Self {
            law,
            op: op.clone(),
            variant: String::new(),
            standing: Standing::Documented,
            place: op.pointer.clone(),
            cost: 1,
            acts: Vec::new(),
            phase: Phase::Laws,
            wants: Wants::Nothing,
            needs: Vec::new(),
            alone: false,
            probe: Rc::new(probe),
        }
    }

    #[must_use]
    pub(crate) fn variant(mut self, variant: impl Into<String>) -> Self {
        self.variant = variant.into();
        self
    }

    #[must_use]
    pub(crate) fn standing(mut self, standing: Standing) -> Self {
        self.standing = standing;
        self
    }

    #[must_use]
    pub(crate) fn place(mut self, place: impl Into<String>) -> Self {
        self.place = place.into();
        self
    }

    #[must_use]
    pub(crate) fn cost(mut self, cost: usize) -> Self {
        self.cost = cost;
        self
    }

    /// It looks at an act that others look at too, and that takes some requests once.
    #[must_use]
    pub(crate) fn sees(mut self, act: impl Into<String>, cost: usize) -> Self {
        self.acts.push((act.into(), cost));
        self
    }

    /// Requests it takes, about, where some acts have been done.
    pub(crate) fn cost_after(&self, done: impl Fn(&str) -> bool) -> usize {
        self.cost + self.acts.iter().filter(|(act, _)| !done(act)).map(|(_, cost)| cost).sum::<usize>()
    }

    #[must_use]
    pub(crate) fn phase(mut self, phase: Phase) -> Self {
        self.phase = phase;
        self
    }

    #[must_use]
    pub(crate) fn wants(mut self, wants: Wants) -> Self {
        self.wants = wants;
        self
    }

    #[must_use]
    pub(crate) fn alone(mut self) -> Self {
        self.alone = true;
        self
    }

    #[must_use]
    pub(crate) fn needs(mut self, needs: impl IntoIterator<Item = String>) -> Self {
        self.needs.extend(needs);
        self
    }

    /// The name that stands for it in files and seeds: `law/operation/variant`.
    pub(crate) fn key(&self) -> String {
        let mut key = format!("{}/{}", self.law.id, self.op.id);
        if !self.variant.is_empty() {
            key.push('/');
            key.push_str(&self.variant);
        }
        key
    }

    pub(crate) fn probe(&self) -> &dyn Probe {
        self.probe.as_ref()
    }
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.key())
    }
}
