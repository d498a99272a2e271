//! A case that was tried.

use std::rc::Rc;

use crate::contract::Aspect;
use crate::findings::NotJudged;
use crate::judge::Breach;
use crate::law::by_id;
use crate::scenario::{CaseError, Step};
use crate::session::{Lost, SendError};

/// A case that was tried, or why it was not.
#[derive(Debug, Default)]
pub(super) struct AttemptedCase {
    pub(super) breaches: Vec<Breach>,
    pub(super) steps: Rc<Vec<Step>>,
    /// Requests that it sent itself.
    pub(super) requests: usize,
    /// The steps that created the shared rows which the case names.
    pub(super) before: Vec<Step>,
    /// Laws on every answer that it was held to, with the operation.
    pub(super) judged: Vec<(&'static str, String)>,
    /// Why it ended early.
    pub(super) error: Option<CaseError>,
    /// What it was lost to before it began.
    pub(super) lost: Option<Lost>,
    /// Requests of the run when it ended.
    pub(super) sent: usize,
    /// Steps that another case sent.
    pub(super) borrowed: usize,
    /// Steps that were answered only when they were tried again, with what had happened.
    pub(super) passing: Vec<(usize, &'static str)>,
    /// Why it shows nothing for sure although it came to its end.
    pub(super) open: Option<String>,
}

/// How the target failed in a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failure {
    pub(super) operation: String,
    /// What happened, in words that are the same each time.
    pub(super) what: String,
    /// The step.
    pub(super) step: usize,
    /// Whether no answer came at all.
    pub(super) unanswered: bool,
}

impl AttemptedCase {
    /// A case that was not tried, with the reason.
    pub(super) fn not_judged(why: NotJudged) -> Self {
        Self { error: Some(CaseError::NotJudged(why.reason)), lost: why.lost, ..Self::default() }
    }

    /// The same for keeping: of a case in which nothing is wrong, the steps are of no use any more.
    pub(super) fn lightened(self) -> Self {
        if self.breaches.is_empty() {
            Self { steps: Rc::default(), before: Vec::new(), passing: Vec::new(), ..self }
        } else {
            self
        }
    }

    /// How the target failed in it first, if it did.
    pub(super) fn failure(&self) -> Option<Failure> {
        let breach = self.breaches.iter().find(|breach| is_failure(breach))?;
        let unanswered = breach.aspect == Aspect::Unanswered;
        let what = match (&self.error, self.steps.get(breach.step)) {
            (Some(CaseError::Send(SendError::Transport(fault))), _) if unanswered => fault.kind().to_owned(),
            (_, Some(step)) => format!("status {}", step.status),
            (_, None) => "no answer".to_owned(),
        };
        Some(Failure { operation: breach.operation.clone(), what, step: breach.step, unanswered })
    }

    /// Whether it may be judged once there are more rows.
    pub(super) fn is_early(&self) -> bool {
        matches!(self.error, Some(CaseError::NotYet(_)))
    }

    /// Whether it ended because a kept connection broke, which says nothing about the request.
    pub(super) fn was_reset(&self) -> bool {
        matches!(self.error, Some(CaseError::Send(SendError::Reset(_))))
    }

    /// The same, where nothing that it shows can be relied on.
    pub(super) fn given_up(mut self, why: &str) -> Self {
        self.breaches.retain(|breach| !is_failure(breach));
        (self.error, self.lost) = (Some(CaseError::NotJudged(why.to_owned())), Some(Lost::Wire));
        self
    }

    /// What the case was lost to, where it could have been judged.
    pub(super) fn lost(&self) -> Option<Lost> {
        match &self.error {
            Some(CaseError::Send(error)) => error.lost(),
            Some(CaseError::NotJudged(_) | CaseError::NotYet(_)) | None => self.lost,
        }
    }
}

/// Whether a breach is that the target failed.
fn is_failure(breach: &Breach) -> bool {
    by_id(breach.law).is_some_and(|law| law.role.is_failure())
}
