//! What a recording knows of the rows it made: their ids, and what was sent for them.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use schemas::Action;
use serde_json::{Map, Value};

use crate::contract::{Api, Resource};
use crate::generate::{Namer, RunMark, shortened};
use crate::scenario::{CaseContext, Row, Step};

/// A shorter text counts as made up nowhere: it may be anything.
const SHORTEST: usize = 4;
/// What an id that no row has differs in from one that a row has.
const UNKNOWN_END: usize = 8;
/// Tokens of one cx that are looked at.
const TOKENS: usize = 48;

/// A row the recording made.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    /// Its resource.
    pub(super) resource: String,
    /// Its number in paths.
    pub(super) display: Option<String>,
    /// The property that holds the time it was made, with its value.
    pub(super) created: Option<String>,
    /// What was sent for each property last.
    pub(super) sent: Map<String, Value>,
}

/// What a recording knows when an answer comes.
#[derive(Debug, Default)]
pub(super) struct Memory {
    rows: HashMap<String, Known>,
    made_up: Vec<String>,
    /// The same by the lengths they were cut to.
    cut: RefCell<HashMap<usize, Vec<String>>>,
    stem: String,
}

impl Memory {
    /// What is known before a step of a cx: the shared rows, and what the cx did until then.
    pub(super) fn before(api: &Api, cx: &CaseContext, mark: &RunMark, step: usize) -> Self {
        let mut memory = Self { stem: mark.prefix(), ..Self::default() };
        for row in cx.state.shared_rows.borrow().rows() {
            memory.add(row);
        }
        for step in cx.story.steps().iter().take(step) {
            memory.learn(api, step);
        }
        let names = Namer::new(mark, &cx.key, cx.attempt.number());
        memory.made_up = (0..TOKENS).map(|_| names.token()).collect();
        memory
    }

    fn add(&mut self, row: &Rc<Row>) {
        self.learn_row(&row.resource, &row.value, row.created_by.request.body().cloned().unwrap_or_default());
    }

    fn learn(&mut self, api: &Api, step: &Step) {
        let Some(op) = step.request.op.as_ref().filter(|_| (200..300).contains(&step.status)) else { return };
        let Some(resource) = api.resource_of(op) else { return };
        if op.action() == Action::Create || op.changes_rows() {
            self.learn_row(resource, &step.response(), step.request.body().cloned().unwrap_or_default());
        }
    }

    fn learn_row(&mut self, resource: &Resource, value: &Value, sent: Map<String, Value>) {
        let Some(id) = resource.id_of(value) else { return };
        let known = self.rows.entry(id).or_default();
        known.resource.clone_from(&resource.name);
        known.display = resource.display_of(value).or(known.display.take());
        let created = resource.created.as_ref().and_then(|name| value.get(name)).and_then(Value::as_str);
        known.created = created.map(str::to_owned).or(known.created.take());
        known.sent.extend(sent);
    }

    /// The row with an opaque id.
    pub(super) fn row(&self, id: &str) -> Option<&Known> {
        self.rows.get(id)
    }

    /// Whether it is the number of a row of a resource.
    pub(super) fn is_display(&self, resource: &str, text: &str) -> bool {
        self.rows.values().any(|row| row.resource == resource && row.display.as_deref() == Some(text))
    }

    /// Whether a row was made at this time.
    pub(super) fn is_created(&self, text: &str) -> bool {
        self.rows.values().any(|row| row.created.as_deref() == Some(text))
    }

    /// Whether a text differs from the id of a row in its end alone: one that was made to name nothing.
    pub(super) fn is_like_an_id(&self, text: &str) -> bool {
        let ends_alike = |id: &str| {
            let keep = id.len().saturating_sub(UNKNOWN_END);
            keep > 0 && id.len() == text.len() && id.get(..keep) == text.get(..keep)
        };
        self.rows.keys().any(|id| ends_alike(id) && id != text)
    }

    /// The property of a row for which this text was sent.
    pub(super) fn property_of(&self, text: &str) -> Option<&str> {
        let found = self.rows.values().flat_map(|row| &row.sent).filter(|(_, sent)| *sent == text);
        // Rows come in no order.
        found.map(|(name, _)| name.as_str()).min()
    }

    /// Whether a text was made up for this recording, or holds one that was; in whatever case, with whatever around it.
    pub(super) fn is_made_up(&self, text: &str) -> bool {
        let text = text.trim().to_lowercase();
        text.contains(&self.stem) || self.is_cut(&text)
    }

    /// Whether it is what becomes of a text of the recording where there is room for less.
    fn is_cut(&self, text: &str) -> bool {
        let whole = self.made_up.iter().map(String::len).max().unwrap_or(0);
        if !(SHORTEST..whole).contains(&text.len()) || !text.bytes().all(|byte| byte.is_ascii_alphanumeric())
        {
            return false;
        }
        let mut cut = self.cut.borrow_mut();
        let cut = cut
            .entry(text.len())
            .or_insert_with(|| self.made_up.iter().map(|token| shortened(token, text.len())).collect());
        cut.iter().any(|cut| cut == text)
    }
}
