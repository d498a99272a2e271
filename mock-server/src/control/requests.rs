//! What was sent and answered.

use schemas::advice;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{Instant, timeout_at};
use wildmatch::WildMatch;

use super::Control;
use super::call::Call;
use super::told::{Refusal, ok};
use crate::answer::Answer;
use crate::clock::parse_bound;
use crate::delivery::stopped;
use crate::journal::{Filter, JournalEntry, Secrets, Shown, StatusFilter};

/// How long a call waits at the most.
const MOST_WAIT: Duration = Duration::from_mins(1);
/// What of a request is left out where bodies are not wanted.
const LARGE: [&str; 4] = ["headers", "body", "answer_headers", "answer"];
/// How many paths are told that may have been meant.
const MOST_NEAR: usize = 3;

impl Control<'_> {
    pub(super) async fn list_requests(&self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let filter = self.filter(call)?;
        let bodies = call.flag("bodies").unwrap_or(true);
        let limit = call.number("limit").and_then(|limit| usize::try_from(limit).ok());
        let count = call.number("count").and_then(|count| usize::try_from(count).ok()).unwrap_or(1);
        let (mut shown, complete) = match call.query("wait") {
            None => (self.journal.find(&filter), None),
            Some(wait) => {
                let wait = duration(wait).filter(|wait| *wait <= MOST_WAIT).ok_or_else(|| {
                    Refusal::wrong("?wait", format!("{wait} is too long"), "Wait for up to 60 seconds.")
                })?;
                let shown = self.await_requests(&filter, count, Instant::now() + wait).await;
                let complete = shown.entries.len() >= count;
                (shown, Some(complete))
            }
        };
        if let Some(limit) = limit {
            let over = shown.entries.len().saturating_sub(limit);
            shown.entries.drain(..over);
        }
        let requests: Vec<Value> = shown.entries.iter().map(|entry| self.shown(entry, bodies)).collect();
        let mut body = json!({"seen": shown.seen, "dropped": shown.dropped, "requests": requests});
        if let Some(complete) = complete {
            body["complete"] = json!(complete);
        }
        Ok(ok(&body))
    }

    async fn await_requests(&self, filter: &Filter, count: usize, deadline: Instant) -> Shown {
        let mut news = self.journal.news();
        loop {
            news.mark_unchanged();
            let shown = self.journal.find(filter);
            if shown.entries.len() >= count {
                return shown;
            }
            tokio::select! {
                more = timeout_at(deadline, news.changed()) => {
                    if more.is_err() {
                        return self.journal.find(filter);
                    }
                }
                () = stopped(self.stopping.clone()) => return shown,
            }
        }
    }

    pub(super) fn get_request(&self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let id: u64 = call.path("id").parse().unwrap_or_default();
        let found = self.journal.find(&Filter { after: id.checked_sub(1), ..Filter::default() });
        if let Some(entry) = found.entries.first().filter(|entry| entry.id == id) {
            return Ok(ok(&self.shown(entry, true)));
        }
        let help = "GET /__mock/requests lists those that are kept.";
        Err(Refusal::unknown("id", format!("there is no request {id}"), help))
    }

    pub(super) fn clear_requests(&self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let workspace = self.workspace_of(call)?;
        Ok(ok(&json!({"cleared": self.journal.clear(workspace.as_deref())})))
    }

    /// What a call wants to see.
    pub(super) fn filter(&self, call: &Call<'_>) -> Result<Filter, Refusal> {
        let since = match call.query("since") {
            None => None,
            Some(text) => Some(parse_bound(text).ok_or_else(|| {
                Refusal::wrong(
                    "?since",
                    format!("{text} is no instant"),
                    "Write it as in 2026-05-26T17:21:09Z.",
                )
            })?),
        };
        let operation = call.query("operation");
        if let Some(glob) = operation {
            let names = || self.contract.operations().iter().map(|operation| operation.id.as_str());
            let matcher = WildMatch::new(glob);
            if !names().any(|id| matcher.matches(id)) {
                let what = format!("no operation is called {glob}");
                return Err(Refusal::wrong("?operation", what, advice(glob, names())));
            }
        }
        Ok(Filter {
            workspace: self.workspace_of(call)?.map(|name| name.to_string()),
            operation: operation.map(WildMatch::new),
            method: call.query("method").map(str::to_owned),
            path: call.query("path").map(WildMatch::new),
            status: call.query("status").and_then(StatusFilter::parse),
            since,
            after: call.number("after"),
            forced: call.flag("forced"),
        })
    }

    fn shown(&self, entry: &Arc<JournalEntry>, bodies: bool) -> Value {
        let mut shown = summary(entry, self.secrets, bodies);
        if bodies && entry.operation.is_none() && entry.status == 404 {
            shown["near"] = json!(self.near(entry.path()));
        }
        shown
    }

    /// Paths of the description that are most like one that it does not have.
    fn near(&self, path: &str) -> Vec<String> {
        let base = self.router.base();
        let below = path.strip_prefix(base).filter(|rest| rest.starts_with('/')).unwrap_or(path);
        let mut near: Vec<(usize, String)> = Vec::new();
        for operation in self.contract.operations() {
            let template = operation.path.as_str();
            let distance = distance(below, template);
            let told = format!("{} {base}{template}", operation.method);
            if distance <= below.len().max(3) / 3 && !near.iter().any(|(_, known)| *known == told) {
                near.push((distance, told));
            }
        }
        near.sort_by_key(|(distance, _)| *distance);
        near.into_iter().take(MOST_NEAR).map(|(_, told)| told).collect()
    }
}

/// A request as it is shown.
pub(super) fn summary(entry: &JournalEntry, secrets: &Secrets, bodies: bool) -> Value {
    let mut shown = entry.show(secrets);
    if let Some(members) = shown.as_object_mut().filter(|_| !bodies) {
        members.retain(|name, _| !LARGE.contains(&name.as_str()));
    }
    shown
}

/// How many letters differ between a path and a template, whose parameters fit anything.
fn distance(path: &str, template: &str) -> usize {
    let (sent, known): (Vec<&str>, Vec<&str>) = (path.split('/').collect(), template.split('/').collect());
    let pairs = sent.iter().zip(&known).map(|(sent, known)| {
        if known.starts_with('{') && !sent.is_empty() { 0 } else { strsim::damerau_levenshtein(sent, known) }
    });
    let longer = if sent.len() > known.len() { &sent[known.len()..] } else { &known[sent.len()..] };
    pairs.sum::<usize>() + longer.iter().map(|part| part.len() + 1).sum::<usize>()
}

/// `2s`, `500ms`, or milliseconds.
fn duration(text: &str) -> Option<Duration> {
    if let Some(number) = text.strip_suffix("ms") {
        return number.parse().ok().map(Duration::from_millis);
    }
    match text.strip_suffix('s') {
        Some(number) => number.parse().ok().map(Duration::from_secs),
        None => text.parse().ok().map(Duration::from_millis),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_in_a_path_is_near_its_template() {
        assert_eq!(distance("/custmers/7", "/customers/{id}"), 1);
        assert_eq!(distance("/customers/7/", "/customers/{id}"), 1);
        assert!(distance("/favicon.ico", "/customers") > 4);
    }
}
