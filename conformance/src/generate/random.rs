//! Valid bodies by proptest: each property by its schema, optional ones there or not, each shrinking by itself.

use indexmap::IndexMap;
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy};
use proptest::sample::select;
use proptest::strategy::{BoxedStrategy, Union};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use schemas::{Property, Schema, Standing};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::bounds::bounds;
use super::length::within;
use super::text::is_prose;
use super::valid::presence;
use crate::contract::{Api, Operation, reference};

/// The longest text that is made where the contract states no bound.
const USUAL_LENGTH: usize = 64;
/// The longest text, and the most items, that any implementation takes where the bounds are merely assumed.
const SHORT: usize = 24;
const FEW: usize = 3;
/// The largest integer that every JSON reader keeps.
const LARGEST_SAFE: i64 = 9_007_199_254_740_991;
/// Letters of prose: several scripts, planes and signs; none that a server may normalise away, none at the edges.
const PROSE: &[char] = &[
    'a', 'Z', '0', '9', 'é', 'ß', 'Ж', 'ψ', 'م', 'ש', '東', '京', 'ü', 'ñ', '🚀', '𝄞', '\'', '"', '<', '>',
    '&', '\\', '/', '%', '{', '}', '-', '_', '.', ',', ';', '=', '+', '#', '@', '!', '?', '(', ')',
];

/// A generator whose values follow from the run's seed and the case alone.
pub(crate) fn runner(seed: u64, case: &str) -> TestRunner {
    let mut hash = Sha256::new();
    hash.update(seed.to_le_bytes());
    hash.update(case.as_bytes());
    let config = Config { failure_persistence: None, max_shrink_iters: 0, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &hash.finalize()))
}

/// Bodies for an operation of properties that are documented, without those whose values must be a row's own: what
/// names another row, what no two rows may share, and what decides how another property reads. `None` where nothing is left to vary.
pub(crate) fn bodies(api: &Api, op: &Operation) -> Option<BoxedStrategy<Map<String, Value>>> {
    let body = op.body.as_ref()?;
    let mut members: Vec<BoxedStrategy<Option<(String, Value)>>> = Vec::new();
    for property in body.schema.properties() {
        let unique = api
            .resource_of(op)
            .and_then(|resource| resource.fields.get(&property.name))
            .is_some_and(|field| field.rules.unique.is_some());
        // What another field is read from is left alone: sent beside that field it may contradict it.
        let decides = api.resource_of(op).is_some_and(|resource| {
            resource
                .fields
                .values()
                .filter_map(|field| field.rules.derived.as_ref())
                .any(|rule| rule.from == property.name)
        });
        if unique || decides || reference(&property).is_some() || presence(&property) > Standing::Inferred {
            continue;
        }
        let Some(values) = values(&property, is_prose(api, op, &property.name)) else { continue };
        let name = property.name.clone();
        let named = values.prop_map(move |value| Some((name.clone(), value)));
        members.push(if property.required {
            named.boxed()
        } else {
            Union::new([Just(None).boxed(), named.boxed()]).boxed()
        });
    }
    if members.is_empty() {
        return None;
    }
    Some(members.prop_map(|members| members.into_iter().flatten().collect()).boxed())
}

/// Bodies for an operation whose values all stand at a documented edge of what is valid, optional ones there or not. `None` where nothing has an edge.
pub(crate) fn edges(api: &Api, op: &Operation) -> Option<BoxedStrategy<Map<String, Value>>> {
    let mut values: IndexMap<String, Vec<Value>> = IndexMap::new();
    let follows = |name: &str| {
        api.resource_of(op).and_then(|resource| resource.fields.get(name)).is_some_and(|field| {
            field.rules.derived.is_some() || field.rules.exclusive.is_some() || field.rules.unique.is_some()
        })
    };
    // What must be unlike others has its longest tried alone, and what follows others may contradict them.
    for bound in bounds(api, op) {
        if bound.standing == Standing::Documented && !bound.tagged && !follows(&bound.field) {
            values.entry(bound.field).or_default().push(bound.value);
        }
    }
    if values.is_empty() {
        return None;
    }
    let members: Vec<_> = values
        .into_iter()
        .map(|(name, values)| {
            let named = select(values).prop_map(move |value| Some((name.clone(), value)));
            Union::new([Just(None).boxed(), named.boxed()])
        })
        .collect();
    Some(members.prop_map(|members| members.into_iter().flatten().collect()).boxed())
}

/// Values of a property that are valid for sure; `None` for a kind that is not generated.
fn values(property: &Property, prose: bool) -> Option<BoxedStrategy<Value>> {
    let schema = &property.schema;
    if let Some(options) = schema.keyword("enum").and_then(Value::as_array) {
        let rules = property.rules().ok()?;
        let sure = |value: &Value| {
            let standing = value.as_str().and_then(|name| rules.values.get(name)).copied();
            !value.is_null() && standing.unwrap_or_default() == Standing::Documented
        };
        let options: Vec<Value> = options.iter().filter(|value| sure(value)).cloned().collect();
        return (!options.is_empty()).then(|| select(options).boxed());
    }
    of_type(schema, prose)
}

fn of_type(schema: &Schema, prose: bool) -> Option<BoxedStrategy<Value>> {
    let number = |name: &str| {
        schema.keyword(name).and_then(Value::as_u64).and_then(|number| usize::try_from(number).ok())
    };
    match schema.types().into_iter().find(|kind| *kind != "null")? {
        "boolean" => Some(proptest::bool::ANY.prop_map(Value::Bool).boxed()),
        "integer" if schema.keyword("multipleOf").is_none() => {
            let usual = match schema.keyword("format").and_then(Value::as_str) {
                None | Some("int64") => LARGEST_SAFE,
                Some("int32") => i64::from(i32::MAX),
                Some(_) => return None,
            };
            let least = schema.keyword("minimum").and_then(Value::as_i64).unwrap_or(0);
            let most = schema.keyword("maximum").and_then(Value::as_i64).unwrap_or(usual);
            (least <= most).then(|| (least..=most).prop_map(|number| json!(number)).boxed())
        }
        "string" if schema.keyword("pattern").is_none() && schema.keyword("format").is_none() => {
            let mut least = number("minLength").unwrap_or(0).max(1);
            let mut most = number("maxLength").unwrap_or(USUAL_LENGTH);
            // Where nobody promised the bounds, an implementation may have closer ones.
            if schema.standing("maxLength") == Standing::Assumed {
                most = most.min(SHORT);
            }
            if schema.standing("minLength") == Standing::Assumed {
                least = least.max(FEW).min(most);
            }
            if least > most {
                return None;
            }
            let letters = if prose { PROSE.to_vec() } else { ('a'..='z').chain('0'..='9').collect() };
            // The length shrinks by halves; letter by letter it would take a request each.
            let text = (least..=most, vec(select(letters), most).no_shrink())
                .prop_map(move |(length, letters)| Value::String(within(letters, length, most)));
            Some(text.boxed())
        }
        "array" => {
            let items = of_type(&schema.items()?, false)?;
            let sure = schema.standing("maxItems") != Standing::Assumed;
            let most = number("maxItems").unwrap_or(8).min(if sure { 8 } else { FEW });
            (schema.keyword("uniqueItems").is_none() && number("minItems").unwrap_or(0) <= most)
                .then(|| vec(items, number("minItems").unwrap_or(0)..=most).prop_map(Value::Array).boxed())
        }
        _ => None,
    }
}
