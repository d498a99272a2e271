//! Statements put into the document that they are about.

use std::collections::HashMap;

use super::statement::Statement;
use crate::pointer;
use crate::source::{Change, Document, Origin};

/// Writes statements into a document, each where it stands.
pub(crate) fn apply(document: &mut Document, statements: &[Statement]) {
    document.change(|whole| {
        let mut parts = HashMap::new();
        for statement in statements {
            // What it is about may have become no object.
            if let Some(about) = whole.pointer_mut(&statement.target).filter(|about| about.is_object()) {
                pointer::set(about, &statement.key, statement.value.clone());
                parts.insert(statement.pointer(), Origin::Inferred(statement.target.clone()));
            }
        }
        vec![Change::Added(parts)]
    });
}
