//! One way in which one response breaks a law.

use schemas::Standing;

use super::deviation::Deviation;
use crate::contract::{Aspect, Expected};
use crate::http::{Redactor, shorten};

/// One way in which one response breaks a law. Breaches of one cause become one finding.
///
/// It is built from what happened and what was expected; the other parts have defaults that the setters replace.
#[derive(Debug, Clone)]
pub(crate) struct Breach {
    /// The id of the law.
    pub(crate) law: &'static str,
    /// The operation whose response breaks it, or a method and path.
    pub(crate) operation: String,
    pub(crate) aspect: Aspect,
    /// The property it is about.
    pub(crate) subject: Option<String>,
    /// The status, code or field that came in place of the expected one.
    pub(crate) actual: Option<String>,
    /// What the answer says, where breaches whose answers say other things have other causes.
    pub(crate) said: Option<String>,
    /// How sure the contract is of the statement.
    pub(crate) standing: Standing,
    /// Pointer of the statement in the contract.
    pub(crate) place: String,
    /// What happened: a sentence without its full stop.
    pub(crate) message: String,
    pub(crate) expected: Expected,
    /// Which step of the case.
    pub(crate) step: usize,
}

impl Breach {
    /// A breach of a law by the response of a step: of what is documented at a place of the contract, about no property.
    pub(crate) fn new(
        law: &'static str,
        operation: &str,
        place: &str,
        step: usize,
        aspect: Aspect,
        message: impl Into<String>,
        expected: Expected,
    ) -> Self {
        Self {
            law,
            operation: operation.to_owned(),
            aspect,
            subject: None,
            actual: None,
            said: None,
            standing: Standing::Documented,
            place: place.to_owned(),
            message: message.into(),
            expected,
            step,
        }
    }

    /// The same with texts that a report can hold: a target may answer with values of any length.
    #[must_use]
    pub(crate) fn shortened(mut self, redactor: &Redactor) -> Self {
        let texts = [
            Some(&mut self.message),
            Some(&mut self.expected.words),
            self.actual.as_mut(),
            self.subject.as_mut(),
            self.said.as_mut(),
        ];
        for text in texts.into_iter().flatten() {
            shorten(text, redactor);
        }
        self
    }

    /// How sure the contract is of the statement; documented unless set.
    pub(crate) fn standing(&mut self, standing: Standing) -> &mut Self {
        self.standing = standing;
        self
    }

    /// Pointer of the statement in the contract; the case's own unless set.
    pub(crate) fn place(&mut self, place: impl Into<String>) -> &mut Self {
        self.place = place.into();
        self
    }

    /// The property it is about.
    pub(crate) fn subject(&mut self, property: &str) -> &mut Self {
        self.subject = Some(property.to_owned());
        self
    }

    /// What the answer says: breaches whose answers say other things have other causes.
    pub(crate) fn said(&mut self, said: Option<String>) -> &mut Self {
        self.said = said;
        self
    }

    /// Takes over how sure a deviation is, and what came in place of the expected.
    pub(crate) fn deviating(&mut self, deviation: Deviation) -> &mut Self {
        self.standing = deviation.standing;
        self.actual = deviation.actual;
        self
    }
}
