//! A case that was tried.

use std::rc::Rc;

use crate::judge::Breach;
use crate::scenario::{CaseError, Step};

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
    /// Requests of the run when it ended.
    pub(super) sent: usize,
    /// Steps that another case sent.
    pub(super) borrowed: usize,
}

impl AttemptedCase {
    /// A case that was not tried, with the reason.
    pub(super) fn not_judged(why: impl Into<String>) -> Self {
        Self { error: Some(CaseError::NotJudged(why.into())), ..Self::default() }
    }
}
