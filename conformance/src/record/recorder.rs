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
use super::recording_session::RecordingSession;
use super::shape;
use super::shot::Shot;
use super::snapshot_store::RecordId;
use crate::contract::{Api, Resource, admits};
use crate::findings::{Event, Stream};
use crate::http::Redactor;
use crate::law::ExtraKey;
use crate::run::{CannotJudge, RunConfig};
use crate::scenario::{Attempt, Exchange, RunState};
use crate::session::Leftover;

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
    /// Rows that could not be deleted.
    pub leftovers: Vec<Leftover>,
    /// Ended early by a signal.
    pub interrupted: bool,
}

/// Observes a target, one answer for each class of input of each operation, and deletes what was created.
pub async fn record(
    config: &RunConfig,
    stop: Arc<AtomicBool>,
    stream: Stream,
) -> Result<Recording, CannotJudge> {
    let begun = Instant::now();
    let api = config.api();
    let all = recipes(&api);
    let wanted = |name: &str| admits(&config.operations, name);
    let chosen: Vec<Recipe> = all.into_iter().filter(|recipe| wanted(&recipe.id.operation)).collect();
    if chosen.is_empty() {
        return Err(CannotJudge::Nothing("no operation was selected".to_owned()));
    }
    let session = RecordingSession::open(config, stop, &stream).await?;
    stream.emit(&Event::Planned {
        cases: chosen.len(),
        requests: chosen.iter().map(|recipe| recipe.cost).sum(),
        per_minute: session.session.per_minute(),
    });
    let mut recording = Recording::default();
    for recipe in &chosen {
        if !recording.folders.contains(&recipe.id.operation) {
            recording.folders.push(recipe.id.operation.clone());
        }
    }
    let recorder =
        Recorder { api: &api, session: &session, redactor: config.redactor(), state: RunState::default() };
    recorder.carry_out(&chosen, config.workers, &stream, &mut recording).await;
    stream.emit(&Event::Cleaning { rows: session.session.owed() });
    recording.leftovers = session.session.clean().await;
    recording.requests = session.session.sent();
    recording.interrupted = session.session.is_interrupted();
    recording.took = begun.elapsed();
    // Both quote the target.
    for why in recording.missing.values_mut() {
        recorder.redactor.text(why);
    }
    for left in &mut recording.leftovers {
        recorder.redactor.text(&mut left.id);
        recorder.redactor.text(&mut left.reason);
    }
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
    api: &'a Api,
    session: &'a RecordingSession,
    redactor: Redactor,
    state: RunState,
}

impl Recorder<'_> {
    async fn carry_out(&self, chosen: &[Recipe], workers: usize, stream: &Stream, into: &mut Recording) {
        let mut rows: Vec<Resource> = Vec::new();
        for resource in &self.api.resources {
            if chosen.iter().any(|recipe| recipe.rows.iter().any(|row| row.name == resource.name)) {
                rows.extend(self.owners(resource));
            }
        }
        let shared = self.session.create_shared_rows(&self.state, &rows, "shared", Attempt::First).await;
        let (alone, beside): (Vec<&Recipe>, Vec<&Recipe>) = chosen.iter().partition(|recipe| recipe.alone);
        let mut taken: Vec<(&Recipe, Result<Record, String>)> = Vec::new();
        for (group, at_once) in [(alone, 1), (beside, workers.max(1))] {
            let shared = &shared;
            let turns = group.into_iter().map(|recipe| async move {
                let outcome = match shared {
                    Ok(()) => self.take(recipe).await,
                    Err(stop) => Err(stop.to_string()),
                };
                stream.emit(&Event::Tried {
                    law: "record",
                    operation: recipe.operation.clone(),
                    broken: Vec::new(),
                });
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
    fn owners(&self, resource: &Resource) -> Vec<Resource> {
        let makers = self.api.makers(resource);
        let makes =
            |resource: &&Resource| resource.create.as_ref().is_some_and(|create| makers.contains(&create.id));
        self.api.resources.iter().filter(makes).cloned().collect()
    }

    /// One record, or why there is none.
    async fn take(&self, recipe: &Recipe) -> Result<Record, String> {
        let keys = &self.session.session.keys;
        match recipe.wants {
            ExtraKey::OtherKey if !self.session.other_key => {
                let given = keys.other.is_some();
                return Err(
                    if given { "the other key is refused" } else { "no --other-key was given" }.to_owned()
                );
            }
            ExtraKey::RevokedKey if keys.revoked.is_none() => {
                return Err("no --revoked-key was given".to_owned());
            }
            ExtraKey::Nothing | ExtraKey::OtherKey | ExtraKey::RevokedKey => {}
        }
        let (record, refused) = self.once(recipe, &self.state, Attempt::First).await?;
        if refused || !recipe.refusal {
            return Ok(record);
        }
        // It went through on rows that others use as well: what it shows must not depend on what they did before.
        let state = RunState::default();
        let op = self.api.operations.iter().find(|op| op.id == recipe.operation);
        let mut rows: Vec<Resource> = Vec::new();
        for resource in op.map(|op| named(self.api, op)).unwrap_or_default() {
            for owner in self.owners(&resource) {
                if !rows.iter().any(|known| known.name == owner.name) {
                    rows.push(owner);
                }
            }
        }
        self.session
            .create_shared_rows(&state, &rows, &recipe.id.to_string(), Attempt::FreshRows)
            .await
            .map_err(|stop| stop.to_string())?;
        self.once(recipe, &state, Attempt::FreshRows).await.map(|(record, _)| record)
    }

    async fn once(
        &self,
        recipe: &Recipe,
        state: &RunState,
        attempt: Attempt,
    ) -> Result<(Record, bool), String> {
        // Fresh rows are named after the recipe, so that no two tries meet.
        let key = format!("record/{}", recipe.id);
        let mut cx = self.session.context(state, &key, &recipe.operation, attempt);
        let exchange: Exchange = recipe.act().run(&mut cx).await.map_err(|stop| stop.to_string())?;
        let throttled = self.api.rules().rate_limit.as_ref().map(|rule| rule.rejection.status);
        if throttled == Some(exchange.status) {
            return Err("the target kept refusing for going too fast".to_owned());
        }
        let memory = Memory::before(self.api, &cx, &self.session.mark, exchange.step);
        let shot = Shot {
            api: self.api,
            keys: &self.session.session.keys,
            memory: &memory,
            exchange: &exchange,
            crowded: recipe.crowded,
        };
        let mut record = shape::record(&shot, &recipe.class);
        record.redact(&self.redactor);
        Ok((record, !exchange.is_success()))
    }
}
