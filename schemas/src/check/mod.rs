//! Checks a document before anything is read from it.

mod cost;
mod near;
mod numbers;
mod openapi;
mod references;
pub(crate) mod schemas;
mod told;
mod vocabulary;

use crate::error::{LoadError, Problem};
use crate::source::Document;
pub(crate) use told::told;

/// Every problem of the document at once, in the order of the file.
pub(crate) fn check(document: &Document) -> Result<(), LoadError> {
    openapi::version(document)?;
    let mut problems = openapi::problems(document);
    problems.extend(references::problems(document));
    problems.extend(vocabulary::problems(document));
    problems.extend(numbers::problems(document));
    problems.extend(cost::problems(document));
    if problems.is_empty() {
        return Ok(());
    }
    sort(document, &mut problems);
    Err(LoadError { subject: document.name().to_owned(), problems })
}

/// Puts problems in the order in which someone reads the files: the root first.
pub(crate) fn sort(document: &Document, problems: &mut Vec<Problem>) {
    problems.sort_by_key(|problem| {
        problem.location.as_ref().map(|place| (document.rank(&place.file), place.line, place.column))
    });
    problems.dedup();
}
