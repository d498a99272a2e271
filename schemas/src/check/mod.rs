//! Checks a document before anything is read from it.

mod openapi;
mod references;
mod vocabulary;

use crate::error::LoadError;
use crate::source::Document;

/// Every problem of the document at once, in the order of the file.
pub(crate) fn check(document: &Document) -> Result<(), LoadError> {
    openapi::version(document)?;
    let mut problems = openapi::problems(document);
    problems.extend(references::problems(document));
    problems.extend(vocabulary::problems(document));
    if problems.is_empty() {
        return Ok(());
    }
    problems.sort_by_key(|problem| problem.location.as_ref().map(|place| (place.line, place.column)));
    Err(LoadError { subject: document.name().to_owned(), problems })
}
