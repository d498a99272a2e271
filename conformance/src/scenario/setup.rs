//! Set-ups: what several cases build on, carried out once for all of them.
//!
//! A case names its set-ups when it is planned, and gets their results by the same values when it runs. What it costs and
//! which operations must work for it follow from them.

use super::context::CaseContext;
use super::error::CaseError;
use super::setup_cache::{Done, SetupResult};
use crate::contract::{Api, Resource};

/// What a plan knows of a set-up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SetupUse {
    /// Its name: set-ups of one name are one, and rows are named after it.
    pub(crate) name: String,
    /// Requests that it takes once for all cases, those included that delete what it creates.
    pub(crate) requests: usize,
    /// Operations that must work for it.
    pub(crate) needs: Vec<String>,
}

impl SetupUse {
    /// A set-up that creates some rows of a resource, which are deleted later, and sends nothing else.
    pub(crate) fn of_rows(api: &Api, name: String, rows: usize, resource: &Resource) -> Self {
        Self { name, requests: rows * resource.requests_per_row(), needs: api.makers(resource) }
    }
}

/// Something that several cases build on. Whoever uses it must leave what it created as it is, unless it says otherwise.
pub(crate) trait Setup {
    /// What a case gets of it.
    type Output;

    /// What a plan knows of it.
    fn describe(&self) -> SetupUse;

    /// Its result: carried out by the first case that asks, and again where a case is repeated.
    async fn get(&self, cx: &mut CaseContext) -> Result<Self::Output, CaseError>;
}

/// The set-ups of one case: none, one, or a tuple of several.
pub(crate) trait Setups {
    /// What a plan knows of each.
    fn describe_all(&self) -> Vec<SetupUse>;
}

impl Setups for () {
    fn describe_all(&self) -> Vec<SetupUse> {
        Vec::new()
    }
}

impl<S: Setup> Setups for S {
    fn describe_all(&self) -> Vec<SetupUse> {
        vec![self.describe()]
    }
}

impl<A: Setup, B: Setup> Setups for (A, B) {
    fn describe_all(&self) -> Vec<SetupUse> {
        vec![self.0.describe(), self.1.describe()]
    }
}

impl<S: Setup> Setups for Option<S> {
    fn describe_all(&self) -> Vec<SetupUse> {
        self.iter().map(Setup::describe).collect()
    }
}

impl<A: Setup, B: Setup> Setups for (A, Option<B>) {
    fn describe_all(&self) -> Vec<SetupUse> {
        std::iter::once(self.0.describe()).chain(self.1.iter().map(Setup::describe)).collect()
    }
}

impl CaseContext {
    /// Carries out what a set-up does, once for all the cases that use it, and again where a case is repeated. Its rows
    /// are named after the set-up, so that it sends the same whichever case comes first.
    pub(crate) async fn once(
        &mut self,
        setup: &SetupUse,
        work: impl AsyncFnOnce(&mut CaseContext) -> Result<SetupResult, CaseError>,
    ) -> Result<SetupResult, CaseError> {
        debug_assert!(
            self.declared.as_ref().is_none_or(|names| names.contains(&setup.name)),
            "{} uses the set-up {} without naming it",
            self.key,
            setup.name
        );
        if !self.attempt.shares() {
            return work(self).await;
        }
        let entry = self.state.setups.entry(&setup.name);
        let mut done = entry.lock().await;
        let at = self.story.steps().len();
        match &*done {
            Some(Done::Result { result, steps }) => {
                self.story.borrow_steps(steps);
                return Ok(result.clone().renumbered(0, at));
            }
            Some(Done::TooLarge) => {
                drop(done);
                return work(self).await;
            }
            Some(Done::Failed(why)) => return Err(CaseError::NotJudged(why.clone())),
            None => {}
        }
        let names = self.names.of_setup(&setup.name);
        let own = std::mem::replace(&mut self.names, names);
        // Set-ups may build on each other; a case names the outermost only.
        let declared = self.declared.take();
        let outcome = work(self).await;
        (self.names, self.declared) = (own, declared);
        match &outcome {
            Ok(result) if !result.is_light() => *done = Some(Done::TooLarge),
            Ok(result) => {
                let steps = self.story.steps()[at..].to_vec();
                *done = Some(Done::Result { result: result.clone().renumbered(at, 0), steps });
            }
            // What the target failed in may go through another time.
            Err(CaseError::NotJudged(why)) if !self.story.has_failed_since(at) => {
                *done = Some(Done::Failed(why.clone()));
            }
            Err(CaseError::NotJudged(_) | CaseError::NotYet(_) | CaseError::Send(_)) => {}
        }
        outcome
    }

    /// Waits until no other case uses a set-up that one case at a time may change; held until this case ends.
    pub(crate) async fn hold(&mut self, setup: &SetupUse) {
        if !self.holding.iter().any(|(held, _)| *held == setup.name) {
            let turn = self.state.setups.lock(&setup.name).await;
            self.holding.push((setup.name.clone(), turn));
        }
    }
}
