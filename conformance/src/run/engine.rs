//! One run, set up: a session with the target, a plan, and what its cases share.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::attempted::AttemptedCase;
use super::beside::{PassingFailure, VanishedRow};
use super::config::RunConfig;
use super::open::{Watch, open_session};
use super::preflight::CannotJudge;
use super::sources::no_surer_than_sources;
use crate::findings::{Stream, created_before};
use crate::generate::RunMark;
use crate::law::{Case, answer_laws, answered_law};
use crate::plan::Plan;
use crate::scenario::{Attempt, CaseContext, RunState, Told};
use crate::session::Session;

/// One run, set up.
pub(super) struct Engine {
    pub(super) session: Rc<Session>,
    pub(super) plan: Plan,
    pub(super) state: RunState,
    pub(super) stream: Stream,
    /// The tag that all shards of the run share.
    pub(super) tag: String,
    /// The mark of the rows that it creates.
    pub(super) mark: RunMark,
    /// What failed and then did not.
    pub(super) passed: RefCell<Vec<PassingFailure>>,
    /// Shared rows that somebody else deleted.
    pub(super) vanished: RefCell<Vec<VanishedRow>>,
}

impl Engine {
    pub(super) fn new(
        config: &RunConfig,
        stop: Arc<AtomicBool>,
        stream: Stream,
    ) -> Result<Self, CannotJudge> {
        let api = Arc::new(config.api());
        let plan = Plan::new(&api, config.seed, &config.selection());
        let session = Rc::new(open_session(config, api, stop, &stream, Watch::Traffic)?);
        let tag = config.tag.clone().unwrap_or_else(RunMark::fresh_tag);
        let mark = RunMark::new(&tag, config.shard.map(|shard| shard.index));
        let state = RunState::new(answer_laws(), answered_law(), config.seed);
        Ok(Self {
            session,
            plan,
            state,
            stream,
            tag,
            mark,
            passed: RefCell::default(),
            vanished: RefCell::default(),
        })
    }

    /// Whether there are time and requests for one more try of a case, with set-ups of its own.
    pub(super) fn can_repeat(&self, case: &Case) -> bool {
        !self.session.is_over() && self.session.left() >= case.cost_after(|_| false)
    }

    /// Tries a case once.
    pub(super) async fn attempt(&self, case: &Case, attempt: Attempt) -> AttemptedCase {
        let mut cx = CaseContext::new(&self.session, &self.state, &self.mark, &case.key(), attempt)
            .judging(case.law.id, &case.op.id, &case.place)
            .with_setups(Some(case.setup_names()));
        let outcome = case.run(&mut cx).await;
        let Told { steps, mut breaches, judged, borrowed, passing, open } = cx.story.into_told();
        no_surer_than_sources(&self.session.api, case, &steps, &mut breaches);
        AttemptedCase {
            breaches,
            before: created_before(&self.state.shared_rows.borrow(), &steps),
            requests: steps.len().saturating_sub(borrowed),
            steps: Rc::new(steps),
            judged,
            error: outcome.err(),
            lost: None,
            sent: self.session.sent(),
            borrowed,
            passing,
            open,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::Secrets;

    /// Requests by which a case may exceed what it says: a second page, a row that happens to be read again.
    const TOLERANCE: usize = 2;

    /// The forecast, the budget and the order of the plan are built on what cases say they cost.
    #[tokio::test]
    async fn a_case_takes_about_the_requests_it_says() {
        let mock = mock_server::MockServer::builder().start().await.expect("a server");
        let contract = schemas::Contract::builtin().expect("loads");
        let secrets = Secrets {
            own: vec!["pivotal_test_ws_cost".to_owned()],
            other: Some("pivotal_test_other".to_owned()),
            revoked: Some("pivotal_test_revoked".to_owned()),
            ..Secrets::default()
        };
        let mut config = RunConfig::new(contract, mock.url(), secrets);
        config.max_requests = 1_000_000;
        let stop = Arc::new(AtomicBool::new(false));
        let mut engine = Engine::new(&config, stop, Stream::default()).expect("an engine");
        let cases = std::mem::take(&mut engine.plan.cases);
        let mut wrong = Vec::new();
        for case in &cases {
            let said = case.cost_after(|setup| engine.state.setups.has(setup));
            // A row that is left costs the request that deletes it.
            let spent = || engine.session.sent() + engine.session.owed();
            let before = spent();
            let tried = engine.attempt(case, Attempt::First).await;
            assert!(tried.error.is_none(), "{}: {:?}", case.key(), tried.error);
            let took = spent() - before;
            if took > said + TOLERANCE {
                wrong.push(format!("{}: says {said}, took {took}", case.key()));
            }
        }
        assert_eq!(engine.session.clean().await.len(), 0);
        assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), cases.len(), wrong.join("\n"));
    }
}
