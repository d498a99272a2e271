//! What a difference at a key of the vocabulary means, written down as a table.

use super::rule::Rule;

/// What a difference at a key means.
#[derive(Debug, Clone, Copy)]
pub(super) enum How {
    /// Any difference is this change.
    Changed(&'static Rule),
    /// It is there or not; within, the walk goes on.
    There { added: &'static Rule, removed: &'static Rule },
    /// A number.
    Number { lowered: &'static Rule, raised: &'static Rule },
    /// A list of which the order does not matter.
    Members { added: &'static Rule, removed: &'static Rule },
    /// A list of objects: another length is this change, within them the walk goes on.
    List(&'static Rule),
    /// One of two words in a known order: moving up is one change, moving down another.
    Ranked { words: [&'static str; 2], up: &'static Rule, down: &'static Rule },
    /// True or false.
    Flag { set: &'static Rule, cleared: &'static Rule },
    /// Something else looks at it.
    Elsewhere,
}

/// What the keys along a path mean; `*` is any key.
pub(super) type Table = &'static [(&'static [&'static str], How)];
