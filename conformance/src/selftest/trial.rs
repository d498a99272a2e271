//! Trying the gate on sound and on faulty targets.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Instant;

use schemas::Contract;

use super::catalogue::Catalogue;
use super::proxy::Proxy;
use super::rule::Planted;
use crate::contract::matches;
use crate::findings::{Event, Finding, Report, Severity, Stream};
use crate::law::{Role, by_id};
use crate::run::{CannotJudge, RunConfig, Secrets, run};

/// What a trial is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A sound target: nothing may be found.
    Sound,
    /// A reading that the contract allows: nothing above a note may be found.
    Reading,
    /// A planted fault: it must be found.
    Fault,
}

/// How a trial went.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// What it was for.
    pub kind: Kind,
    /// The fault's or reading's name.
    pub name: String,
    /// What is wrong or different.
    pub says: String,
    /// The law that found it.
    pub law: Option<String>,
    /// Requests until then, or all of them.
    pub requests: usize,
    /// Findings above a note.
    pub findings: Vec<Finding>,
    /// Nobody promised otherwise: a note finds it.
    pub note: bool,
    /// As it should be.
    pub right: bool,
    /// What went wrong, where the run itself failed.
    pub error: Option<String>,
}

/// The whole test.
#[derive(Debug)]
pub struct SelfTest {
    /// Every trial, in the order of the catalogue.
    pub outcomes: Vec<Outcome>,
    /// How long it took.
    pub seconds: f64,
}

/// A trial before it is made.
#[derive(Clone)]
struct Trial {
    kind: Kind,
    planted: Option<Planted>,
    number: usize,
}

impl Trial {
    /// The laws of which one has to find the fault.
    fn found_by(&self) -> Vec<String> {
        self.planted.as_ref().map(|planted| planted.found_by.clone()).unwrap_or_default()
    }
}

/// Starts the mock server and tries the gate on it: as it is, in every allowed reading, and with every fault planted.
pub fn self_test(
    patterns: &[String],
    seed: u64,
    stop: &Arc<AtomicBool>,
    told: &(dyn Fn(&Outcome) + Sync),
) -> Result<SelfTest, String> {
    let begun = Instant::now();
    let contract = Contract::builtin().map_err(|error| error.to_string())?;
    let catalogue = Catalogue::builtin().map_err(|error| error.to_string())?;
    let servers = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| format!("failed to start: {error}"))?;
    let mock = servers
        .block_on(mock_server::MockServer::builder().seed(seed).start())
        .map_err(|error| error.to_string())?;
    let wanted = |name: &str| patterns.is_empty() || patterns.iter().any(|pattern| matches(pattern, name));
    let mut trials = vec![Trial { kind: Kind::Sound, planted: None, number: 0 }];
    for (kind, list) in [(Kind::Reading, &catalogue.readings), (Kind::Fault, &catalogue.faults)] {
        for planted in list.iter().filter(|planted| wanted(&planted.name)) {
            trials.push(Trial { kind, planted: Some(planted.clone()), number: trials.len() });
        }
    }
    let next = AtomicUsize::new(0);
    let (handle, url) = (servers.handle().clone(), mock.url().to_owned());
    let work = || {
        let mut done = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(trial) = trials.get(index).filter(|_| !stop.load(Ordering::Relaxed)) else { break };
            let outcome = attempt(trial, &catalogue, &contract, &url, &handle, seed, stop);
            told(&outcome);
            done.push((index, outcome));
        }
        done
    };
    let threads = std::thread::available_parallelism().map_or(2, usize::from).clamp(1, 8);
    let mut outcomes: Vec<(usize, Outcome)> = std::thread::scope(|scope| {
        let handles: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        handles.into_iter().flat_map(|handle| handle.join().unwrap_or_default()).collect()
    });
    outcomes.sort_by_key(|(index, _)| *index);
    drop(mock);
    servers.shutdown_background();
    let outcomes = outcomes.into_iter().map(|(_, outcome)| outcome).collect();
    Ok(SelfTest { outcomes, seconds: begun.elapsed().as_secs_f64() })
}

