//! One law on one operation in one variant, ready to be tried.

use std::fmt;
use std::rc::Rc;

use futures_util::future::LocalBoxFuture;
use schemas::Standing;

use super::law::Law;
use crate::contract::{Operation, Resource};
use crate::scenario::{CaseContext, CaseError, CaseResult, SetupUse, Setups};

/// When a case has its turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Phase {
    /// Does the operation work at all? Others build on it.
    Basics,
    /// Everything that the contract states.
    Laws,
    /// Generated requests, with what budget is left.
    Generated,
}

/// A key that a case needs besides the key under test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ExtraKey {
    /// None.
    Nothing,
    /// A key of another workspace.
    OtherKey,
    /// A revoked key.
    RevokedKey,
}

/// What a case does.
trait Run {
    fn run<'a>(&'a self, cx: &'a mut CaseContext) -> LocalBoxFuture<'a, CaseResult>;
}

impl<F: AsyncFn(&mut CaseContext) -> CaseResult> Run for F {
    fn run<'a>(&'a self, cx: &'a mut CaseContext) -> LocalBoxFuture<'a, CaseResult> {
        Box::pin(self(cx))
    }
}

/// A case that uses set-ups.
struct Given<S, F> {
    setups: S,
    run: F,
}

impl<S, F: AsyncFn(&mut CaseContext, &S) -> CaseResult> Run for Given<S, F> {
    fn run<'a>(&'a self, cx: &'a mut CaseContext) -> LocalBoxFuture<'a, CaseResult> {
        Box::pin((self.run)(cx, &self.setups))
    }
}

/// One law on one operation in one variant.
#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) law: &'static Law,
    pub(crate) op: Operation,
    /// Distinguishes the cases of one law and operation; empty for a single one.
    pub(crate) variant: String,
    /// The property that it is about, where each has code of its own in an implementation.
    pub(crate) property: Option<String>,
    /// How sure the statement is.
    pub(crate) standing: Standing,
    /// Pointer of the statement in the contract.
    pub(crate) place: String,
    /// Requests it sends by itself, about; those included that delete what it creates.
    pub(crate) cost: usize,
    /// The set-ups it uses.
    pub(crate) setups: Vec<SetupUse>,
    pub(crate) phase: Phase,
    pub(crate) extra_key: ExtraKey,
    /// Operations that must work for it.
    pub(crate) needs: Vec<String>,
    /// It walks over rows that others create meanwhile: no other case runs beside it.
    pub(crate) alone: bool,
    /// Why it cannot be tried, where that is known beforehand: it stands for an operation that is not called.
    pub(crate) unable: Option<String>,
    run: Rc<dyn Run>,
}

impl Case {
    /// A case of a law on an operation: documented, at the operation's place in the contract, of one request.
    pub(crate) fn new(
        law: &'static Law,
        op: &Operation,
        run: impl AsyncFn(&mut CaseContext) -> CaseResult + 'static,
    ) -> Self {
        Self::with(law, op, Vec::new(), Rc::new(run))
    }

    /// The same of a case that uses set-ups: it gets them by the values it names here. What it costs and what must work
    /// for it follow from them.
    pub(crate) fn given<S: Setups + 'static>(
        law: &'static Law,
        op: &Operation,
        setups: S,
        run: impl AsyncFn(&mut CaseContext, &S) -> CaseResult + 'static,
    ) -> Self {
        let uses = setups.describe_all();
        Self::with(law, op, uses, Rc::new(Given { setups, run }))
    }

    fn with(law: &'static Law, op: &Operation, setups: Vec<SetupUse>, run: Rc<dyn Run>) -> Self {
        let mut needs: Vec<String> = Vec::new();
        for need in setups.iter().flat_map(|setup| &setup.needs) {
            if !needs.contains(need) {
                needs.push(need.clone());
            }
        }
        Self {
            law,
            op: op.clone(),
            variant: String::new(),
            property: None,
            standing: Standing::Documented,
            place: op.pointer.clone(),
            cost: 1,
            setups,
            phase: Phase::Laws,
            extra_key: ExtraKey::Nothing,
            needs,
            alone: false,
            unable: None,
            run,
        }
    }

    #[must_use]
    pub(crate) fn variant(mut self, variant: impl Into<String>) -> Self {
        self.variant = variant.into();
        self
    }

    #[must_use]
    pub(crate) fn about(mut self, property: impl Into<String>) -> Self {
        self.property = Some(property.into());
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

    /// How many requests it sends by itself, where it is not one. Rows that it creates are counted by
    /// [`creates`](Self::creates).
    #[must_use]
    pub(crate) fn sends(mut self, requests: usize) -> Self {
        self.cost = requests;
        self
    }

    /// How many rows of a resource it creates by itself, as so many of its requests: each is deleted again.
    #[must_use]
    pub(crate) fn creates(mut self, rows: usize, resource: &Resource) -> Self {
        self.cost += rows * (resource.requests_per_row() - 1);
        self
    }

    #[must_use]
    pub(crate) fn phase(mut self, phase: Phase) -> Self {
        self.phase = phase;
        self
    }

    #[must_use]
    pub(crate) fn extra_key(mut self, key: ExtraKey) -> Self {
        self.extra_key = key;
        self
    }

    /// A case that is never tried, for an operation that is not called.
    pub(crate) fn unable(law: &'static Law, op: &Operation, why: String) -> Self {
        let reason = why.clone();
        let run = async move |_: &mut CaseContext| Err(CaseError::NotJudged(reason.clone()));
        Self { unable: Some(why), ..Self::new(law, op, run).sends(0).phase(Phase::Basics) }
    }

    /// No other case runs beside it.
    #[must_use]
    pub(crate) fn alone(mut self) -> Self {
        self.alone = true;
        self
    }

    /// Operations that must work for it, besides those that its set-ups need.
    #[must_use]
    pub(crate) fn needs(mut self, needs: impl IntoIterator<Item = String>) -> Self {
        for need in needs {
            if !self.needs.contains(&need) {
                self.needs.push(need);
            }
        }
        self
    }

    /// Requests it takes, about, where some set-ups have been carried out.
    pub(crate) fn cost_after(&self, done: impl Fn(&str) -> bool) -> usize {
        let setups = self.setups.iter().filter(|setup| !done(&setup.name)).map(|setup| setup.requests);
        self.cost + setups.sum::<usize>()
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

    /// The names of its set-ups.
    pub(crate) fn setup_names(&self) -> Vec<String> {
        self.setups.iter().map(|setup| setup.name.clone()).collect()
    }

    /// Tries it once; what it finds is in the context's story.
    pub(crate) async fn run(&self, cx: &mut CaseContext) -> CaseResult {
        self.run.run(cx).await
    }
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.key())
    }
}
