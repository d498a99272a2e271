//! A place to act in where nobody judges: for what is observed rather than held to laws.

use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use schemas::Standing;

use super::config::RunConfig;
use super::engine::fresh_tag;
use super::ledger::keep_ledger;
use super::preflight::{CannotJudge, preflight};
use super::scene::{Props, Scene, Stop};
use crate::atlas::{Atlas, Kin};
use crate::generate::Extent;
use crate::probe::{Client, Limits, Session};
use crate::report::Stream;

/// A target that answers, and what is needed to talk to it.
pub(crate) struct Studio {
    pub(crate) session: Rc<Session>,
    pub(crate) tag: String,
    /// Whether the key of another workspace is let in.
    pub(crate) other_key: bool,
}

impl Studio {
    /// Asks the target the plainest questions, as a run does.
    pub(crate) async fn open(
        config: &RunConfig,
        stop: Arc<AtomicBool>,
        stream: Stream,
    ) -> Result<Self, CannotJudge> {
        let atlas = Arc::new(Atlas::new(&config.contract));
        let keys = config.keys();
        let client = Client::new(&config.url, &config.client).map_err(CannotJudge::Client)?;
        let limits = Limits { requests: config.max_requests, begun: Instant::now(), time: config.max_time };
        let session = Rc::new(Session::new(Arc::clone(&atlas), client, keys, limits, stop, stream));
        let cleared = preflight(&session, &config.url).await?;
        let tag = config.tag.clone().unwrap_or_else(fresh_tag);
        keep_ledger(&session, config, &tag, &cleared)?;
        Ok(Self { session, tag, other_key: cleared.other_key })
    }

    /// A scene whose texts follow from its key; those of another attempt are others.
    pub(crate) fn scene(&self, props: &Props, key: &str, operation: &str, attempt: u32) -> Scene {
        let scene = Scene::new(&self.session, props, &self.tag, key, attempt);
        Scene { operation: operation.to_owned(), ..scene }
    }

    /// Makes the rows that scenes share, owners before what they own: one to look at and one to delete of each resource.
    /// Where that fails it is noted, and those who want the row are told. Their texts follow from whom they are for.
    pub(crate) async fn furnish(
        &self,
        props: &Props,
        wanted: &[Kin],
        whose: &str,
        attempt: u32,
    ) -> Result<(), Stop> {
        for kin in wanted.iter().filter(|kin| kin.create.is_some()) {
            for spare in [false, true] {
                let key = format!("rows/{whose}/{}/{spare}", kin.name);
                let mut scene = self.scene(props, &key, "", attempt);
                match Self::make(&mut scene, props, kin).await {
                    Ok(row) if spare => props.stage.borrow_mut().set_spare(Rc::new(row)),
                    Ok(row) => props.stage.borrow_mut().set_base(Rc::new(row)),
                    Err(Stop::NotJudged(why)) => props.stage.borrow_mut().set_trouble(&kin.name, why),
                    Err(halt @ Stop::Halt(_)) => return Err(halt),
                }
            }
        }
        Ok(())
    }

    /// Makes a row of the least body; where the target wants more than the contract says, of a fuller one.
    async fn make(scene: &mut Scene, props: &Props, kin: &Kin) -> Result<super::row::Row, Stop> {
        let first = scene.make(kin).await;
        let (Err(Stop::NotJudged(_)), Some(create)) = (&first, &kin.create) else { return first };
        for standing in [Standing::Documented, Standing::Inferred] {
            props.stage.borrow_mut().set_least(&create.id, Extent::Full(standing));
            if let Ok(row) = scene.make(kin).await {
                return Ok(row);
            }
        }
        first
    }
}
