//! Plain valid values.

use schemas::{Property, Sampler, Schema, Standing};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::length::lengths_agree;
use super::names::{Namer, shortened};
use crate::contract::{Api, Operation, id_value, reference};

/// How deep values are filled in with what is optional.
const DEEPEST: usize = 4;

/// How much of a body to fill in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// What is required.
    Minimal,
    /// And what is optional, as far as it is at least this sure.
    Full(Standing),
}

/// Makes plain valid values for the bodies of one operation.
pub(crate) struct Valid<'a> {
    pub(crate) api: &'a Api,
    pub(crate) op: &'a Operation,
    pub(crate) names: &'a Namer,
    /// The id of a row of a resource, for a property that names one.
    pub(crate) row: &'a dyn Fn(&str) -> Option<String>,
}

/// How sure it is that a property may be sent.
pub(crate) fn presence(property: &Property) -> Standing {
    property.standing("properties")
}

impl Valid<'_> {
    /// A body, and how sure it is that all of it may be sent. `None` where none can be made.
    pub(crate) fn body(&self, extent: Extent) -> Option<(Map<String, Value>, Standing)> {
        let body = self.op.body.as_ref()?;
        let mut map = Map::new();
        let mut standing = Standing::Documented;
        for property in body.schema.properties() {
            let wanted = match extent {
                Extent::Minimal => property.required,
                Extent::Full(least) => property.required || presence(&property) <= least,
            };
            if !wanted {
                continue;
            }
            map.insert(property.name.clone(), self.value(&property, extent)?);
            standing = standing.weakest(presence(&property));
        }
        let whole = Value::Object(map);
        if body.schema.is_valid(&whole) {
            let Value::Object(map) = whole else { return None };
            return Some((map, standing));
        }
        match sample(&body.schema)? {
            Value::Object(map) => Some((map, standing)),
            _ => None,
        }
    }

    /// A value of a property.
    pub(crate) fn value(&self, property: &Property, extent: Extent) -> Option<Value> {
        if let Some(resource) = reference(property) {
            return (self.row)(&resource).map(|id| id_value(&property.schema, &id));
        }
        let rules = self.rules(&property.name);
        let unwanted = |value: &Value| {
            rules.as_ref().is_some_and(|rules| {
                rules.exclusive.as_ref().is_some_and(|rule| rule.value == *value)
                    || rules.derived.as_ref().is_some_and(|rule| rule.value == *value)
                    || rules.default.as_ref().is_some_and(|rule| rule.value == *value)
            }) || self.decides(&property.name, value)
        };
        let members = property.rules().ok().map(|rules| rules.values).unwrap_or_default();
        if let Some(options) = property.schema.keyword("enum").and_then(Value::as_array) {
            let sure = |value: &&Value| {
                value
                    .as_str()
                    .and_then(|name| members.get(name))
                    .is_none_or(|standing| *standing == Standing::Documented)
            };
            let usable = || options.iter().filter(|value| !value.is_null());
            return usable().filter(sure).find(|value| !unwanted(value)).or_else(|| usable().next()).cloned();
        }
        if property.schema.admits_type("boolean") {
            return Some(Value::Bool(!unwanted(&Value::Bool(true))));
        }
        self.whole(&property.schema, extent)
    }

    /// A value of a schema, with what is optional in it or without. Its texts are fresh, however deep they stand.
    pub(crate) fn whole(&self, schema: &Schema, extent: Extent) -> Option<Value> {
        self.at_depth(schema, extent, 0)
    }

    /// A value of a schema, by its type.
    fn at_depth(&self, schema: &Schema, extent: Extent, depth: usize) -> Option<Value> {
        if let Some(value) = schema.keyword("const") {
            return Some(value.clone());
        }
        if let Some(options) = schema.keyword("enum").and_then(Value::as_array) {
            let usable = |value: &&Value| !value.is_null() && schema.is_valid(value);
            return options.iter().find(usable).cloned().or_else(|| sample(schema));
        }
        let value = match schema.types().into_iter().find(|kind| *kind != "null") {
            Some("string") => Value::String(self.text(schema)?),
            Some("integer" | "number") => number(schema),
            Some("array") => {
                let items = schema.items();
                let item = items.and_then(|items| self.at_depth(&items, extent, depth + 1));
                Value::Array(item.into_iter().collect())
            }
            Some("boolean") => return sample(schema),
            _ => match self.object(schema, extent, depth) {
                Some(value) => value,
                None => return self.alternative(schema, extent, depth).or_else(|| sample(schema)),
            },
        };
        if schema.is_valid(&value) {
            return Some(value);
        }
        self.alternative(schema, extent, depth).or_else(|| sample(schema))
    }

    /// An object of the properties that are named; `None` where none is, or they are nested without an end.
    fn object(&self, schema: &Schema, extent: Extent, depth: usize) -> Option<Value> {
        let properties = schema.properties();
        if properties.is_empty() || depth > DEEPEST {
            return None;
        }
        let mut map = Map::new();
        for property in &properties {
            // What is optional far inside may be nested without an end.
            let optional = match extent {
                Extent::Minimal => false,
                Extent::Full(least) => depth < DEEPEST && presence(property) <= least,
            };
            if !property.required && !optional {
                continue;
            }
            match self.at_depth(&property.schema, extent, depth + 1) {
                Some(value) => map.insert(property.name.clone(), value),
                None if property.required => return None,
                None => continue,
            };
        }
        Some(Value::Object(map))
    }

    /// A value of the first alternative that has one.
    fn alternative(&self, schema: &Schema, extent: Extent, depth: usize) -> Option<Value> {
        let alternatives = if depth <= DEEPEST { schema.alternatives() } else { Vec::new() };
        alternatives.iter().find_map(|one| {
            let value = self.at_depth(one, extent, depth + 1)?;
            if schema.is_valid(&value) {
                return Some(value);
            }
            // What stands beside the alternatives holds for each of them.
            let (Value::Object(mut own), Some(Value::Object(shared))) =
                (value, self.object(schema, extent, depth))
            else {
                return None;
            };
            own.extend(shared);
            let whole = Value::Object(own);
            schema.is_valid(&whole).then_some(whole)
        })
    }

    fn text(&self, schema: &Schema) -> Option<String> {
        let token = self.names.token();
        match schema.keyword("format").and_then(Value::as_str) {
            Some("email") => return Some(format!("{token}@example.com")),
            Some("date-time") => return Some("2031-02-03T04:05:06.000Z".to_owned()),
            Some("uuid") => return Some(uuid(&token)),
            Some("uri" | "url" | "iri" | "uri-reference") => {
                return Some(format!("https://example.com/{token}"));
            }
            // What a file holds, and what one keeps to oneself, is a text like any other.
            Some("binary" | "password") | None => {}
            Some(_) => return sample(schema)?.as_str().map(str::to_owned),
        }
        if schema.keyword("pattern").is_some() && !schema.is_valid(&json!(token)) {
            return sample(schema)?.as_str().map(str::to_owned);
        }
        let length = |name: &str| {
            schema.keyword(name).and_then(Value::as_u64).and_then(|length| usize::try_from(length).ok())
        };
        let mut token = token;
        if let Some(most) = length("maxLength").filter(|most| token.len() > *most) {
            token = shortened(&token, most);
        }
        while token.len() < length("minLength").unwrap_or(0) {
            token.push('a');
        }
        Some(token)
    }

    /// The semantics of the field a property sets.
    fn rules(&self, name: &str) -> Option<&schemas::FieldRules> {
        self.api.resource_of(self.op)?.fields.get(name).map(|field| &field.rules)
    }

    /// Whether another field reads differently because of this value.
    fn decides(&self, name: &str, value: &Value) -> bool {
        self.api.resource_of(self.op).is_some_and(|resource| {
            resource
                .fields
                .values()
                .filter_map(|field| field.rules.derived.as_ref())
                .any(|rule| rule.from == name && rule.equals == *value)
        })
    }
}

/// A valid value as the schema or its examples have one, of a length that nobody can count as beyond a bound.
fn sample(schema: &Schema) -> Option<Value> {
    Sampler::new(schema).sample().filter(|value| lengths_agree(schema, value))
}

/// A UUID of version 4 that nobody else has, as sure as the token is nobody else's.
fn uuid(token: &str) -> String {
    let hex = hex_of(token);
    format!("{}-{}-4{}-8{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..32])
}

fn hex_of(token: &str) -> String {
    Sha256::digest(token.as_bytes()).iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

/// Some number inside the bounds, none of the usual defaults.
fn number(schema: &Schema) -> Value {
    let bound = |name: &str| schema.keyword(name).and_then(Value::as_i64);
    let exclusive = |name: &str, step: i64| bound(name).map(|limit| limit.saturating_add(step));
    let least = bound("minimum").or_else(|| exclusive("exclusiveMinimum", 1)).unwrap_or(0);
    let most = bound("maximum").or_else(|| exclusive("exclusiveMaximum", -1));
    let step = bound("multipleOf").filter(|step| *step > 0).unwrap_or(1);
    let wanted = (least.saturating_add(6) / step * step).saturating_add(step);
    json!(most.map_or(wanted, |most| wanted.min(most)))
}
