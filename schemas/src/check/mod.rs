//! Checks a document before anything is read from it.

mod cost;
mod form;
mod near;
mod numbers;
mod references;
mod told;
pub(crate) mod vocabulary;

use crate::error::{LoadError, Problem};
use crate::source::Document;
pub(crate) use told::told;

/// What is wrong with a document as it is written. What is no description at all is an error.
pub(crate) fn written(document: &Document) -> Result<Vec<Problem>, LoadError> {
    let version = form::Version::of(document)?;
    Ok(form::problems(document, version))
}

/// What is wrong with a document in the words of OpenAPI 3.1.
pub(crate) fn converted(document: &Document) -> Vec<Problem> {
    let mut problems = references::problems(document);
    problems.extend(vocabulary::problems(document));
    problems.extend(numbers::problems(document));
    problems.extend(cost::problems(document));
    problems
}

/// Puts problems in the order in which someone reads the files: the root first.
pub(crate) fn sort(document: &Document, problems: &mut Vec<Problem>) {
    problems.sort_by_key(|problem| {
        problem.location.as_ref().map(|place| (document.rank(&place.file), place.line, place.column))
    });
    problems.dedup();
}
