//! Opening a session with a target.

use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::config::RunConfig;
use super::preflight::CannotJudge;
use crate::contract::Api;
use crate::findings::Stream;
use crate::http::{Client, TrafficObserver, TrafficWatch};
use crate::session::{Deadline, Session, SessionSetup};

/// How much the listeners of a run get to know of its traffic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Watch {
    /// Every request and response.
    Traffic,
    /// How many requests there are.
    Counts,
}

/// Opens a session as a configuration says.
pub(crate) fn open_session(
    config: &RunConfig,
    api: Arc<Api>,
    stop: Arc<AtomicBool>,
    stream: &Stream,
    watch: Watch,
) -> Result<Session, CannotJudge> {
    let observer: Rc<dyn TrafficObserver> = Rc::new(stream.clone());
    let mut client = Client::new(&config.url, &config.client).map_err(CannotJudge::Client)?;
    if watch == Watch::Traffic {
        client = client.watched(TrafficWatch::new(Rc::clone(&observer), config.redactor()));
    }
    let setup = SessionSetup {
        client,
        keys: config.keys(),
        requests: config.max_requests,
        deadline: Deadline::after(config.max_time),
        stop,
        observer,
    };
    Ok(Session::new(api, setup))
}
