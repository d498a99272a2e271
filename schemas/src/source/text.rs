//! One file: JSON or YAML text to a value with places.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use serde::de::DeserializeSeed as _;
use serde_json::Value;

use super::limits;
use super::locate::{self, Places};
use super::nesting;
use super::strict::{self, Reading};
use crate::error::{LoadError, Problem};
use crate::location::Location;
use crate::rule::Rule;

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

    /// Bytes of the text.
    pub(crate) fn length(&self) -> usize {
        self.text.len()
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
    /// The text, for telling places.
    pub(crate) fn source(&self) -> &Source {
        &self.source
    }

    /// The place of a JSON pointer, or of its nearest ancestor. The text is scanned for places on first use.
    pub fn locate(&self, pointer: &str) -> Location {
        self.source.locate(pointer)
    }
}

/// Parses a file's text. The format follows from the name. A key that is written twice is an error in both formats.
pub fn parse(name: &str, text: &str) -> Result<Parsed, LoadError> {
    // Some editors put a byte order mark before the text; it means nothing.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let value = match Format::of(name) {
        Format::Json => json(text, &Reading::strict()).map_err(|(place, what)| fail(name, place, what))?,
        Format::Yaml => yaml(text, &Reading::strict()).map_err(|(place, what)| fail(name, place, what))?,
    };
    Ok(parsed(name, text, value))
}

/// Parses a description's text as far as it can be read. What is odd about it is told: a key written twice, tabs where YAML has
/// none, more than one document, text in the other format than the name says.
pub(super) fn parse_leniently(name: &str, text: &str) -> Result<(Parsed, Vec<Problem>), LoadError> {
    if text.len() as u64 > limits::FILE_BYTES {
        let what = format!("the file is over {} MB", limits::FILE_BYTES >> 20);
        let help = "Split it, or leave out what is not needed.";
        let place = Some(Location { file: name.into(), line: 1, column: 1 });
        return Err(LoadError::one(
            name,
            Problem::new(place, "", what).with_help(help).under(Rule::Unreadable),
        ));
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let braced = text.trim_start().starts_with(['{', '[']);
    let attempts: &[Format] = match (Format::of(name), braced) {
        (Format::Json, true) => &[Format::Json],
        (Format::Json, false) | (Format::Yaml, true) => &[Format::Json, Format::Yaml],
        (Format::Yaml, false) => &[Format::Yaml],
    };
    let mut failed = None;
    for format in attempts {
        match attempt(*format, name, text) {
            Ok(done) => return Ok(done),
            // The format that the name says is the one whose error is told.
            Err(error) if failed.is_none() || *format == Format::of(name) => failed = Some(error),
            Err(_) => {}
        }
    }
    let (place, what) = failed.unwrap_or_default();
    let help = "Correct the text there; a linter of that format says more.";
    let mut error = fail(name, place.or(Some((1, 1))), what).under(Rule::Syntax);
    error.problems.iter_mut().for_each(|problem| problem.help = Some(help.to_owned()));
    Err(error)
}

type Failed = (Option<(usize, usize)>, String);

fn attempt(format: Format, name: &str, text: &str) -> Result<(Parsed, Vec<Problem>), Failed> {
    let mut odd: Vec<(String, &str)> = Vec::new();
    let reading = Reading::lenient();
    let mut used = Cow::Borrowed(text);
    let value = match format {
        Format::Json => json(text, &reading)?,
        Format::Yaml => match yaml(text, &reading) {
            Err((_, what)) if what.contains("tab character") => {
                let help = "Indent with spaces; YAML knows no tabs there.";
                odd.push(("there are tabs where YAML has spaces".to_owned(), help));
                used = Cow::Owned(without_tabs(text));
                yaml(&used, &reading)?
            }
            Err((_, what)) if what.contains("more than one document") => {
                let help = "Keep one description a file.";
                odd.push(("the file has more than one document; the first is read".to_owned(), help));
                used = Cow::Borrowed(first_document(text));
                yaml(&used, &reading)?
            }
            read => read?,
        },
    };
    if text.contains('\u{fffd}') {
        let help = "Save the file as UTF-8.";
        odd.push(("the file is not all UTF-8; what is not shows as \u{fffd}".to_owned(), help));
    }
    let parsed = parsed(name, &used, value);
    let mut problems: Vec<Problem> = odd
        .into_iter()
        .map(|(what, help)| {
            Problem::new(Some(parsed.locate("")), "", what).with_help(help).under(Rule::TextForm)
        })
        .collect();
    for at in reading.twice() {
        let key = crate::pointer::tokens(&at).last().unwrap_or_default();
        let what = format!("the key {key} is written twice; the last counts");
        let place = Some(parsed.locate(&at));
        let help = "Join both, or give one of them another name.";
        problems.push(Problem::new(place, at, what).with_help(help).under(Rule::KeyTwice));
    }
    Ok((parsed, problems))
}

fn json(text: &str, reading: &Reading) -> Result<Value, Failed> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = reading.deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
    value.map_err(|error| (Some((error.line(), error.column())), format!("not valid JSON: {error}")))
}

fn yaml(text: &str, reading: &Reading) -> Result<Value, Failed> {
    nesting::check(text).map_err(|(place, what)| (Some(place), format!("not to be read: {what}")))?;
    let mut value = reading.deserialize(yaml_serde::Deserializer::from_str(text)).map_err(|error| {
        let place = error.location().map(|place| (place.line(), place.column()));
        (place, format!("not valid YAML: {error}"))
    })?;
    if text.contains("<<") {
        strict::merge(&mut value);
    }
    Ok(value)
}

fn fail(name: &str, place: Option<(usize, usize)>, what: String) -> LoadError {
    let place = place.map(|(line, column)| Location { file: name.into(), line, column });
    LoadError::one(name, Problem::new(place, "", what))
}

fn parsed(name: &str, text: &str, value: Value) -> Parsed {
    let name: Arc<str> = name.into();
    let source = Source { name: Arc::clone(&name), text: text.into(), places: Arc::default() };
    Parsed { name, value, source }
}

/// The same lines with spaces for the tabs they begin with; lines without anything else are empty.
fn without_tabs(text: &str) -> String {
    let mut result = String::with_capacity(text.len() + 64);
    for line in text.split_inclusive('\n') {
        let rest = line.trim_start_matches([' ', '\t']);
        let indent = &line[..line.len() - rest.len()];
        if rest.trim().is_empty() {
            result.push_str(if line.ends_with('\n') { "\n" } else { "" });
        } else if indent.contains('\t') {
            result.push_str(&indent.replace('\t', "  "));
            result.push_str(rest);
        } else {
            result.push_str(line);
        }
    }
    result
}

/// The text up to where the second document begins.
fn first_document(text: &str) -> &str {
    let mut offset = 0;
    let mut begun = false;
    for line in text.split_inclusive('\n') {
        let marker = line.trim_end();
        if (marker == "---" || marker == "...") && begun {
            return &text[..offset];
        }
        begun |= !marker.is_empty() && marker != "---" && !marker.starts_with(['#', '%']);
        offset += line.len();
    }
    text
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
    fn places_work_for_json_with_letters_escaped_as_pairs() {
        let text = r#"{"a": "\ud83d\ude00 \\ud83d",
            "\ud83d\ude00": {
                "b": "\u00e9\n"}}"#;
        let parsed = parse("a.json", text).expect("valid");
        assert_eq!(parsed.locate("/\u{1f600}").line, 2);
        assert_eq!(parsed.locate("/\u{1f600}/b").line, 3);
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
