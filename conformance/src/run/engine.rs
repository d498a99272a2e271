//! From a plan to a report.

use std::collections::HashSet;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use futures_util::StreamExt as _;

use super::config::RunConfig;
use super::confirm::{confirm, shows};
use super::ledger::keep_ledger;
use super::merge::{Raw, findings, made_before, resolve};
use super::preflight::{CannotJudge, preflight};
use super::scene::{Props, Scene, Stop};
use super::step::Step;
use super::tally::Tally;
use crate::atlas::Atlas;
use crate::baseline::today;
use crate::judge::Breach;
use crate::law::id;
use crate::plan::{Case, Phase, Plan, Selection, Wants};
use crate::probe::{Client, Limits, Session, Watch};
use crate::report::{
    Collector, ContractStamp, Event, Finding, LawVerdict, Redactor, Report, Stream, Summary, Verdict,
};

/// The number of the try that shares nothing, beyond those that confirm and replay.
const ALONE: u32 = 9;

/// One run, set up.
pub(crate) struct Engine {
    pub(crate) session: Rc<Session>,
    pub(crate) plan: Plan,
    props: Props,
    tag: String,
    /// The mark of its rows: shards of one tag run beside each other, and must not take each other's values.
    mark: String,
}

/// A case that was tried.
pub(crate) struct Tried {
    pub(crate) breaches: Vec<Breach>,
    steps: Rc<Vec<Step>>,
    before: Vec<Step>,
    judged: Vec<(&'static str, String)>,
    stop: Option<Stop>,
    sent: usize,
    /// Steps that another case sent.
    borrowed: usize,
}

/// Holds a target to its contract and takes away what was made; `stop` ends it early.
///
/// Whatever it comes to, listeners are told a report at the end: of a run that could not judge, one that says why.
pub async fn run(config: &RunConfig, stop: Arc<AtomicBool>, stream: Stream) -> Result<Report, CannotJudge> {
    let outcome = judge(config, stop, &stream).await;
    let report = outcome.as_ref().map_or_else(|error| config.unjudged(error), Report::clone);
    stream.emit(&Event::Finished(Box::new(report)));
    outcome
}

async fn judge(config: &RunConfig, stop: Arc<AtomicBool>, stream: &Stream) -> Result<Report, CannotJudge> {
    let begun = Instant::now();
    let collector = Collector::new(&config.contract);
    stream.subscribe(collector.clone());
    let mut engine = Engine::new(config, stop, stream.clone())?;
    let cleared = match preflight(&engine.session, &config.url).await {
        Ok(cleared) => cleared,
        Err(CannotJudge::Nothing(why)) if why == "interrupted" => {
            let mut report = engine.report(config, Tally::default(), Vec::new(), Vec::new(), begun);
            report.coverage = Some(collector.coverage());
            return Ok(report);
        }
        Err(error) => return Err(error),
    };
    stream.emit(&Event::Planned {
        cases: engine.plan.cases.len(),
        requests: engine.plan.cost(),
        per_minute: engine.session.per_minute(),
    });
    keep_ledger(&engine.session, config, &engine.mark, &cleared)?;
    let (tally, raws) = engine.carry_out(config, cleared.other_key).await;
    let mut found = findings(&config.contract, raws);
    if config.confirm {
        confirm(&engine, &mut found).await;
    }
    engine.sweep(&format!("t{}-", engine.tag)).await;
    stream.emit(&Event::Cleaning { rows: engine.session.owed() });
    let leftovers = engine.session.clean().await;
    let found: Vec<Finding> = found.into_iter().map(|(finding, _)| finding).collect();
    let mut report = engine.report(config, tally, found, leftovers, begun);
    report.coverage = Some(collector.coverage());
    let nothing = report.summary.laws_passed == 0 && report.findings.is_empty();
    if nothing && !report.interrupted {
        let why = report.laws.iter().find_map(|line| line.reason.clone());
        let why = CannotJudge::Nothing(why.unwrap_or_else(|| "no law was selected".to_owned()));
        if report.left.is_empty() {
            return Err(why);
        }
        // What is left behind is told all the same.
        report.verdict = Verdict::Error;
        report.error = Some(why.to_string());
    }
    Ok(report)
}

/// Runs one finding's case again; `Some(times)` out of three.
pub(crate) async fn replay(
    config: &RunConfig,
    finding: &Finding,
    stop: Arc<AtomicBool>,
) -> Result<(usize, Report), CannotJudge> {
    let begun = Instant::now();
    let engine = Engine::new(config, stop, Stream::default())?;
    let cleared = preflight(&engine.session, &config.url).await?;
    keep_ledger(&engine.session, config, &engine.mark, &cleared)?;
    let Some(case) = engine.plan.case(&finding.case).cloned() else {
        return Err(CannotJudge::Nothing(format!("the contract no longer has the case {}", finding.case)));
    };
    engine.basics_for(&case).await;
    let mut times = 0;
    let mut raws = Vec::new();
    for repeat in 0..3 {
        if shows(&engine, &case, repeat, finding).await {
            times += 1;
        }
    }
    let tried = engine.attempt(&case, 4).await;
    Engine::collect(&case, 0, &tried, &mut Tally::default(), &mut raws);
    let leftovers = engine.session.clean().await;
    let found = findings(&config.contract, raws).into_iter().map(|(finding, _)| finding).collect();
    Ok((times, engine.report(config, Tally::default(), found, leftovers, begun)))
}

impl Engine {
    pub(crate) fn new(
        config: &RunConfig,
        stop: Arc<AtomicBool>,
        stream: Stream,
    ) -> Result<Self, CannotJudge> {
        let atlas = Arc::new(Atlas::new(&config.contract));
        let keys = config.keys();
        let watch = Watch::new(stream.clone(), Redactor::new(&keys));
        let client = Client::new(&config.url, &config.client).map_err(CannotJudge::Client)?.watched(watch);
        let limits = Limits { requests: config.max_requests, begun: Instant::now(), time: config.max_time };
        let plan = Plan::new(&atlas, config.seed, &Selection::of(config));
        let tag = config.tag.clone().unwrap_or_else(fresh_tag);
        let session = Rc::new(Session::new(atlas, client, keys, limits, stop, stream));
        let mark = config.shard.map_or_else(|| tag.clone(), |shard| format!("{tag}x{}", shard.index));
        Ok(Self { session, plan, props: Props::default(), tag, mark })
    }

