//! The `x-contract…` keys: known, at a place where they mean something, and of the right form.

use std::sync::OnceLock;

use jsonschema::{ValidationError, Validator, error::ValidationErrorKind};
use serde_json::{Map, Value};

use super::near;
use crate::error::Problem;
use crate::nearest::slip;
use crate::pointer;
use crate::rule::Rule;
use crate::source::Document;
use crate::tree::{self, Visit};

const PREFIX: &str = "x-contract";
const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

struct Vocabulary {
    schema: Value,
    validator: Validator,
}

impl Vocabulary {
    /// The one schema is for any object that holds keys of ours beside its own.
    fn get() -> Option<&'static Self> {
        static VOCABULARY: OnceLock<Option<Vocabulary>> = OnceLock::new();
        VOCABULARY
            .get_or_init(|| {
                let schema: Value =
                    serde_json::from_str(include_str!("../../x-contract.schema.json")).ok()?;
                let validator = jsonschema::options().offline().build(&schema).ok()?;
                Some(Vocabulary { schema, validator })
            })
            .as_ref()
    }

    fn keys(&self) -> impl Iterator<Item = &str> {
        members(self.schema.get("properties"))
    }

    /// Whether a value has a member that `x-contract` itself has.
    fn looks_like_rules(&self, value: &Value) -> bool {
        members(self.schema.pointer("/properties/x-contract/properties"))
            .any(|name| value.get(name).is_some())
    }

    /// The names that would have been right where a name was not.
    fn siblings(&self, error: &ValidationError<'_>) -> Vec<&str> {
        let path = error.schema_path().as_str();
        let owner = path.rsplit_once('/').and_then(|(owner, _)| self.schema.pointer(owner));
        members(owner.and_then(|owner| owner.get("properties"))).collect()
    }
}

/// Whether a description says anything in this vocabulary. Where it does not, a key that only looks like one of it is somebody
/// else's.
pub(crate) fn is_used(document: &Document) -> bool {
    let Some(vocabulary) = Vocabulary::get() else { return false };
    let mut used = false;
    tree::visit(document.value(), &mut |visit| {
        used |= visit.map.iter().any(|(key, value)| {
            key.starts_with(PREFIX)
                && vocabulary.keys().any(|known| known == key)
                && (key != PREFIX || vocabulary.looks_like_rules(value))
        });
    });
    used
}

pub(super) fn problems(document: &Document) -> Vec<Problem> {
    let Some(vocabulary) = Vocabulary::get() else {
        let what = "the built-in vocabulary schema cannot be compiled";
        return vec![document.problem("", what).under(Rule::Vocabulary)];
    };
    let used = is_used(document);
    let rule = |key: &str, meant: Option<&str>, value: &Value| {
        let ours = used || meant.is_some_and(|meant| meant != PREFIX || vocabulary.looks_like_rules(value));
        match ours {
            true => Some(Rule::Vocabulary),
            false if key.starts_with(PREFIX) => Some(Rule::NearVocabulary),
            false => None,
        }
    };
    let mut problems: Vec<Problem> = Vec::new();
    tree::visit(document.value(), &mut |visit| {
        let mut ours = false;
        for (key, value) in visit.map {
            if !key.starts_with("x-") || key == Document::BUNDLE {
                continue;
            }
            let at = pointer::join(visit.at, key);
            if vocabulary.keys().any(|known| known == key) && used {
                ours = true;
                if let Some(home) = misplaced(key, visit) {
                    let problem = document.problem(&at, format!("{key} means nothing here"));
                    problems.push(problem.with_help(home).under(Rule::Vocabulary));
                }
                continue;
            }
            let meant = meant(vocabulary, key, value);
            if let Some(rule) = rule(key, meant, value).filter(|_| key.starts_with(PREFIX) || meant.is_some())
            {
                let help = near::help(meant, vocabulary.keys());
                let problem = document.problem(&at, format!("{key} is not in the vocabulary"));
                problems.push(problem.with_help(help).under(rule));
            }
        }
        if ours && !vocabulary.validator.is_valid(visit.value) {
            let errors: Vec<_> = vocabulary.validator.iter_errors(visit.value).collect();
            for error in errors.iter().filter(|error| !is_slip(vocabulary, error, &errors)) {
                let found = malformed(document, vocabulary, visit.at, error);
                problems.extend(found.into_iter().map(|problem| problem.under(Rule::Vocabulary)));
            }
        }
    });
    problems
}

