//! What a case acts in.

use std::rc::Rc;

use tokio::sync::OwnedMutexGuard;

use super::attempt::Attempt;
use super::run_state::RunState;
use super::story::Story;
use crate::contract::Api;
use crate::generate::{Namer, RunMark};
use crate::session::Session;

/// What a case acts in: it builds and sends requests, gets at the rows that cases share, and notes in its story what is
/// not as the contract says.
///
/// Its duties are in files of their own: [building requests](super::build), [sending them](super::send),
/// [creating and reading rows](super::rows), [set-ups](super::setup), and [judging responses](super::judging).
#[derive(Debug)]
pub(crate) struct CaseContext {
    pub(crate) session: Rc<Session>,
    pub(crate) state: RunState,
    /// Which try of the case this is.
    pub(crate) attempt: Attempt,
    /// Makes up texts.
    pub(crate) names: Namer,
    /// The case's key, from which its random values follow.
    pub(crate) key: String,
    /// The id of the law that the case is for.
    pub(crate) law: &'static str,
    /// The operation that the case is for.
    pub(crate) operation: String,
    /// The pointer in the contract that its breaches point to.
    pub(crate) place: String,
    /// What it did and what it found.
    pub(crate) story: Story,
    /// The names of the set-ups it may use; any where there is none.
    pub(super) declared: Option<Vec<String>>,
    /// Set-ups it holds for itself until it ends.
    pub(super) holding: Vec<(String, OwnedMutexGuard<()>)>,
}

impl CaseContext {
    /// A context in which nothing has happened. Made-up texts follow from the mark, the key and the attempt.
    pub(crate) fn new(
        session: &Rc<Session>,
        state: &RunState,
        mark: &RunMark,
        key: &str,
        attempt: Attempt,
    ) -> Self {
        Self {
            session: Rc::clone(session),
            state: state.clone(),
            attempt,
            names: Namer::new(mark, key, attempt.number()),
            key: key.to_owned(),
            law: "",
            operation: String::new(),
            place: String::new(),
            story: Story::default(),
            declared: None,
            holding: Vec::new(),
        }
    }

    /// The same, for a case of a law on an operation.
    #[must_use]
    pub(crate) fn judging(self, law: &'static str, operation: &str, place: &str) -> Self {
        Self { law, operation: operation.to_owned(), place: place.to_owned(), ..self }
    }

    /// The same, for a case that may use these set-ups alone.
    #[must_use]
    pub(crate) fn with_setups(self, declared: Option<Vec<String>>) -> Self {
        Self { declared, ..self }
    }

    /// The contract.
    pub(crate) fn api(&self) -> &Api {
        &self.session.api
    }
}
