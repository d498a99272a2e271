//! What a planted fault is: a change to requests on their way in, or to answers on their way out.

use crate::law::Family;

use super::bench::{Answered, Bench, Sent};

/// A fault that can be planted between the runner and a sound server.
#[derive(Clone, Copy)]
pub(crate) struct Fault {
    /// Its stable name.
    pub(crate) id: &'static str,
    pub(crate) family: Family,
    /// What is wrong with a server that has it.
    pub(crate) about: &'static str,
    /// The laws of which at least one has to find it.
    pub(crate) expects: &'static [&'static str],
    /// Changes a request, or answers it in the server's place.
    pub(crate) request: fn(&mut Sent, &Bench) -> Option<Answered>,
    /// Changes an answer.
    pub(crate) answer: fn(&Sent, &mut Answered, &Bench),
    /// Creates are held up for a moment, so that concurrent ones overlap.
    pub(crate) holds_creates: bool,
}

impl Fault {
    /// A fault that changes nothing yet.
    pub(crate) const fn new(
        id: &'static str,
        family: Family,
        about: &'static str,
        expects: &'static [&'static str],
    ) -> Self {
        Self { id, family, about, expects, request: |_, _| None, answer: |_, _, _| {}, holds_creates: false }
    }

    /// The same with a change to requests.
    pub(crate) const fn on_request(mut self, change: fn(&mut Sent, &Bench) -> Option<Answered>) -> Self {
        self.request = change;
        self
    }

    /// The same with a change to answers.
    pub(crate) const fn on_answer(mut self, change: fn(&Sent, &mut Answered, &Bench)) -> Self {
        self.answer = change;
        self
    }

    /// The same with creates held up.
    pub(crate) const fn holding_creates(mut self) -> Self {
        self.holds_creates = true;
        self
    }
}

impl std::fmt::Debug for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.id)
    }
}
