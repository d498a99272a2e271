//! Holding one answer to the laws on every answer.

use super::breach::Breach;
use crate::contract::{Api, Aspect, Expected, Operation};
use crate::http::{Keys, Request, Response};
use crate::session::Unmoved;

/// A law on every answer, as the judge needs it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AnswerLaw {
    /// Its id.
    pub(crate) law: &'static str,
    /// Judges one answer.
    pub(crate) check: fn(&mut AnswerCheck<'_>),
}

/// One answer, and what one law after the other says of it.
pub(crate) struct AnswerCheck<'a> {
    pub(crate) api: &'a Api,
    pub(crate) keys: &'a Keys,
    pub(crate) request: &'a Request,
    pub(crate) response: &'a Response,
    /// What the answer says is left of the key's allowance cannot be right after the answers before it.
    pub(crate) unmoved: Option<Unmoved>,
    /// The operation's id; the method and path of a request that is no operation.
    pub(crate) operation: String,
    law: &'static str,
    step: usize,
    checked: Checked,
}

/// What the laws on every answer say of one answer.
#[derive(Debug, Default)]
pub(crate) struct Checked {
    /// The laws that it was held to.
    pub(crate) judged: Vec<&'static str>,
    /// The ways in which it breaks them.
    pub(crate) breaches: Vec<Breach>,
}

/// Holds an answer to every law that it can be held to, in the order given.
pub(crate) fn check_answer(
    laws: &[AnswerLaw],
    api: &Api,
    keys: &Keys,
    (request, response): (&Request, &Response),
    unmoved: Option<Unmoved>,
    step: usize,
) -> Checked {
    let operation = request
        .op
        .as_ref()
        .map_or_else(|| format!("{} {}", request.method, request.target()), |op| op.id.clone());
    let checked = Checked::default();
    let mut check = AnswerCheck { api, keys, request, response, unmoved, operation, law: "", step, checked };
    for AnswerLaw { law, check: judge } in laws {
        check.law = law;
        judge(&mut check);
    }
    check.checked
}

impl<'a> AnswerCheck<'a> {
    /// The answer is held to the law; without this it is none of the law's.
    pub(crate) fn judging(&mut self) {
        self.checked.judged.push(self.law);
    }

    /// The answer breaks the law: documented, at the operation's place in the contract, about no property, unless the
    /// setters of what is returned say otherwise.
    pub(crate) fn breach(
        &mut self,
        aspect: Aspect,
        message: impl Into<String>,
        expected: Expected,
    ) -> &mut Breach {
        let place = self.request.op.as_ref().map_or("", |op| op.pointer.as_str());
        let breach = Breach::new(self.law, &self.operation, place, self.step, aspect, message, expected);
        self.checked.breaches.push(breach);
        let last = self.checked.breaches.len() - 1;
        &mut self.checked.breaches[last]
    }

    /// Whether this aspect of the answer is known to be wrong already.
    pub(crate) fn is_known(&self, aspect: &Aspect) -> bool {
        self.checked.breaches.iter().any(|known| known.aspect == *aspect)
    }

    /// The operation, where the answer is a success.
    pub(crate) fn success(&self) -> Option<&'a Operation> {
        self.request.op.as_ref().filter(|_| self.response.is_success())
    }

    /// The operation, where the answer is neither a success nor a server error.
    pub(crate) fn refusal(&self) -> Option<&'a Operation> {
        let refused = !self.response.is_success() && !self.response.is_server_error();
        self.request.op.as_ref().filter(|_| refused)
    }
}
