//! What is seen beside the cases: failures that pass, and rows that vanish.

use std::collections::HashMap;
use std::rc::Rc;

use crate::contract::Resource;
use crate::scenario::Step;
use crate::session::Lost;

/// The operations that do not work, each with what it was lost to where nothing shows that it is wrong.
pub(super) type Broken = HashMap<String, Option<Lost>>;

/// A failure that did not come again.
#[derive(Debug, Clone)]
pub(super) struct PassingFailure {
    pub(super) operation: String,
    /// What happened, in words that are the same each time.
    pub(super) what: String,
    /// The key of the case.
    pub(super) case: String,
    /// Which of the steps failed.
    pub(super) step: usize,
    pub(super) steps: Rc<Vec<Step>>,
    /// The steps that created the shared rows which the case names.
    pub(super) before: Vec<Step>,
    /// Requests of the run by then.
    pub(super) sent: usize,
}

/// A row that somebody else deleted, or that the target lost.
#[derive(Debug, Clone)]
pub(super) struct VanishedRow {
    pub(super) resource: Resource,
    /// The key of the case.
    pub(super) case: String,
    /// The request that created it, and the one that does not find it.
    pub(super) steps: Vec<Step>,
    /// Requests of the run by then.
    pub(super) sent: usize,
}
