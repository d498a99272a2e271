//! What happens during a run.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use super::report::Report;
use crate::http::{Traffic, TrafficObserver};

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
        /// The laws that its answers break, before causes are looked for.
        broken: Vec<&'static str>,
    },
    /// The target asks for patience.
    Waiting {
        /// How long.
        seconds: u64,
    },
    /// What was created is deleted.
    Cleaning {
        /// How much of it.
        rows: usize,
    },
    /// All is done. Where nothing could be judged, the report says why.
    Finished(Box<Report>),
}

/// Listens to a run. None of them decides a verdict, and none of them receives a secret.
///
/// Any closure that takes an [`Event`] is one. A type of its own keeps what it hears; one that is asked for it after the
/// run shares it.
///
/// ```
/// use std::cell::RefCell;
/// use std::rc::Rc;
/// use std::sync::{Arc, atomic::AtomicBool};
///
/// use conformance::{Event, Reporter, RunConfig, Secrets, Stream};
///
/// /// Counts the answers of each status, and keeps the verdict.
/// #[derive(Default, Clone)]
/// struct Statuses(Rc<RefCell<Vec<(u16, usize)>>>, Rc<RefCell<String>>);
///
/// impl Reporter for Statuses {
///     fn on(&mut self, event: &Event) {
///         match event {
///             Event::Exchanged(traffic) => {
///                 let Ok(answer) = &traffic.answer else { return };
///                 let mut counts = self.0.borrow_mut();
///                 match counts.iter_mut().find(|(status, _)| *status == answer.status) {
///                     Some((_, count)) => *count += 1,
///                     None => counts.push((answer.status, 1)),
///                 }
///             }
///             Event::Finished(report) => *self.1.borrow_mut() = format!("{:?}", report.verdict),
///             _ => {}
///         }
///     }
/// }
///
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
/// # runtime.block_on(async {
/// let target = mock_server::MockServer::builder().start().await?;
/// let keys = Secrets { own: vec!["pivotal_test_demo".into()], ..Secrets::default() };
/// let mut config = RunConfig::new(schemas::Contract::builtin()?, target.url(), keys);
/// config.laws = vec!["auth-missing".into()];
///
/// let (stream, statuses) = (Stream::default(), Statuses::default());
/// stream.subscribe(statuses.clone());
/// stream.subscribe(|event: &Event| {
///     if let Event::Planned { cases, .. } = event {
///         println!("{cases} cases");
///     }
/// });
/// conformance::run(&config, Arc::new(AtomicBool::new(false)), stream).await?;
///
/// assert!(statuses.0.borrow().iter().any(|(status, count)| *status == 401 && *count > 10));
/// assert_eq!(*statuses.1.borrow(), "Pass");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Reporter {
    /// Something happened.
    fn on(&mut self, event: &Event);
}

impl<F: FnMut(&Event)> Reporter for F {
    fn on(&mut self, event: &Event) {
        self(event);
    }
}

/// The one stream of events of a run: every subscriber receives everything, in order. Cheap to clone.
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

impl TrafficObserver for Stream {
    fn sent(&self, requests: usize) {
        self.emit(&Event::Sent { requests });
    }

    fn exchanged(&self, traffic: Traffic) {
        self.emit(&Event::Exchanged(Box::new(traffic)));
    }

    fn waiting(&self, seconds: u64) {
        self.emit(&Event::Waiting { seconds });
    }
}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Stream").field(&self.0.borrow().len()).finish()
    }
}
