//! Valid values at the edge of what is valid.

use schemas::{Property, Standing};
use serde_json::{Value, json};

use super::names::shortened;
use super::text::is_prose;
use super::valid::presence;
use crate::contract::{Api, Operation, reference};

/// The largest whole number that every common JSON implementation keeps exactly.
const LARGEST_SAFE: u64 = 9_007_199_254_740_991;

/// A valid value at the edge of what is valid.
#[derive(Debug, Clone)]
pub(crate) struct Bound {
    /// The property.
    pub(crate) field: String,
    /// Which edge: a word for the case's name.
    pub(crate) edge: String,
    /// The value; a text is to be made unlike others where `tagged`.
    pub(crate) value: Value,
    /// Its beginning is to be replaced by a text of the run.
    pub(crate) tagged: bool,
    /// Somebody else may have it, and the rule by which no two rows do is answered then.
    pub(crate) unique: bool,
    /// How sure it is that it is valid.
    pub(crate) standing: Standing,
    /// Pointer of the statement in the contract.
    pub(crate) place: String,
}

/// The edges of every property of an operation's body.
pub(crate) fn bounds(api: &Api, op: &Operation) -> Vec<Bound> {
    let Some(body) = &op.body else { return Vec::new() };
    let mut found = Vec::new();
    for property in body.schema.properties() {
        if reference(&property).is_some() {
            continue;
        }
        let unique = api
            .resource_of(op)
            .and_then(|resource| resource.fields.get(&property.name))
            .is_some_and(|field| field.rules.unique.is_some());
        of_property(&property, unique, is_prose(api, op, &property.name), &mut found);
    }
    found.retain(|bound| {
        bound.tagged
            || body
                .schema
                .property(&bound.field)
                .is_some_and(|property| property.schema.is_valid(&bound.value))
    });
    found
}

fn of_property(property: &Property, unique: bool, prose: bool, found: &mut Vec<Bound>) {
    let schema = &property.schema;
    let mut add = |edge: String, value: Value, tagged: bool, keyword: &str, standing: Standing| {
        found.push(Bound {
            field: property.name.clone(),
            edge,
            value,
            tagged,
            unique,
            standing: presence(property).weakest(property.standing(keyword)).weakest(standing),
            place: schema.place_of(keyword),
        });
    };
    if let Some(options) = schema.keyword("enum").and_then(Value::as_array) {
        let members = property.rules().ok().map(|rules| rules.values).unwrap_or_default();
        for option in options.iter().filter(|option| !option.is_null()) {
            let standing = option.as_str().and_then(|name| members.get(name)).copied().unwrap_or_default();
            let name = option.as_str().map_or_else(|| option.to_string(), str::to_owned);
            add(format!("member-{name}"), option.clone(), false, "enum", standing);
        }
        return;
    }
    let number = |name: &str| schema.keyword(name).and_then(Value::as_u64);
    let sure = Standing::Documented;
    if schema.admits_type("string")
        && schema.keyword("format").is_none()
        && schema.keyword("pattern").is_none()
    {
        // The shortest texts are few: where no two rows may share one, somebody else may have it.
        match number("minLength").filter(|least| *least > 0) {
            Some(least) => add("shortest".to_owned(), json!(repeat('a', least)), unique, "minLength", sure),
            // That nothing at all is a text as well is not said.
            None => add("empty".to_owned(), json!(""), false, "type", Standing::Assumed),
        }
        if let Some(most) = number("maxLength").filter(|most| *most <= 100_000) {
            // Two bytes each in UTF-8, one unit in UTF-16: a length counted in bytes shows.
            let letter = if prose && !unique { 'é' } else { 'a' };
            add("longest".to_owned(), json!(repeat(letter, most)), unique, "maxLength", sure);
            if !prose && !unique {
                add(
                    "longest-in-letters".to_owned(),
                    json!(repeat('é', most)),
                    false,
                    "maxLength",
                    Standing::Inferred,
                );
            }
        } else if number("maxLength").is_none() {
            // No bound is stated, so none is to be expected; few say so in as many words.
            add("long".to_owned(), json!(repeat('a', 300)), unique, "type", Standing::Inferred);
        }
    }
    if schema.admits_type("integer") {
        if let Some(least) = schema.keyword("minimum") {
            add("least".to_owned(), least.clone(), false, "minimum", sure);
        }
        match schema.keyword("maximum") {
            Some(most) => add("most".to_owned(), most.clone(), false, "maximum", sure),
            None if schema.keyword("exclusiveMaximum").is_none() && schema.keyword("format").is_none() => {
                add("large".to_owned(), json!(LARGEST_SAFE), false, "type", sure);
            }
            None => {}
        }
    }
}

fn repeat(letter: char, count: u64) -> String {
    std::iter::repeat_n(letter, usize::try_from(count).unwrap_or(0)).collect()
}

impl Bound {
    /// The value, with a text of the run at its beginning where it must be unlike others.
    pub(crate) fn value(&self, token: &str) -> Value {
        match (&self.value, self.tagged) {
            (Value::String(text), true) => {
                let own = shortened(token, text.len());
                Value::String(format!("{own}{}", &text[own.len()..]))
            }
            (value, _) => value.clone(),
        }
    }
}