fn attempt(
    trial: &Trial,
    catalogue: &Catalogue,
    contract: &Contract,
    upstream: &str,
    servers: &tokio::runtime::Handle,
    seed: u64,
    stop: &Arc<AtomicBool>,
) -> Outcome {
    let numbered = |key: &str| key.replace("{n}", &trial.number.to_string());
    let keys = &catalogue.keys;
    let secrets = Secrets {
        own: vec![numbered(&keys.own)],
        other: Some(numbered(&keys.other)),
        revoked: Some(numbered(&keys.revoked)),
        ..Secrets::default()
    };
    let name = trial.planted.as_ref().map_or("sound", |planted| planted.name.as_str());
    let says = trial.planted.as_ref().map_or("the mock server as it is", |planted| planted.says.as_str());
    let mut outcome = Outcome {
        kind: trial.kind,
        name: name.to_owned(),
        says: says.to_owned(),
        law: None,
        requests: 0,
        findings: Vec::new(),
        note: trial.planted.as_ref().is_some_and(|planted| planted.note),
        right: false,
        error: None,
    };
    let rules: Vec<_> = trial
        .planted
        .iter()
        .flat_map(|planted| &planted.rules)
        .map(|rule| rule.numbered(trial.number))
        .collect();
    let proxy = match servers.block_on(Proxy::start(upstream, contract, rules)) {
        Ok(proxy) => proxy,
        Err(error) => {
            outcome.error = Some(error.to_string());
            return outcome;
        }
    };
    let mut config = RunConfig::new(contract.clone(), proxy.url.clone(), secrets);
    config.seed = seed;
    config.confirm = false;
    config.generated = trial.kind != Kind::Fault;
    if trial.kind == Kind::Fault {
        // A fault is found as soon as one law finds it. What looks like it may turn out to be less: then the run is
        // repeated as a whole.
        let first = run_until(&config, trial.found_by(), stop);
        judge(trial, first, &mut outcome);
        if outcome.right {
            return outcome;
        }
        outcome.error = None;
    }
    judge(trial, run_until(&config, Vec::new(), stop), &mut outcome);
    // A machine that has much else to do keeps a request waiting now and then: what failed and went through again does
    // so in a second run as well, if it is the target's.
    let passing = |finding: &Finding| by_id(&finding.law).is_some_and(|law| law.role == Role::Stable);
    if trial.kind != Kind::Fault && !outcome.findings.is_empty() && outcome.findings.iter().all(passing) {
        judge(trial, run_until(&config, Vec::new(), stop), &mut outcome);
    }
    outcome
}

/// A run that ends early: when it is interrupted, or when a case breaks one of these laws.
fn run_until(config: &RunConfig, laws: Vec<String>, stop: &Arc<AtomicBool>) -> Result<Report, CannotJudge> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| CannotJudge::Client(schemas::Problem::say(error.to_string())))?;
    let stream = Stream::default();
    let own_stop = Arc::new(AtomicBool::new(false));
    let (interrupted, ends) = (Arc::clone(stop), Arc::clone(&own_stop));
    stream.subscribe(move |event: &Event| {
        let found = matches!(event, Event::Tried { broken, .. } if broken.iter().any(|law| laws.iter().any(|own| own == law)));
        if found || interrupted.load(Ordering::Relaxed) {
            ends.store(true, Ordering::Relaxed);
        }
    });
    runtime.block_on(run(config, own_stop, stream))
}

fn judge(trial: &Trial, result: Result<Report, CannotJudge>, outcome: &mut Outcome) {
    let report = match result {
        Ok(report) => report,
        Err(error) => {
            outcome.error = Some(error.to_string());
            return;
        }
    };
    outcome.requests = report.requests;
    let leftovers = report.leftovers;
    // What nobody promised counts where it is what the fault is about.
    let notes = trial.kind == Kind::Sound || outcome.note;
    outcome.findings =
        report.findings.into_iter().filter(|finding| finding.severity != Severity::Note || notes).collect();
    match &trial.planted {
        Some(planted) if trial.kind == Kind::Fault => {
            // Of laws that one cause brings down together, any will do.
            let broken = |finding: &Finding| {
                let mut laws = std::iter::once(&finding.law).chain(&finding.also_laws);
                laws.find(|law| planted.found_by.contains(law)).cloned()
            };
            let finder = outcome.findings.iter().find(|finding| broken(finding).is_some());
            outcome.law = finder.and_then(broken);
            outcome.requests = finder.map_or(report.requests, |finding| finding.found_after);
            outcome.right = finder.is_some();
        }
        _ => outcome.right = outcome.findings.is_empty() && leftovers == 0,
    }
}
