//! What a plain description implies and does not say: the resources, what operations do to them, and what properties mean.
//! Whatever has keys of the vocabulary of its own is left as it is.

mod apply;
mod calls;
mod fields;
mod find;
mod identity;
mod pages;
mod print;
mod rows;
mod statement;
mod tell;
mod view;
mod words;

pub(crate) use apply::apply;
pub(crate) use print::overlay;
pub use statement::Statement;

use crate::source::Document;

/// Everything that a description implies, in the order of its paths.
pub(crate) fn statements(document: &Document) -> Vec<Statement> {
    let view = view::View::new(document);
    let calls = calls::calls(&view);
    // What says everything itself is not looked at.
    if calls.iter().all(|call| call.annotated.is_some()) {
        return Vec::new();
    }
    let finder = find::Finder::new(&view, &calls);
    let found = finder.resources();
    tell::statements(&view, &calls, &found)
}
