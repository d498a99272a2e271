//! A breach where it was seen.

use std::rc::Rc;

use crate::judge::Breach;
use crate::scenario::Step;

/// A breach where it was seen.
#[derive(Debug, Clone)]
pub(crate) struct Occurrence {
    pub(crate) breach: Breach,
    /// The key of the case that saw it.
    pub(crate) case: String,
    /// The place of the case in the plan.
    pub(crate) order: usize,
    /// The steps of the case.
    pub(crate) steps: Rc<Vec<Step>>,
    /// The steps that created the shared rows which the case names.
    pub(crate) before: Vec<Step>,
    /// Requests that had been sent when it was seen.
    pub(crate) sent: usize,
}
