//! One file: JSON or YAML text to a value with places.

use std::sync::{Arc, OnceLock};

use serde_json::Value;

use super::locate::{self, Places};
use super::strict::{self, Strict};
use crate::error::{LoadError, Problem};
use crate::location::Location;

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// JSON, recognised by the ending `.json`.
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

/// A file's text, for telling where in it something stands.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    pub(crate) name: Arc<str>,
    text: Arc<str>,
    places: Arc<OnceLock<Places>>,
}

impl Source {
    /// The place of a JSON pointer, or of its nearest ancestor. The text is scanned for places on first use.
    pub(crate) fn locate(&self, pointer: &str) -> Location {
        let places = self.places.get_or_init(|| locate::places(&self.text));
        let (line, column) = places.nearest(pointer);
        Location { file: Arc::clone(&self.name), line, column }
    }
}

/// A parsed file: its value, and where in the text each part stands.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// The file's name as given.
    pub name: Arc<str>,
    /// The content.
    pub value: Value,
    pub(super) source: Source,
}

impl Parsed {
    /// The place of a JSON pointer, or of its nearest ancestor. The text is scanned for places on first use.
    pub fn locate(&self, pointer: &str) -> Location {
        self.source.locate(pointer)
    }
}

/// Parses a file's text. The format follows from the name. A key that is written twice is an error in both formats.
pub fn parse(name: &str, text: &str) -> Result<Parsed, LoadError> {
    // Some editors put a byte order mark before the text; it means nothing.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let at = |line: usize, column: usize| Location { file: name.into(), line, column };
    let fail =
        |location: Option<Location>, what: String| LoadError::one(name, Problem::new(location, "", what));
    let value = match Format::of(name) {
        Format::Json => {
            let Strict(value) = serde_json::from_str(text).map_err(|error| {
                fail(Some(at(error.line(), error.column())), format!("not valid JSON: {error}"))
            })?;
            value
        }
        Format::Yaml => {
            let Strict(mut value) = yaml_serde::from_str(text).map_err(|error| {
                let place = error.location().map(|place| at(place.line(), place.column()));
                fail(place, format!("not valid YAML: {error}"))
            })?;
            if text.contains("<<") {
                strict::merge(&mut value);
            }
            value
        }
    };
    let name: Arc<str> = name.into();
    let source = Source { name: Arc::clone(&name), text: text.into(), places: Arc::default() };
    Ok(Parsed { name, value, source })
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

    #[test]
    fn a_key_written_twice_is_refused_with_its_line() {
        for (name, text) in [("a.yaml", "a: 1\nb: 2\na: 3\n"), ("a.json", "{\n\"a\": 1,\n\"a\": 2}")] {
            let error = parse(name, text).expect_err("a is there twice");
            assert!(error.problems[0].what.contains("the key a is written twice"), "{error}");
            assert!(error.problems[0].location.is_some(), "{error}");
        }
    }

    #[test]
    fn merge_keys_fill_in_what_a_mapping_does_not_state() {
        let parsed = parse("a.yaml", "base: &base {x: 1, y: 2}\na:\n  <<: *base\n  y: 3\n").expect("valid");
        assert_eq!(parsed.value["a"], serde_json::json!({"y": 3, "x": 1}));
    }

    #[test]
    fn keys_that_yaml_takes_for_numbers_are_texts() {
        let parsed = parse("a.yaml", "200: ok\nnull: x\n1.5: y\n").expect("valid");
        assert_eq!(parsed.value["200"], "ok");
        assert_eq!(parsed.locate("/200").line, 1);
    }

    #[test]
    fn a_place_below_an_alias_is_where_its_anchor_stands() {
        let parsed = parse("a.yaml", "base: &base\n  x: 1\n  y:\n    z: 2\na: *base\n").expect("valid");
        assert_eq!(parsed.locate("/a").line, 5);
        assert_eq!(parsed.locate("/a/x").line, 2);
        assert_eq!(parsed.locate("/a/y/z").line, 4);
        assert_eq!(parsed.locate("/a/missing").line, 5);
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_text() {
        assert_eq!(parse("a.json", "\u{feff}{}").expect("valid").value, serde_json::json!({}));
    }
}