    /// Tries a case once.
    pub(crate) async fn attempt(&self, case: &Case, attempt: u32) -> Tried {
        let mut scene = Scene {
            law: case.law.id,
            operation: case.op.id.clone(),
            place: case.place.clone(),
            ..Scene::new(&self.session, &self.props, &self.mark, &case.key(), attempt)
        };
        let outcome = case.probe().run(&mut scene).await;
        let before = made_before(&self.props.stage.borrow(), &scene.steps);
        Tried {
            breaches: scene.breaches,
            steps: Rc::new(scene.steps),
            before,
            judged: scene.judged,
            stop: outcome.err(),
            sent: self.session.sent(),
            borrowed: scene.borrowed,
        }
    }

    /// Makes the shared rows that one case builds on.
    async fn basics_for(&self, case: &Case) {
        let atlas = Arc::clone(&self.session.atlas);
        let all = Plan::new(
            &atlas,
            0,
            &Selection { laws: vec![id::VALID_ACCEPTED.to_owned()], ..Selection::default() },
        );
        for basic in
            all.cases.iter().filter(|basic| basic.phase == Phase::Basics && case.needs.contains(&basic.op.id))
        {
            self.attempt(basic, 0).await;
        }
    }

    async fn carry_out(&mut self, config: &RunConfig, other_key: bool) -> (Tally, Vec<Raw>) {
        let mut tally = Tally::default();
        let mut raws = Vec::new();
        let mut broken: HashSet<String> = HashSet::new();
        let cases = self.plan.cases.clone();
        let (mut basics, others): (Vec<_>, Vec<_>) =
            cases.iter().enumerate().partition(|(_, case)| case.phase == Phase::Basics);
        // Rows first, owners before what they own, whoever judges their making.
        for maker in self.makers(&cases) {
            let judged = basics.iter().position(|(_, case)| case.op.id == maker.op.id);
            let Some(place) = judged else {
                self.attempt(&maker, 0).await;
                continue;
            };
            let (order, case) = basics.remove(place);
            let tried = self.turn(case, other_key, &broken).await;
            if !Self::collect(case, order, &tried, &mut tally, &mut raws) {
                broken.insert(case.op.id.clone());
            }
        }
        for (order, case) in basics {
            let tried = self.turn(case, other_key, &broken).await;
            if !Self::collect(case, order, &tried, &mut tally, &mut raws) {
                broken.insert(case.op.id.clone());
            }
        }
        let this: &Self = self;
        let (broken, raws_so_far) = (&broken, raws);
        let mut done: Vec<(usize, &Case, Tried)> = Vec::new();
        // A case that walks over everybody's rows has the target to itself, so that the requests are the same however
        // many cases run beside each other otherwise.
        for group in others.chunk_by(|(_, one), (_, other)| !one.alone && !other.alone) {
            let turns = group.iter().map(|(order, case)| async move {
                (*order, *case, this.turn(case, other_key, broken).await)
            });
            done.extend(
                futures_util::stream::iter(turns)
                    .buffer_unordered(config.workers.max(1))
                    .collect::<Vec<_>>()
                    .await,
            );
        }
        done.sort_by_key(|(order, _, _)| *order);
        raws = raws_so_far;
        for (order, case, tried) in done {
            Self::collect(case, order, &tried, &mut tally, &mut raws);
        }
        for law in crate::law::catalogue().filter(|law| law.stated(&self.session.atlas)) {
            let unmet = !tally.knows(law.id);
            if unmet
                && (config.laws.is_empty()
                    || config.laws.iter().any(|pattern| crate::plan::matches(pattern, law.id)))
            {
                let why = "no answer of that kind was met".to_owned();
                tally.add(law.id, "", LawVerdict::NotJudged, 0, Some(why));
            }
        }
        (tally, raws)
    }

