//! A session in which nobody judges: for what is observed rather than held to laws.

use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use schemas::Standing;

use crate::contract::Resource;
use crate::findings::Stream;
use crate::generate::{Extent, RunMark};
use crate::run::{CannotJudge, RunConfig, Watch, keep_ledger, open_session, preflight};
use crate::scenario::{Attempt, CaseContext, CaseError, Row, RunState};
use crate::session::Session;

/// A session with a target that answers, and what is needed to act in it.
pub(super) struct RecordingSession {
    pub(super) session: Rc<Session>,
    pub(super) mark: RunMark,
    /// Whether the key of another workspace is let in.
    pub(super) other_key: bool,
}

impl RecordingSession {
    /// Opens a session, with the same questions first as a run asks.
    pub(super) async fn open(
        config: &RunConfig,
        stop: Arc<AtomicBool>,
        stream: &Stream,
    ) -> Result<Self, CannotJudge> {
        let api = Arc::new(config.api());
        let session = Rc::new(open_session(config, api, stop, stream, Watch::Counts)?);
        let cleared = preflight(&session, &config.url).await?;
        let tag = config.tag.clone().unwrap_or_else(RunMark::fresh_tag);
        let mark = RunMark::new(&tag, None);
        keep_ledger(&session, config, &mark, &cleared)?;
        Ok(Self { session, mark, other_key: cleared.other_key })
    }

    /// A context whose texts follow from its key; those of another attempt are others.
    pub(super) fn context(
        &self,
        state: &RunState,
        key: &str,
        operation: &str,
        attempt: Attempt,
    ) -> CaseContext {
        CaseContext::new(&self.session, state, &self.mark, key, attempt).judging("", operation, "")
    }

    /// Creates the rows that recipes share, owners before what they own: one to look at and one to delete of each
    /// resource. Where that fails it is noted, and whoever wants the row gets the reason. Their texts follow from whom
    /// they are for.
    pub(super) async fn create_shared_rows(
        &self,
        state: &RunState,
        wanted: &[Resource],
        whose: &str,
        attempt: Attempt,
    ) -> Result<(), CaseError> {
        for resource in wanted.iter().filter(|resource| resource.create.is_some()) {
            for spare in [false, true] {
                let key = format!("rows/{whose}/{}/{spare}", resource.name);
                let mut cx = self.context(state, &key, "", attempt);
                let outcome = create_row(&mut cx, state, resource).await;
                let mut rows = state.shared_rows.borrow_mut();
                match outcome {
                    Ok(row) if spare => rows.set_spare(Rc::new(row)),
                    Ok(row) => rows.set_base(Rc::new(row)),
                    Err(CaseError::NotJudged(why)) => rows.set_missing(&resource.name, why),
                    Err(error @ (CaseError::Send(_) | CaseError::NotYet(_))) => return Err(error),
                }
            }
        }
        Ok(())
    }
}

/// Creates a row of the smallest body; where the target wants more than the contract says, of a fuller one.
async fn create_row(cx: &mut CaseContext, state: &RunState, resource: &Resource) -> Result<Row, CaseError> {
    let first = cx.create_row(resource).await;
    let (Err(CaseError::NotJudged(_)), Some(create)) = (&first, &resource.create) else { return first };
    for standing in [Standing::Documented, Standing::Inferred] {
        state.shared_rows.borrow_mut().set_least_extent(&create.id, Extent::Full(standing));
        if let Ok(row) = cx.create_row(resource).await {
            return Ok(row);
        }
    }
    first
}
