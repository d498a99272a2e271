//! The ids that a server gives, by the schema of the id.

use schemas::{Resource, Schema};
use serde_json::Value;

use crate::ids;

/// How the ids of a resource are made.
#[derive(Debug, Clone)]
pub(crate) enum IdForm {
    /// Whole numbers, counted; as a text where the schema wants one.
    Number {
        /// The first of them.
        first: u64,
        /// They are written as texts.
        text: bool,
    },
    /// A UUID of version 4.
    Uuid,
    /// A text of a pattern.
    Pattern(Box<Schema>),
    /// A text that says nothing, of this length at the most.
    Opaque(usize),
}

/// Whose the next id is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Turn<'a> {
    pub(crate) seed: u64,
    pub(crate) workspace: &'a str,
    pub(crate) resource: &'a str,
    /// How many rows were made before.
    pub(crate) made: u64,
    /// The number after the greatest there was.
    pub(crate) number: u64,
}

impl IdForm {
    /// The form that the schema of a resource's id admits.
    pub(crate) fn of(resource: &Resource) -> Self {
        let Some(property) = resource.schema.property(&resource.identity.id) else {
            return Self::Opaque(usize::MAX);
        };
        let schema = property.schema;
        let least = || schema.keyword("minimum").and_then(Value::as_u64).unwrap_or(1).max(1);
        if !schema.admits_type("string") && (schema.admits_type("integer") || schema.admits_type("number")) {
            return Self::Number { first: least(), text: false };
        }
        if schema.keyword("format").and_then(Value::as_str) == Some("uuid") {
            return Self::Uuid;
        }
        let longest = schema.keyword("maxLength").and_then(Value::as_u64);
        let longest = longest.and_then(|length| usize::try_from(length).ok()).unwrap_or(usize::MAX).max(1);
        let mut opaque = ids::opaque_id(0, "", &resource.name, 0);
        opaque.truncate(longest);
        if schema.is_valid(&opaque.into()) {
            return Self::Opaque(longest);
        }
        if ["1", "10", "999"].iter().all(|text| schema.is_valid(&Value::from(*text))) {
            return Self::Number { first: least(), text: true };
        }
        if schema.varied_text(0).is_some() {
            return Self::Pattern(Box::new(schema));
        }
        Self::Opaque(longest)
    }

    /// The next id.
    pub(crate) fn make(&self, turn: Turn<'_>) -> Value {
        let Turn { seed, workspace, resource, made, number } = turn;
        match self {
            Self::Number { first, text } => {
                let number = number.max(*first);
                if *text { number.to_string().into() } else { number.into() }
            }
            Self::Uuid => ids::uuid(seed, workspace, resource, made).into(),
            Self::Pattern(schema) => {
                let draw = ids::number(seed, workspace, resource, made);
                schema
                    .varied_text(draw)
                    .unwrap_or_else(|| ids::opaque_id(seed, workspace, resource, made))
                    .into()
            }
            Self::Opaque(longest) => {
                let mut id = ids::opaque_id(seed, workspace, resource, made);
                id.truncate(*longest);
                id.into()
            }
        }
    }
}
