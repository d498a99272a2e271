//! What one finding tells of the other operations that break the law in the same way.

use super::finding::Merged;

/// Operations of which one finding keeps the steps; the others are named.
const MOST: usize = 10;

/// Adds others, each operation once, as far as there is room.
pub(super) fn add(kept: &mut Vec<Merged>, more: impl IntoIterator<Item = Merged>) {
    for one in more {
        if kept.len() < MOST && !kept.iter().any(|known| known.operation == one.operation) {
            kept.push(one);
        }
    }
}
