//! What the cases of a run share.

use std::cell::RefCell;
use std::rc::Rc;

use super::setup_cache::SetupCache;
use super::shared_rows::SharedRows;
use crate::judge::AnswerLaw;

/// What the cases of a run share.
#[derive(Debug, Clone, Default)]
pub(crate) struct RunState {
    /// Rows that all cases may name.
    pub(crate) shared_rows: Rc<RefCell<SharedRows>>,
    /// What one case set up and others use.
    pub(crate) setups: Rc<SetupCache>,
    /// The laws that every answer is held to, in the order in which they are judged.
    pub(crate) answer_laws: Rc<[AnswerLaw]>,
    /// The id of the law that every request is answered.
    pub(crate) answered_law: &'static str,
    /// The seed of generated values.
    pub(crate) seed: u64,
}

impl RunState {
    /// The state of a run that has just begun.
    pub(crate) fn new(answer_laws: Rc<[AnswerLaw]>, answered_law: &'static str, seed: u64) -> Self {
        Self { answer_laws, answered_law, seed, ..Self::default() }
    }
}
