//! How a document came to be what it is: where its parts went, and what was added to it by whom.

use std::collections::HashMap;

use super::text::Source;
use crate::pointer;
use crate::versions::Moved;

/// One change of a document.
#[derive(Debug)]
pub(crate) enum Change {
    /// Parts went elsewhere.
    Moved(Moved),
    /// Parts were added, by their pointers.
    Added(HashMap<String, Origin>),
}

/// Where an added part comes from.
#[derive(Debug, Clone)]
pub(crate) enum Origin {
    /// It is written in a file, at a pointer of that.
    File(Source, String),
    /// It follows from the description; the pointer is that of what it is about.
    Inferred(String),
}

/// What stands at a pointer of a document, as it is written.
pub(super) enum Written<'h> {
    /// At a pointer of the description itself.
    Here(String),
    /// In another file, at a pointer of that.
    In(&'h Source, String),
}

/// Follows a pointer back through all changes.
pub(super) fn written<'h>(history: &'h [Change], pointer: &str) -> Written<'h> {
    let mut at = pointer.to_owned();
    for change in history.iter().rev() {
        match change {
            Change::Moved(moved) => at = moved.from(&at),
            Change::Added(parts) => match added(parts, &at) {
                Some((Origin::File(source, inner), rest)) => {
                    return Written::In(source, format!("{inner}{rest}"));
                }
                Some((Origin::Inferred(target), _)) => at.clone_from(target),
                None => {}
            },
        }
    }
    Written::Here(at)
}

fn added<'h, 'p>(parts: &'h HashMap<String, Origin>, at: &'p str) -> Option<(&'h Origin, &'p str)> {
    pointer::ancestors(at).find_map(|ancestor| Some((parts.get(ancestor)?, &at[ancestor.len()..])))
}
