//! Sending requests: each is remembered, and its response is held to the laws on every answer.

use std::rc::Rc;
use std::time::Duration;

use super::context::CaseContext;
use super::error::CaseError;
use super::exchange::Exchange;
use super::step::Step;
use crate::contract::{Aspect, Expected};
use crate::http::{Request, Response};
use crate::judge::{Breach, check_answer};
use crate::session::{Delivered, SendError, Unmoved};

/// Ways in which one answer breaks laws, at the most: a target may make up any number of properties.
const MOST_BREACHES: usize = 100;

impl CaseContext {
    /// Sends a request.
    pub(crate) async fn send(&mut self, request: Request) -> Result<Exchange, CaseError> {
        writable(&request)?;
        match self.session.send(&request).await {
            Ok(delivered) => Ok(self.remember_delivery(request, delivered)),
            Err(error) => Err(self.remember_silence(request, error)),
        }
    }

    /// Sends requests at the same time.
    pub(crate) async fn send_all(&mut self, requests: Vec<Request>) -> Result<Vec<Exchange>, CaseError> {
        requests.iter().try_for_each(writable)?;
        let session = Rc::clone(&self.session);
        // They are to meet: none may wait for the allowance of another.
        session.ready(requests.len()).await?;
        let sending = requests.iter().map(|request| session.send(request));
        let sent = futures_util::future::join_all(sending).await;
        let mut exchanges = Vec::new();
        let mut silence = None;
        for (request, delivered) in requests.into_iter().zip(sent) {
            match delivered {
                Ok(delivered) => exchanges.push(self.remember_delivery(request, delivered)),
                Err(error) => {
                    silence.get_or_insert(self.remember_silence(request, error));
                }
            }
        }
        silence.map_or(Ok(exchanges), Err)
    }

    /// Waits, so that a clock moves on.
    pub(crate) async fn wait(&self, time: Duration) {
        tokio::time::sleep(time).await;
    }

    /// Adds a request to the story with its response, after those that asked it to wait.
    fn remember_delivery(&mut self, request: Request, delivered: Delivered) -> Exchange {
        for throttled in &delivered.throttled {
            self.remember(&request, throttled, None);
        }
        let step = self.remember(&request, &delivered.response, delivered.unmoved);
        if let Some(fault) = &delivered.failed {
            self.story.add_passing(step, fault.kind());
        }
        Exchange { request, response: Rc::new(delivered.response), step }
    }

    /// Adds a request to the story that got no answer, where the target is to blame.
    fn remember_silence(&mut self, request: Request, error: SendError) -> CaseError {
        if let SendError::Transport(fault) = &error
            && fault.is_unanswered()
        {
            let (name, place) = match &request.op {
                Some(op) => (op.id.clone(), op.pointer.clone()),
                None => (self.operation.clone(), self.place.clone()),
            };
            let message = format!("{name} was not answered: {fault}");
            let step = self.story.add_step(Step::unanswered(&self.session, request, &fault.to_string()));
            let (law, expected) = (self.state.answered_law, Expected::words("an answer"));
            let breach = Breach::new(law, &name, &place, step, Aspect::Unanswered, message, expected);
            self.story.add_breaches([breach]);
        }
        error.into()
    }

    /// Adds a step to the story, with what the laws on every answer say of it.
    fn remember(&mut self, request: &Request, response: &Response, unmoved: Option<Unmoved>) -> usize {
        let step = self.story.add_step(Step::new(&self.session, request.clone(), response));
        let laws = Rc::clone(&self.state.answer_laws);
        let (api, keys) = (&self.session.api, &self.session.keys);
        let mut checked = check_answer(&laws, api, keys, (request, response), unmoved, step);
        let operation = request.op.as_ref().map_or_else(|| self.operation.clone(), |op| op.id.clone());
        checked.breaches.truncate(MOST_BREACHES);
        for law in checked.judged {
            self.story.add_judged(law, &operation);
        }
        // What is no operation is known by the one it stands beside: a path with a row in it is another in every run.
        let redactor = &self.session.redactor;
        self.story.add_breaches(checked.breaches.into_iter().map(|breach| {
            let breach = breach.shortened(redactor);
            match &request.op {
                Some(_) => breach,
                None => Breach { operation: operation.clone(), ..breach },
            }
        }));
        step
    }
}

/// What has no written form is not sent, and nobody is to blame for it but this program.
fn writable(request: &Request) -> Result<(), CaseError> {
    match request.unwritable() {
        Some(why) => Err(CaseError::NotJudged(format!("the body cannot be written: {why}"))),
        None => Ok(()),
    }
}
