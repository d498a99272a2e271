//! One file: JSON or YAML text to a value with places.

use std::sync::Arc;

use serde_json::Value;

use super::document::Location;
use super::locate::{self, Places};
use crate::error::{LoadError, Problem};

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// JSON, told by the ending `.json`.
    Json,
    /// YAML 1.2, everything else.
    Yaml,
}

impl Format {
    /// Tells the format from a file name.
    pub fn of(name: &str) -> Self {
        let json =
            std::path::Path::new(name).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
        if json { Self::Json } else { Self::Yaml }
    }
}

/// A parsed file: its value, and where in the text each part stands.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// The file's name as given.
    pub name: Arc<str>,
    /// The content.
    pub value: Value,
    text: Arc<str>,
    places: Arc<std::sync::OnceLock<Places>>,
}

impl Parsed {
    /// The place of a JSON pointer, or of its nearest ancestor. The text is scanned for places on first use.
    pub fn locate(&self, pointer: &str) -> Location {
        let places = self.places.get_or_init(|| locate::places(&self.text));
        let (line, column) = places.nearest(pointer);
        Location { file: Arc::clone(&self.name), line, column }
    }
}

/// Parses a file's text. The format follows from the name.
pub fn parse(name: &str, text: &str) -> Result<Parsed, LoadError> {
    let at = |line: usize, column: usize| Location { file: name.into(), line, column };
    let fail =
        |location: Option<Location>, what: String| LoadError::one(name, Problem::new(location, "", what));
    let value = match Format::of(name) {
        Format::Json => serde_json::from_str(text).map_err(|error| {
            fail(Some(at(error.line(), error.column())), format!("not valid JSON: {error}"))
        })?,
        Format::Yaml => yaml_serde::from_str::<Value>(text).map_err(|error| {
            let place = error.location().map(|place| at(place.line(), place.column()));
            fail(place, format!("not valid YAML: {error}"))
        })?,
    };
    Ok(Parsed { name: name.into(), value, text: text.into(), places: Arc::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_yaml_tells_its_line() {
        let error = parse("a.yaml", "a: 1\nb: [1, 2\nc: 3\n").expect_err("an open bracket");
        let place = error.problems[0].location.as_ref().expect("a place");
        assert!(place.line >= 2, "{place}");
    }

    #[test]
    fn broken_json_tells_its_line() {
        let error = parse("a.json", "{\n \"a\": 1,\n}").expect_err("a trailing comma");
        assert_eq!(error.problems[0].location.as_ref().map(|place| place.line), Some(3));
    }

    #[test]
    fn places_point_at_the_key_of_a_mapping() {
        let parsed = parse("a.yaml", "a:\n  b:\n    - x\n    - {c: 1}\n").expect("valid");
        assert_eq!(parsed.locate("/a/b/1/c").line, 4);
        assert_eq!(parsed.locate("/a/b").line, 2);
        assert_eq!(parsed.locate("/a/zzz").line, 1);
    }

    #[test]
    fn places_work_for_json_text_with_tabs() {
        let parsed = parse("a.json", "{\n\t\"a\": {\n\t\t\"b\": 1\n\t}\n}").expect("valid");
        assert_eq!(parsed.locate("/a/b").line, 3);
    }
}
