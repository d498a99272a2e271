//! Path templates.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What a path segment may hold as it is (RFC 3986 unreserved).
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A path with `{parameters}`, relative to the server's base path.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PathTemplate(String);

impl PathTemplate {
    /// Takes a path as the description writes it.
    pub fn new(path: impl Into<String>) -> Self {
        Self(path.into())
    }

    /// The path as the description writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The names of the parameters, in order.
    pub fn parameters(&self) -> impl Iterator<Item = &str> {
        self.0.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
    }

    /// Whether each brace has its other half, and no brace stands in another.
    pub(crate) fn is_balanced(&self) -> bool {
        let mut open = false;
        for character in self.0.chars() {
            match character {
                '{' if open => return false,
                '}' if !open => return false,
                '{' | '}' => open = !open,
                _ => {}
            }
        }
        !open
    }

    /// The path without the names of its parameters: two of one shape match the same requests.
    pub(crate) fn shape(&self) -> String {
        let mut shape = String::with_capacity(self.0.len());
        let mut rest = self.0.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            shape.push_str(before);
            shape.push_str("{}");
            rest = after.split_once('}').map_or("", |(_, tail)| tail);
        }
        shape.push_str(rest);
        shape
    }

    /// Fills in the parameters, percent-encoded as path segments; one without a value keeps its braces.
    ///
    /// ```
    /// let path = schemas::PathTemplate::new("/customers/{id}");
    /// assert_eq!(path.expand(|_| Some("a/b".to_owned())), "/customers/a%2Fb");
    /// ```
    pub fn expand(&self, mut value: impl FnMut(&str) -> Option<String>) -> String {
        let mut path = String::with_capacity(self.0.len() + 32);
        let mut rest = self.0.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            path.push_str(before);
            let (name, tail) = after.split_once('}').unwrap_or((after, ""));
            match value(name) {
                Some(value) => path.extend(utf8_percent_encode(&value, SEGMENT)),
                None => path.extend(["{", name, "}"]),
            }
            rest = tail;
        }
        path.push_str(rest);
        path
    }
}

impl fmt::Display for PathTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
