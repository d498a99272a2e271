//! What happens during a run.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use super::report::Report;
use super::traffic::Traffic;

/// Something that happened.
#[derive(Debug, Clone)]
pub enum Event {
    /// The plan is made.
    Planned {
        /// Cases in it.
        cases: usize,
        /// Requests it takes, about.
        requests: usize,
        /// Requests a minute the target allows, where it says so.
        per_minute: Option<u64>,
    },
    /// A request was sent.
    Sent {
        /// How many by now.
        requests: usize,
    },
    /// A request was answered, or will not be. With several workers they need not come in the order of their numbers.
    Exchanged(Box<Traffic>),
    /// A case was tried.
    Tried {
        /// The law.
        law: &'static str,
        /// The operation.
        operation: String,
    },
    /// The target asks for patience.
    Waiting {
        /// How long.
        seconds: u64,
    },
    /// What was made is taken away.
    Cleaning {
        /// How much of it.
        rows: usize,
    },
    /// All is done.
    Finished(Box<Report>),
}

/// Listens to a run. None of them decides a verdict.
pub trait Reporter {
    /// Something happened.
    fn on(&mut self, event: &Event);
}

impl<F: FnMut(&Event)> Reporter for F {
    fn on(&mut self, event: &Event) {
        self(event);
    }
}

/// The one stream of events of a run. Cheap to clone.
#[derive(Clone, Default)]
pub struct Stream(Rc<RefCell<Vec<Box<dyn Reporter>>>>);

impl Stream {
    /// Adds a listener.
    pub fn subscribe(&self, reporter: impl Reporter + 'static) {
        self.0.borrow_mut().push(Box::new(reporter));
    }

    /// Tells everybody.
    pub(crate) fn emit(&self, event: &Event) {
        for reporter in self.0.borrow_mut().iter_mut() {
            reporter.on(event);
        }
    }
}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Stream").field(&self.0.borrow().len()).finish()
    }
}
