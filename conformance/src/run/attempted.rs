//! A case that was tried.

use std::rc::Rc;

use crate::findings::NotJudged;
use crate::judge::Breach;
use crate::scenario::{CaseError, Step};
use crate::session::Lost;

/// A case that was tried, or why it was not.
#[derive(Debug, Default)]
pub(super) struct AttemptedCase {
    pub(super) breaches: Vec<Breach>,
    pub(super) steps: Rc<Vec<Step>>,
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
}

impl AttemptedCase {
    /// A case that was not tried, with the reason.
    pub(super) fn not_judged(why: NotJudged) -> Self {
        Self { error: Some(CaseError::NotJudged(why.reason)), lost: why.lost, ..Self::default() }
    }

    /// What the case was lost to, where it could have been judged.
    pub(super) fn lost(&self) -> Option<Lost> {
        match &self.error {
            Some(CaseError::Send(error)) => error.lost(),
            Some(CaseError::NotJudged(_)) | None => self.lost,
        }
    }
}
