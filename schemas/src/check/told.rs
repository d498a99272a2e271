//! What a schema found wrong with a value, in words that show no more of it than its file may show.

use jsonschema::ValidationError;

use crate::source::Document;

/// Why the value at a pointer, where one is known, does not fit. A reference may lead to any file of this machine, so nothing that stands in
/// another file than the first is repeated: its place has to do.
pub(crate) fn told(document: &Document, at: Option<&str>, error: &ValidationError<'_>) -> String {
    let elsewhere = at.map_or_else(|| document.has_other_files(), |at| document.is_in_other_file(at));
    if elsewhere {
        format!("what stands here breaks `{}`", error.kind().keyword())
    } else if at == Some("") {
        // The whole description, with the files that were joined in.
        shorten(&error.masked_with("the description").to_string())
    } else {
        shorten(&error.to_string())
    }
}

/// Messages quote the whole value, which may be long: keep both ends.
fn shorten(message: &str) -> String {
    const MOST: usize = 240;
    let count = message.chars().count();
    if count <= MOST {
        return message.to_owned();
    }
    let head: String = message.chars().take(MOST / 2).collect();
    let tail: String = message.chars().skip(count - MOST / 2).collect();
    format!("{head} … {tail}")
}