    /// The cases that make the shared rows which some cases need, owners before what they own. A narrow selection, or
    /// a share of a plan, leaves some of them out; the rows are made all the same, unjudged.
    fn makers(&self, cases: &[Case]) -> Vec<Case> {
        let needed: HashSet<&String> = cases.iter().flat_map(|case| &case.needs).collect();
        let law = crate::law::by_id(id::VALID_ACCEPTED);
        let all = law.map(|law| law.cases(&self.session.atlas, 0)).unwrap_or_default();
        let makes = |case: &Case| {
            case.phase == Phase::Basics
                && case.op.action() == schemas::Action::Create
                && needed.contains(&case.op.id)
        };
        all.into_iter().filter(makes).collect()
    }

    /// Tries a case, unless something it wants is not there.
    async fn turn(&self, case: &Case, other_key: bool, broken: &HashSet<String>) -> Tried {
        let not = |why: String| Tried {
            breaches: Vec::new(),
            steps: Rc::default(),
            before: Vec::new(),
            judged: Vec::new(),
            stop: Some(Stop::NotJudged(why)),
            sent: 0,
            borrowed: 0,
        };
        let tried = if case.wants == Wants::OtherKey && !other_key {
            let given = self.session.keys.other.is_some();
            not(if given { "the other key is refused" } else { "no --other-key was given" }.to_owned())
        } else if case.wants == Wants::RevokedKey && self.session.keys.revoked.is_none() {
            not("no --revoked-key was given".to_owned())
        } else if let Some(need) = case.needs.iter().find(|need| broken.contains(*need)) {
            not(format!("{need} does not work"))
        } else if self.session.is_over() {
            let why = if self.session.is_interrupted() {
                "interrupted"
            } else {
                "the time is used up, or the target is gone"
            };
            not(why.to_owned())
        } else if self.session.left() < case.cost_after(|act| self.props.acts.has(act)) {
            not("the requests are used up".to_owned())
        } else {
            self.tried_alone(case, self.attempt(case, 0).await).await
        };
        self.session.stream.emit(&Event::Tried { law: case.law.id, operation: case.op.id.clone() });
        tried
    }

