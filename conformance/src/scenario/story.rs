//! What a case did and what it found, step by step.

use super::step::Step;
use crate::contract::Expected;
use crate::judge::Breach;

/// What a case did and what it found, step by step.
#[derive(Debug, Default)]
pub(crate) struct Story {
    steps: Vec<Step>,
    breaches: Vec<Breach>,
    judged: Vec<(&'static str, String)>,
    borrowed: usize,
    passing: Vec<(usize, &'static str)>,
    open: Option<String>,
}

/// A story that has come to its end.
#[derive(Debug, Default)]
pub(crate) struct Told {
    pub(crate) steps: Vec<Step>,
    pub(crate) breaches: Vec<Breach>,
    /// The laws on every answer that were judged, with the operation.
    pub(crate) judged: Vec<(&'static str, String)>,
    /// Steps that another case sent.
    pub(crate) borrowed: usize,
    /// Steps that were answered only when they were tried again, with what had happened.
    pub(crate) passing: Vec<(usize, &'static str)>,
    /// Why it shows nothing for sure.
    pub(crate) open: Option<String>,
}

/// How far a story has come: what is found later can be taken out of it again.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark(usize);

impl Story {
    /// Every request so far with its response.
    pub(crate) fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Everything that is wrong so far.
    pub(crate) fn breaches(&self) -> &[Breach] {
        &self.breaches
    }

    /// The index of the last step; 0 where there is none.
    pub(crate) fn last_step(&self) -> usize {
        self.steps.len().saturating_sub(1)
    }

    /// Adds a step of this case and returns its index.
    pub(crate) fn add_step(&mut self, step: Step) -> usize {
        self.steps.push(step);
        self.steps.len() - 1
    }

    /// Adds steps that another case sent.
    pub(crate) fn borrow_steps(&mut self, steps: &[Step]) {
        self.borrowed += steps.len();
        self.steps.extend_from_slice(steps);
    }

    /// Adds what is wrong.
    pub(crate) fn add_breach(&mut self, breach: Breach) -> &mut Breach {
        if let Some(step) = self.steps.get_mut(breach.step) {
            step.expected = Some(breach.expected.clone());
        }
        self.breaches.push(breach);
        let last = self.breaches.len() - 1;
        &mut self.breaches[last]
    }

    /// Adds what laws on every answer found; their expectations are not the step's.
    pub(crate) fn add_breaches(&mut self, breaches: impl IntoIterator<Item = Breach>) {
        self.breaches.extend(breaches);
    }

    /// Notes that a step was answered only when it was tried again.
    pub(crate) fn add_passing(&mut self, step: usize, what: &'static str) {
        self.passing.push((step, what));
    }

    /// Notes that a law was judged on an operation.
    pub(crate) fn add_judged(&mut self, law: &'static str, operation: &str) {
        if !self.judged.iter().any(|(known, on)| *known == law && on == operation) {
            self.judged.push((law, operation.to_owned()));
        }
    }

    /// Whether something was left open.
    pub(crate) fn is_left_open(&self) -> bool {
        self.open.is_some()
    }

    /// Notes why what was answered shows nothing for sure.
    pub(crate) fn leave_open(&mut self, why: &str) {
        self.open.get_or_insert_with(|| why.to_owned());
    }

    /// Notes what a step should have been answered, unless that is noted already.
    pub(crate) fn expect(&mut self, step: usize, expected: Expected) {
        if let Some(step) = self.steps.get_mut(step) {
            step.expected.get_or_insert(expected);
        }
    }

    /// Whether the target failed in one of the steps from one on.
    pub(crate) fn has_failed_since(&self, step: usize) -> bool {
        self.steps.iter().skip(step).any(|step| step.status >= 500)
    }

    /// How far it has come.
    pub(crate) fn mark(&self) -> Mark {
        Mark(self.breaches.len())
    }

    /// Takes out what was found since a mark.
    pub(crate) fn take_since(&mut self, mark: Mark) -> Vec<Breach> {
        self.breaches.split_off(mark.0)
    }

    /// Whether nothing was found since a mark.
    pub(crate) fn is_clean_since(&self, mark: Mark) -> bool {
        self.breaches.len() == mark.0
    }

    /// Takes the steps and breaches out: what follows begins a new story.
    pub(crate) fn take(&mut self) -> (Vec<Step>, Vec<Breach>) {
        (std::mem::take(&mut self.steps), std::mem::take(&mut self.breaches))
    }

    /// Replaces the steps and breaches.
    pub(crate) fn replace(&mut self, steps: Vec<Step>, breaches: Vec<Breach>) {
        (self.steps, self.breaches) = (steps, breaches);
    }

    /// All of it, at the end.
    pub(crate) fn into_told(self) -> Told {
        let Self { steps, breaches, judged, borrowed, passing, open } = self;
        Told { steps, breaches, judged, borrowed, passing, open }
    }
}
