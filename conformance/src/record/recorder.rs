//! Carries the recipes out and keeps what comes back.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;

use super::format::Record;
use super::memory::Memory;
use super::recipe::{Recipe, named};
use super::recipes::recipes;
use super::shape::{self, Shot};
use super::shelf::RecordId;
use crate::atlas::{Atlas, Kin};
use crate::plan::{Wants, matches};
use crate::probe::Leftover;
use crate::report::{Event, Redactor, Stream};
use crate::run::{CannotJudge, Exchange, Props, RunConfig, Stop, Studio};

/// The try on fresh rows.
const FRESH: u32 = 1;

/// What was observed, and what could not be.
#[derive(Debug, Default)]
pub struct Recording {
    /// The records, in order.
    pub records: BTreeMap<RecordId, Record>,
    /// Classes of input that could not be provoked, with the reason.
    pub missing: BTreeMap<RecordId, String>,
    /// The folders that were asked for: what is not in them was not looked at.
    pub folders: Vec<String>,
    /// Requests that were sent.
    pub requests: usize,
    /// How long it took.
    pub took: Duration,
    /// Rows that could not be taken away.
    pub leftovers: Vec<Leftover>,
    /// Ended early by a signal.
    pub interrupted: bool,
}

/// Observes a target, one answer for each class of input of each operation, and takes away what was made.
pub async fn record(
    config: &RunConfig,
    stop: Arc<AtomicBool>,
    stream: Stream,
) -> Result<Recording, CannotJudge> {
    let begun = Instant::now();
    let atlas = Atlas::new(&config.contract);
    let all = recipes(&atlas);
    let wanted = |name: &str| {
        config.operations.is_empty() || config.operations.iter().any(|pattern| matches(pattern, name))
    };
    let chosen: Vec<Recipe> = all.into_iter().filter(|recipe| wanted(&recipe.id.operation)).collect();
    if chosen.is_empty() {
        return Err(CannotJudge::Nothing("no operation was selected".to_owned()));
    }
    let studio = Studio::open(config, stop, stream.clone()).await?;
    stream.emit(&Event::Planned {
        cases: chosen.len(),
        requests: chosen.iter().map(|recipe| recipe.cost).sum(),
        per_minute: studio.session.per_minute(),
    });
    let mut recording = Recording::default();
    for recipe in &chosen {
        if !recording.folders.contains(&recipe.id.operation) {
            recording.folders.push(recipe.id.operation.clone());
        }
    }
    let recorder =
        Recorder { atlas: &atlas, studio: &studio, redactor: config.redactor(), props: Props::default() };
    recorder.carry_out(&chosen, config.workers, &stream, &mut recording).await;
    stream.emit(&Event::Cleaning { rows: studio.session.owed() });
    recording.leftovers = studio.session.clean().await;
    recording.requests = studio.session.sent();
    recording.interrupted = studio.session.is_interrupted();
    recording.took = begun.elapsed();
    if recording.records.is_empty() && !recording.interrupted {
        let why = recording.missing.values().next().cloned();
        let mut why = why.unwrap_or_else(|| "nothing was observed".to_owned());
        if !recording.leftovers.is_empty() {
            let _ = write!(why, " ({} rows are left behind)", recording.leftovers.len());
        }
        return Err(CannotJudge::Nothing(why));
    }
    Ok(recording)
}

struct Recorder<'a> {
    atlas: &'a Atlas,
    studio: &'a Studio,
    redactor: Redactor,
    props: Props,
}