    /// What looks wrong on rows that others share is tried on fresh ones: that story is shorter, and its own.
    async fn tried_alone(&self, case: &Case, shared: Tried) -> Tried {
        let broken = |tried: &Tried| tried.breaches.iter().find(|breach| breach.law == case.law.id).cloned();
        let Some(first) = broken(&shared).filter(|_| shared.borrowed > 0) else { return shared };
        let alone = self.attempt(case, ALONE).await;
        if broken(&alone).is_some_and(|again| again.class == first.class) { alone } else { shared }
    }

    /// Books what a case showed; `false` where the operation does not do what the case asked of it.
    fn collect(case: &Case, order: usize, tried: &Tried, tally: &mut Tally, raws: &mut Vec<Raw>) -> bool {
        let requests = tried.steps.len().saturating_sub(tried.borrowed);
        let breaches = resolve(case.law.id, &tried.breaches);
        for (law, operation) in &tried.judged {
            tally.add(law, operation, LawVerdict::Passed, 0, None);
        }
        let own = breaches.iter().any(|breach| breach.law == case.law.id);
        let crashed = breaches.iter().any(|breach| breach.law == id::NO_SERVER_ERROR);
        let refused = breaches.iter().any(|breach| matches!(breach.class.as_str(), "refused"));
        let (verdict, reason) = match (&tried.stop, own) {
            (_, true) => (LawVerdict::Violated, None),
            (Some(stop), false) => (LawVerdict::NotJudged, Some(reason(stop))),
            (None, false) if crashed => {
                (LawVerdict::NotJudged, Some("a server error came in between".to_owned()))
            }
            (None, false) => (LawVerdict::Passed, None),
        };
        tally.add(case.law.id, &case.op.id, verdict, requests, reason);
        for breach in breaches {
            tally.add(breach.law, &breach.operation, LawVerdict::Violated, 0, None);
            raws.push(Raw {
                breach,
                case: case.key(),
                order,
                steps: Rc::clone(&tried.steps),
                before: tried.before.clone(),
                sent: tried.sent,
            });
        }
        !(refused || crashed || tried.stop.is_some())
    }

    fn report(
        &self,
        config: &RunConfig,
        tally: Tally,
        found: Vec<Finding>,
        leftovers: Vec<crate::probe::Leftover>,
        begun: Instant,
    ) -> Report {
        let (laws_passed, laws_not_judged) = tally.counts();
        let (mut found, laws) = (found, tally.into_lines());
        let held = config.baseline.as_ref().map(|known| known.hold(&mut found, &laws, today()));
        let summary = Summary::of(&found, laws_passed, laws_not_judged);
        let interrupted = self.session.is_interrupted();
        let mut report = Report::new(&config.url, config.seed, &self.tag);
        report.requests = self.session.sent();
        report.throttled = self.session.throttled();
        report.duration_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        report.leftovers = leftovers.len();
        report.left = leftovers;
        report.interrupted = interrupted;
        report.contract = Some(ContractStamp::of(&config.contract));
        report.shard = config.shard;
        report.verdict = summary.verdict(config.strict);
        report.summary = summary;
        report.findings = found;
        report.laws = laws;
        report.baseline = held;
        report.redacted(&Redactor::new(&self.session.keys))
    }
}

fn reason(stop: &Stop) -> String {
    match stop {
        Stop::NotJudged(why) => why.clone(),
        Stop::Halt(halt) => halt.to_string(),
    }
}

/// A mark that no earlier run has used: a deleted row's values may not be free again.
pub(super) fn fresh_tag() -> String {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    let mixed = u64::try_from(since.as_millis()).unwrap_or(0) ^ (u64::from(std::process::id()) << 41);
    let text = crate::generate::base36(mixed);
    text[text.len().saturating_sub(9)..].to_owned()
}
