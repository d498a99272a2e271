//! What a response should be, for reports.

use std::fmt;

/// What a response should be, for reports.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Expected {
    /// The status, where one is stated.
    pub(crate) status: Option<u16>,
    /// The rest, in words.
    pub(crate) words: String,
}

impl Expected {
    /// A status and nothing else.
    pub(crate) fn status(status: u16) -> Self {
        Self { status: Some(status), words: String::new() }
    }

    /// Words without a status.
    pub(crate) fn words(words: impl Into<String>) -> Self {
        Self { status: None, words: words.into() }
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.status, self.words.as_str()) {
            (Some(status), "") => write!(f, "{status}"),
            (Some(status), words) => write!(f, "{status} {words}"),
            (None, words) => f.write_str(words),
        }
    }
}
