//! What the program is told of a server behind it.

use std::path::PathBuf;

/// A real server behind the mock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpstreamOptions {
    /// Its base URL, which stands for the base path of the description.
    pub url: String,
    /// Every request goes there, not only those that the description does not know.
    pub validate: bool,
    /// The folder that real answers are kept in as examples.
    pub record: Option<PathBuf>,
}
