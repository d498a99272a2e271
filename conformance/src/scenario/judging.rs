//! Holding responses to what a case expects, and noting what is not as expected.

use schemas::Standing;

use super::context::CaseContext;
use super::error::{CaseError, CaseResult};
use super::exchange::Exchange;
use crate::contract::{Acceptance, Aspect, Expected, Operation, Refusal};
use crate::judge::{Breach, Deviation, Doubt, deviation_from_refusal, deviation_from_success, doubt, said};

impl CaseContext {
    /// Notes what a step should have been answered, for the report.
    pub(crate) fn expecting(&mut self, step: usize, expected: Expected) {
        self.story.expect(step, expected);
    }

    /// Holds a response to an expected refusal; `what` names the request, as in "a create with a taken slug". Returns
    /// whether it is as expected.
    pub(crate) fn refused(&mut self, exchange: &Exchange, refusal: &Refusal, what: &str) -> bool {
        let pointers = self.api().rules().errors.as_ref().map(|errors| errors.pointers.clone());
        self.expecting(exchange.step, refusal.expected());
        let deviation = deviation_from_refusal(refusal, &exchange.response, pointers.as_ref());
        let Some(deviation) = deviation else { return !exchange.is_server_error() };
        let message = format!("{what} {}", deviation.what);
        let breach = self.breach(exchange.step, deviation.aspect.clone(), message, refusal.expected());
        breach.place(&refusal.place).deviating(deviation).subject = refusal.blamed().map(str::to_owned);
        false
    }

    /// Holds a response to an expected success; `what` names the request. Returns whether it is one, with the status
    /// that is stated.
    pub(crate) fn accepted(&mut self, exchange: &Exchange, acceptance: &Acceptance, what: &str) -> bool {
        self.expecting(exchange.step, acceptance.expected());
        let Some(deviation) = deviation_from_success(acceptance, &exchange.response) else {
            return exchange.is_success();
        };
        let doubt = doubt(self.api(), &exchange.request, &exchange.response);
        let refused = deviation.aspect == Aspect::Refused;
        if let Some(doubt) = doubt.filter(|_| refused) {
            self.doubted(exchange, acceptance, deviation, what, doubt);
            return false;
        }
        let stated = exchange.request.op.as_ref().is_some_and(Operation::is_stated);
        let said = (refused && !stated).then(|| said(&exchange.response));
        let field = self.api().rules().errors.as_ref().and_then(|errors| errors.pointers.field.clone());
        let blamed = field.and_then(|field| exchange.at(&field)?.as_str().map(str::to_owned));
        let message = format!("{what} {}", deviation.what);
        let breach = self.breach(exchange.step, deviation.aspect.clone(), message, acceptance.expected());
        breach.place(&acceptance.place).said(said).deviating(deviation).subject = blamed;
        false
    }

    /// Notes that a valid request is refused, which may be right: a warning at the most, and nothing where somebody made up
    /// would be let in otherwise.
    fn doubted(
        &mut self,
        exchange: &Exchange,
        acceptance: &Acceptance,
        deviation: Deviation,
        what: &str,
        doubt: Doubt,
    ) {
        let message = format!("{what} {}: {}", deviation.what, doubt.words());
        self.story.leave_open(&message);
        if doubt == Doubt::SignIn {
            return;
        }
        let standing = deviation.standing.weakest(Standing::Inferred);
        let breach = self.breach(exchange.step, Aspect::Doubtful, message, acceptance.expected());
        let said = Some(exchange.status.to_string());
        breach.place(&acceptance.place).said(said).deviating(deviation).standing = standing;
    }

    /// Holds a response to an expected success that another law asks for.
    pub(crate) fn accepted_under(
        &mut self,
        law: &'static str,
        exchange: &Exchange,
        acceptance: &Acceptance,
        what: &str,
    ) -> bool {
        let own = std::mem::replace(&mut self.law, law);
        let fine = self.accepted(exchange, acceptance, what);
        self.law = own;
        let operation = self.operation.clone();
        // What is left open is not judged here either.
        if fine || !self.story.is_left_open() {
            self.story.add_judged(law, &operation);
        }
        fine
    }

    /// Notes that a response breaks the law that this case is for: documented, at the case's place in the contract,
    /// about no property, unless the setters of what is returned say otherwise.
    pub(crate) fn breach(
        &mut self,
        step: usize,
        aspect: Aspect,
        message: impl Into<String>,
        expected: Expected,
    ) -> &mut Breach {
        let Self { law, operation, place, story, session, .. } = self;
        let breach = Breach::new(law, operation, place, step, aspect, message, expected);
        story.add_breach(breach.shortened(&session.redactor))
    }

    /// Notes that a property of a response has another value than it must have.
    pub(crate) fn wrong_value(
        &mut self,
        step: usize,
        property: &str,
        message: impl Into<String>,
        expected: Expected,
    ) -> &mut Breach {
        self.breach(step, Aspect::Value, message, expected).subject(property)
    }

    /// Goes on only after a success; whether it should have been one is the matter of another law.
    pub(crate) fn require_success(&mut self, exchange: &Exchange) -> CaseResult {
        if exchange.is_success() {
            self.expecting(exchange.step, Expected::status(exchange.status));
            return Ok(());
        }
        let op = exchange.request.op.as_ref();
        let name = op.map_or_else(|| exchange.request.method.clone(), |op| op.id.clone());
        Err(CaseError::NotJudged(format!("{name} answered {} on the way", exchange.status)))
    }
}