impl Recorder<'_> {
    async fn carry_out(&self, chosen: &[Recipe], workers: usize, stream: &Stream, into: &mut Recording) {
        let mut rows: Vec<Kin> = Vec::new();
        for kin in &self.atlas.kins {
            if chosen.iter().any(|recipe| recipe.rows.iter().any(|row| row.name == kin.name)) {
                rows.extend(self.owners(kin));
            }
        }
        let furnished = self.studio.furnish(&self.props, &rows, "shared", 0).await;
        let (alone, beside): (Vec<&Recipe>, Vec<&Recipe>) = chosen.iter().partition(|recipe| recipe.alone);
        let mut taken: Vec<(&Recipe, Result<Record, String>)> = Vec::new();
        for (group, at_once) in [(alone, 1), (beside, workers.max(1))] {
            let furnished = &furnished;
            let turns = group.into_iter().map(|recipe| async move {
                let outcome = match furnished {
                    Ok(()) => self.take(recipe).await,
                    Err(stop) => Err(reason(stop)),
                };
                stream.emit(&Event::Tried { law: "record", operation: recipe.operation.clone() });
                (recipe, outcome)
            });
            taken.extend(
                futures_util::stream::iter(turns).buffer_unordered(at_once).collect::<Vec<_>>().await,
            );
        }
        for (recipe, outcome) in taken {
            match outcome {
                Ok(record) => drop(into.records.insert(recipe.id.clone(), record)),
                Err(why) => drop(into.missing.insert(recipe.id.clone(), why)),
            }
        }
    }

    /// A resource after those whose rows own its rows.
    fn owners(&self, kin: &Kin) -> Vec<Kin> {
        let makers = self.atlas.makers(kin);
        let makes = |kin: &&Kin| kin.create.as_ref().is_some_and(|create| makers.contains(&create.id));
        self.atlas.kins.iter().filter(makes).cloned().collect()
    }

    /// One record, or why there is none.
    async fn take(&self, recipe: &Recipe) -> Result<Record, String> {
        let keys = &self.studio.session.keys;
        match recipe.wants {
            Wants::OtherKey if !self.studio.other_key => {
                let given = keys.other.is_some();
                return Err(
                    if given { "the other key is refused" } else { "no --other-key was given" }.to_owned()
                );
            }
            Wants::RevokedKey if keys.revoked.is_none() => {
                return Err("no --revoked-key was given".to_owned());
            }
            Wants::Nothing | Wants::OtherKey | Wants::RevokedKey => {}
        }
        let (record, refused) = self.once(recipe, &self.props, 0).await?;
        if refused || !recipe.refusal {
            return Ok(record);
        }
        // It went through on rows that others use as well: what it shows must not depend on what they did before.
        let props = Props::default();
        let op = self.atlas.operations.iter().find(|op| op.id == recipe.operation);
        let mut rows: Vec<Kin> = Vec::new();
        for kin in op.map(|op| named(self.atlas, op)).unwrap_or_default() {
            for owner in self.owners(&kin) {
                if !rows.iter().any(|known| known.name == owner.name) {
                    rows.push(owner);
                }
            }
        }
        self.studio
            .furnish(&props, &rows, &recipe.id.to_string(), FRESH)
            .await
            .map_err(|stop| reason(&stop))?;
        self.once(recipe, &props, FRESH).await.map(|(record, _)| record)
    }

    async fn once(&self, recipe: &Recipe, props: &Props, attempt: u32) -> Result<(Record, bool), String> {
        // Fresh rows are named after the recipe, so that no two tries meet.
        let key = format!("record/{}", recipe.id);
        let mut scene = self.studio.scene(props, &key, &recipe.operation, attempt);
        let exchange: Exchange = recipe.act().run(&mut scene).await.map_err(|stop| reason(&stop))?;
        let throttled = self.atlas.rules().rate_limit.as_ref().map(|rule| rule.rejection.status);
        if throttled == Some(exchange.status) {
            return Err("the target kept refusing for going too fast".to_owned());
        }
        let memory = Memory::before(self.atlas, &scene, &self.studio.tag, exchange.step);
        let shot = Shot {
            atlas: self.atlas,
            keys: &self.studio.session.keys,
            memory: &memory,
            exchange: &exchange,
            crowded: recipe.crowded,
        };
        let mut record = shape::record(&shot, &recipe.class);
        record.redact(&self.redactor);
        Ok((record, !exchange.is_success()))
    }
}

fn reason(stop: &Stop) -> String {
    match stop {
        Stop::NotJudged(why) => why.clone(),
        Stop::Halt(halt) => halt.to_string(),
    }
}
