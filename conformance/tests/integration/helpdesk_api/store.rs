//! What the desk keeps.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::answer::Answer;

/// Milliseconds between two things that happen.
const TICK: i64 = 10;
/// When the desk opened, in milliseconds; no instant shows a whole second.
const START: i64 = 1_893_456_000_003;

/// The kinds of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Board,
    Ticket,
    Remark,
}

impl Kind {
    pub(super) fn prefix(self) -> &'static str {
        match self {
            Self::Board => "brd",
            Self::Ticket => "tkt",
            Self::Remark => "rmk",
        }
    }

    /// The property that names the owner, and its kind.
    pub(super) fn owner(self) -> Option<(&'static str, Self)> {
        match self {
            Self::Board => None,
            Self::Ticket => Some(("board", Self::Board)),
            Self::Remark => Some(("ticket", Self::Ticket)),
        }
    }

    pub(super) fn unknown(self) -> Answer {
        let reason = match self {
            Self::Board => "no_such_board",
            Self::Ticket => "no_such_ticket",
            Self::Remark => "no_such_remark",
        };
        Answer::fault(404, reason, None)
    }
}

/// A row, as it is shown, and whether it is gone.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) kind: Kind,
    pub(super) fields: Map<String, Value>,
    pub(super) is_gone: bool,
}

impl Row {
    pub(super) fn text(&self, name: &str) -> &str {
        self.fields.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    pub(super) fn set(&mut self, name: &str, value: impl Into<Value>) {
        self.fields.insert(name.to_owned(), value.into());
    }

    pub(super) fn shown(&self) -> Value {
        Value::Object(self.fields.clone())
    }

    fn is_named(&self, id: &str) -> bool {
        let number = self.fields.get("number").map(Value::to_string);
        self.text("ref") == id || number.as_deref() == Some(id)
    }
}

/// One desk's rows, the oldest first, and the requests that count once.
#[derive(Clone, Debug, Default)]
pub(super) struct Workspace {
    pub(super) rows: Vec<Row>,
    /// By route and key: the body, and what it was answered.
    pub(super) once: HashMap<(String, String), (Vec<u8>, Answer)>,
}

impl Workspace {
    pub(super) fn all(&self, kind: Kind) -> impl DoubleEndedIterator<Item = &Row> {
        self.rows.iter().filter(move |row| row.kind == kind)
    }

    /// A row by either of its ids, gone or not.
    pub(super) fn position(&self, kind: Kind, id: &str) -> Option<usize> {
        self.rows.iter().position(|row| row.kind == kind && row.is_named(id))
    }

    /// A row that is there, by either of its ids.
    pub(super) fn find(&self, kind: Kind, id: &str) -> Option<&Row> {
        self.position(kind, id).map(|at| &self.rows[at]).filter(|row| !row.is_gone)
    }

    /// Whether lists show a row: it is there, and so is what owns it.
    pub(super) fn is_listed(&self, row: &Row) -> bool {
        let owned = row.kind.owner().is_none_or(|(field, kind)| {
            self.find(kind, row.text(field)).is_some_and(|owner| self.is_listed(owner))
        });
        !row.is_gone && owned
    }
}

/// Everything there is.
#[derive(Debug, Default)]
pub(super) struct World {
    ticks: i64,
    pub(super) desks: HashMap<&'static str, Workspace>,
    /// What a wrong answer remembers from one request to the next.
    pub(super) notes: HashMap<String, Value>,
}

impl World {
    pub(super) fn desk(&mut self, name: &'static str) -> &mut Workspace {
        self.desks.entry(name).or_default()
    }

    /// An instant later than any before.
    pub(super) fn now(&mut self) -> String {
        self.ticks += 1;
        let at = jiff::Timestamp::from_millisecond(START + self.ticks * TICK).expect("an instant");
        format!("{at:.3}")
    }

    /// An opaque id that no row of any desk has.
    pub(super) fn fresh_ref(&mut self, kind: Kind) -> String {
        self.ticks += 1;
        format!("{}_{:012x}", kind.prefix(), self.ticks * 7_919_003)
    }

    /// The number of times something was noted, this time included.
    pub(super) fn times(&mut self, what: &str) -> u64 {
        let seen = self.notes.get(what).and_then(Value::as_u64).unwrap_or(0) + 1;
        self.notes.insert(what.to_owned(), seen.into());
        seen
    }
}
