//! The form of a record: what was asked, and what came back, as a YAML document.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::http::Redactor;

/// The observed behaviour of one operation for one class of input.
///
/// Values that any server would answer differently are placeholders in angle brackets: `<id#1>`, `<text>`, `<sent>`. What
/// does not begin with `<` is literal. Equal values share a number. `conformance/docs/records.md` lists them.
///
/// ```
/// let text = "request: GET /health\nclass: no key\nstatus: 200\nheaders:\n  content-type: application/json\n";
/// let record = conformance::record::Record::read(text).expect("a record");
/// assert_eq!(record.status, 200);
/// assert_eq!(record.render(), text);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Method and path below the base path; ids and made-up values are placeholders.
    pub request: String,
    /// The class of input, in words.
    pub class: String,
    /// The body that was sent, where it is JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sends: Option<Value>,
    /// The status of the answer.
    pub status: u16,
    /// The headers that are part of the behaviour, by name, lower case.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub headers: IndexMap<String, String>,
    /// The body of the answer; `None` for an empty one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
}

/// Why a text is no record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct FormatError {
    why: String,
}

impl Record {
    /// Reads a record; insta's front matter above it is left out.
    pub fn read(text: &str) -> Result<Self, FormatError> {
        let text = text.replace("\r\n", "\n");
        let document = below_front_matter(&text);
        if document.lines().any(|line| line.starts_with("<<<<<<< ") || line.starts_with(">>>>>>> ")) {
            return Err(FormatError {
                why: "it holds the marks of a merge that was not resolved".to_owned(),
            });
        }
        yaml_serde::from_str(document).map_err(|error| FormatError { why: error.to_string() })
    }

    /// The document, with a line break at its end.
    pub fn render(&self) -> String {
        yaml_serde::to_string(self).unwrap_or_else(|error| format!("# cannot be written: {error}\n"))
    }

    /// Hides secrets, wherever a server has put them.
    pub(crate) fn redact(&mut self, redactor: &Redactor) {
        redactor.text(&mut self.request);
        for value in self.headers.values_mut() {
            redactor.text(value);
        }
        for value in self.sends.iter_mut().chain(&mut self.body) {
            redactor.value(value);
        }
    }
}

/// Whether a text of a record stands for a value rather than being one.
pub fn is_placeholder(text: &str) -> bool {
    text.starts_with('<') && text.ends_with('>')
}

fn below_front_matter(text: &str) -> &str {
    let Some(rest) = text.strip_prefix("---\n") else { return text };
    rest.find("\n---\n").map_or(text, |end| &rest[end + "\n---\n".len()..])
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "request: POST /books
class: an ISBN that is taken
sends:
  title: <text>
  isbn: <isbn of another row>
status: 409
headers:
  content-type: application/json
  x-limit: <integer>
body:
  error:
    type: conflict
    code: isbn_taken
    message: <text>
    field: isbn
  rows:
  - id: <id#1>
    note: null
    open: true
    word: 'true'
";

    #[test]
    fn what_is_read_is_rendered_the_same() {
        let record = Record::read(TEXT).expect("a record");
        assert_eq!(record.render(), TEXT);
        let framed = format!("---\nsource: x.rs\ninfo:\n  a: 1\n---\n{TEXT}");
        assert_eq!(Record::read(&framed).as_ref(), Ok(&record));
        assert_eq!(Record::read(&framed.replace('\n', "\r\n")), Ok(record), "as checked out on Windows");
    }

    #[test]
    fn what_is_no_record_is_told_why() {
        for (text, why) in [
            ("", "missing field `request`"),
            ("request: GET /\nclass: a\nstatus: 200\nstate: 1\n", "unknown field `state`"),
            ("<<<<<<< ours\nrequest: GET /\n", "a merge that was not resolved"),
            ("request: [", "line 1"),
        ] {
            let error = Record::read(text).expect_err(text).to_string();
            assert!(error.contains(why), "{text:?}: {error}");
        }
    }

    #[test]
    fn only_a_text_in_angle_brackets_stands_for_another() {
        assert!(is_placeholder("<id#1>") && is_placeholder("<text>"));
        assert!(!is_placeholder("application/json") && !is_placeholder("<3"));
    }
}
