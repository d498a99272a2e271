//! The `x-contract…` keys: known, at a place where they mean something, and of the right form.

use std::sync::OnceLock;

use jsonschema::{Validator, error::ValidationErrorKind};
use serde_json::{Value, json};

use crate::error::Problem;
use crate::pointer;
use crate::source::Document;

const PREFIX: &str = "x-contract";
/// Keys that hold plain data, in which our keys are words like any other.
const DATA: [&str; 5] = ["example", "default", "enum", "const", "value"];

struct Vocabulary {
    schema: Value,
    keys: Vec<(String, Validator)>,
}

fn vocabulary() -> Option<&'static Vocabulary> {
    static VOCABULARY: OnceLock<Option<Vocabulary>> = OnceLock::new();
    VOCABULARY
        .get_or_init(|| {
            let schema: Value = serde_json::from_str(include_str!("../../x-contract.schema.json")).ok()?;
            let names = schema.get("properties")?.as_object()?.keys();
            let keys = names
                .map(|name| {
                    let mut one = schema.clone();
                    let root = one.as_object_mut()?;
                    root.retain(|key, _| key == "$defs" || key == "properties");
                    let properties = root.remove("properties")?;
                    root.insert("x-properties".to_owned(), properties);
                    root.insert("$ref".to_owned(), json!(format!("#/x-properties/{name}")));
                    let validator = jsonschema::options().offline().build(&one).ok()?;
                    Some((name.clone(), validator))
                })
                .collect::<Option<Vec<_>>>()?;
            Some(Vocabulary { schema, keys })
        })
        .as_ref()
}

pub(super) fn problems(document: &Document) -> Vec<Problem> {
    let Some(vocabulary) = vocabulary() else {
        return vec![document.problem("", "the built-in vocabulary schema cannot be compiled")];
    };
    let mut problems = Vec::new();
    walk(document, vocabulary, document.value(), "", &mut problems);
    problems
}

fn walk(document: &Document, vocabulary: &Vocabulary, value: &Value, at: &str, problems: &mut Vec<Problem>) {
    match value {
        Value::Object(map) => {
            for (key, child) in map {
                let here = pointer::join(at, key);
                if key.starts_with("x-") && key != Document::BUNDLE && !at.ends_with("/headers") {
                    extension(document, vocabulary, key, child, &here, problems);
                } else if at.ends_with("/properties") || !DATA.contains(&key.as_str()) {
                    walk(document, vocabulary, child, &here, problems);
                }
            }
        }
        Value::Array(items) => {
            for (index, child) in items.iter().enumerate() {
                walk(document, vocabulary, child, &format!("{at}/{index}"), problems);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn extension(
    document: &Document,
    vocabulary: &Vocabulary,
    key: &str,
    value: &Value,
    at: &str,
    problems: &mut Vec<Problem>,
) {
    let names = || vocabulary.keys.iter().map(|(name, _)| name.as_str());
    let Some((_, validator)) = vocabulary.keys.iter().find(|(name, _)| name == key) else {
        let near = nearest(key, names(), 3);
        if key.starts_with(PREFIX) || near.is_some() {
            let help = suggestion(near, names());
            problems.push(document.problem(at, format!("{key} is not in the vocabulary")).with_help(help));
        }
        return;
    };
    for error in validator.iter_errors(value) {
        let place = format!("{at}{}", error.instance_path());
        if let ValidationErrorKind::AdditionalProperties { unexpected } = error.kind() {
            for name in unexpected {
                let known = siblings(vocabulary, &error);
                let help = suggestion(
                    nearest(name, known.iter().map(String::as_str), 3),
                    known.iter().map(String::as_str),
                );
                let here = pointer::join(&place, name);
                problems
                    .push(document.problem(&here, format!("{name} is not a key of {key}")).with_help(help));
            }
        } else {
            let help = "See schemas/README.md for the form of this key.";
            problems
                .push(document.problem(&place, format!("{key} is not of its form: {error}")).with_help(help));
        }
    }
}

/// The names that would have been right where a name was not.
fn siblings(vocabulary: &Vocabulary, error: &jsonschema::ValidationError<'_>) -> Vec<String> {
    let path = error.schema_path().as_str().replace("/x-properties/", "/properties/");
    let owner = path.strip_suffix("/additionalProperties").unwrap_or(&path);
    let found = vocabulary
        .schema
        .pointer(owner)
        .and_then(|schema| schema.get("properties"))
        .and_then(Value::as_object);
    found.map(|map| map.keys().cloned().collect()).unwrap_or_default()
}

fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>, most: usize) -> Option<&'a str> {
    known
        .map(|name| (strsim::damerau_levenshtein(word, name), name))
        .filter(|(distance, name)| *distance <= most && *distance * 2 < name.len())
        .min()
        .map(|(_, name)| name)
}

fn suggestion<'a>(near: Option<&str>, known: impl Iterator<Item = &'a str>) -> String {
    match near {
        Some(name) => format!("Did you mean {name}?"),
        None => format!("Known here: {}.", known.collect::<Vec<_>>().join(", ")),
    }
}
