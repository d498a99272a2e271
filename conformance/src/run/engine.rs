//! One run, set up: a session with the target, a plan, and what its cases share.

use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::attempted::AttemptedCase;
use super::config::RunConfig;
use super::open::{Watch, open_session};
use super::preflight::CannotJudge;
use crate::contract::Api;
use crate::findings::{Stream, created_before};
use crate::generate::RunMark;
use crate::law::{Case, answer_laws};
use crate::plan::Plan;
use crate::scenario::{Attempt, CaseContext, RunState};
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
}

impl Engine {
    pub(super) fn new(
        config: &RunConfig,
        stop: Arc<AtomicBool>,
        stream: Stream,
    ) -> Result<Self, CannotJudge> {
        let api = Arc::new(Api::new(&config.contract));
        let plan = Plan::new(&api, config.seed, &config.selection());
        let session = Rc::new(open_session(config, api, stop, &stream, Watch::Traffic)?);
        let tag = config.tag.clone().unwrap_or_else(RunMark::fresh_tag);
        let mark = RunMark::new(&tag, config.shard.map(|shard| shard.index));
        let state = RunState::new(answer_laws(), config.seed);
        Ok(Self { session, plan, state, stream, tag, mark })
    }

    /// Tries a case once.
    pub(super) async fn attempt(&self, case: &Case, attempt: Attempt) -> AttemptedCase {
        let mut cx = CaseContext::new(&self.session, &self.state, &self.mark, &case.key(), attempt)
            .judging(case.law.id, &case.op.id, &case.place)
            .with_setups(Some(case.setup_names()));
        let outcome = case.run(&mut cx).await;
        let borrowed = cx.story.borrowed();
        let (steps, breaches, judged) = cx.story.into_parts();
        AttemptedCase {
            breaches,
            before: created_before(&self.state.shared_rows.borrow(), &steps),
            steps: Rc::new(steps),
            judged,
            error: outcome.err(),
            sent: self.session.sent(),
            borrowed,
        }
    }
}