/// Where a key belongs, when that is not here.
fn misplaced(key: &str, visit: Visit<'_, '_>) -> Option<&'static str> {
    let (owner, last) = visit.at.rsplit_once('/').unwrap_or(("", ""));
    let bundled = visit.at.starts_with(&format!("/{}/", Document::BUNDLE));
    let (fits, home) = match key {
        "x-contract" => (visit.at.is_empty(), "It belongs at the root of the description."),
        "x-contract-operation" => {
            (METHODS.contains(&last), "It belongs on an operation, such as paths./a.get.")
        }
        "x-contract-resource" => {
            (bundled || is_schema(owner, last), "It belongs on a schema, such as one of components.schemas.")
        }
        "x-contract-filter" => (visit.map.contains_key("in"), "It belongs on a parameter."),
        "x-contract-field" => (!visit.at.is_empty(), "It belongs on a property of a schema."),
        _ => (!visit.at.is_empty(), "It belongs on a schema, a property or a parameter."),
    };
    (!fits).then_some(home)
}

/// Whether a schema stands at a place that ends so.
fn is_schema(owner: &str, last: &str) -> bool {
    let holder = owner.rsplit('/').next().unwrap_or_default();
    ["schema", "items", "additionalProperties"].contains(&last)
        || ["schemas", "properties", "allOf", "anyOf", "oneOf", "$defs", "definitions"].contains(&holder)
}

/// The key of ours that a key is one slip away from.
fn meant<'v>(vocabulary: &'v Vocabulary, key: &str, value: &Value) -> Option<&'v str> {
    slip(key, vocabulary.keys()).filter(|meant| {
        // A short name has many neighbours: another's x-contact is no slip of ours, unless it holds our rules.
        key.starts_with(PREFIX) || *meant != PREFIX || vocabulary.looks_like_rules(value)
    })
}

/// Whether a key is only missing because it is misspelt, which is reported already.
fn is_slip(vocabulary: &Vocabulary, error: &ValidationError<'_>, all: &[ValidationError<'_>]) -> bool {
    let ValidationErrorKind::Required { property: Value::String(missing) } = error.kind() else {
        return false;
    };
    all.iter().filter(|other| other.instance_path() == error.instance_path()).any(|other| {
        match other.kind() {
            ValidationErrorKind::AdditionalProperties { unexpected } => {
                let meant = |name: &String| slip(name, vocabulary.siblings(other));
                unexpected.iter().any(|name| meant(name) == Some(missing))
            }
            _ => false,
        }
    })
}

fn malformed(
    document: &Document,
    vocabulary: &Vocabulary,
    at: &str,
    error: &ValidationError<'_>,
) -> Vec<Problem> {
    let inner = error.instance_path().as_str();
    let place = format!("{at}{inner}");
    let key = inner.split('/').nth(1).unwrap_or_default();
    let whole = inner.strip_prefix('/').unwrap_or_default().replace('/', ".");
    match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            let known = vocabulary.siblings(error);
            let one = |name: &String| {
                let help = near::help(slip(name, known.iter().copied()), known.iter().copied());
                let here = pointer::join(&place, name);
                document.problem(&here, format!("{name} is not a key of {whole}")).with_help(help)
            };
            unexpected.iter().map(one).collect()
        }
        ValidationErrorKind::PropertyNames { error: inner } => {
            let name = inner.instance().as_str().unwrap_or_default();
            let known = inner_options(inner);
            let help = near::help(slip(name, known.iter().copied()), known.iter().copied());
            let here = pointer::join(&place, name);
            vec![document.problem(&here, format!("{name} is not a key of {whole}")).with_help(help)]
        }
        ValidationErrorKind::Enum { options } => {
            let known: Vec<&str> =
                options.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            let word = error.instance().as_str().unwrap_or_default();
            let help = near::help(slip(word, known.iter().copied()), known.iter().copied());
            let what = format!("{} is not a value of {whole}", error.instance());
            vec![document.problem(&place, what).with_help(help)]
        }
        ValidationErrorKind::Maximum { limit } => {
            let what = format!("{whole} is {}, and may be {limit} at the most", error.instance());
            vec![document.problem(&place, what).with_help(format!("Write a number up to {limit}."))]
        }
        ValidationErrorKind::Minimum { limit } => {
            let what = format!("{whole} is {}, and must be {limit} at least", error.instance());
            vec![document.problem(&place, what).with_help(format!("Write a number from {limit} on."))]
        }
        _ => {
            let help = "See schemas/README.md for the form of this key.";
            vec![document.problem(&place, format!("{key} is not of its form: {error}")).with_help(help)]
        }
    }
}

fn inner_options<'e>(error: &'e ValidationError<'_>) -> Vec<&'e str> {
    match error.kind() {
        ValidationErrorKind::Enum { options } => {
            options.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
        }
        _ => Vec::new(),
    }
}

fn members(value: Option<&Value>) -> impl Iterator<Item = &str> {
    value.and_then(Value::as_object).into_iter().flat_map(Map::keys).map(String::as_str)
}
