//! `x-contract-field`: what a property means beyond its type.

use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::Value;

use super::rejection::Rejection;
use super::standing::Standing;

/// The semantics of one property.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldRules {
    /// The server sets it; a value in a request is ignored.
    #[serde(default)]
    pub server_set: Option<Standing>,
    /// No two rows of the scope share a value that is not null.
    #[serde(default)]
    pub unique: Option<Unique>,
    /// How a value is changed on its way in, in order.
    #[serde(default)]
    pub normalize: Vec<Normalize>,
    /// The value of a row that was created without one.
    #[serde(default)]
    pub default: Option<DefaultValue>,
    /// It names a row of another resource; in a request by either id, in a response by the opaque one.
    #[serde(default)]
    pub references: Option<Reference>,
    /// At most one row of the scope has this value; setting it clears the others.
    #[serde(default)]
    pub exclusive: Option<Exclusive>,
    /// It reads as `value` whenever another field says so.
    #[serde(default)]
    pub derived: Option<Derived>,
    /// The server writes the time into it.
    #[serde(default)]
    pub stamp: Vec<Stamp>,
    /// Members of the enum whose standing differs from the rest.
    #[serde(default)]
    pub values: IndexMap<String, Standing>,
    /// It shows a part of a secret, never the whole: `credential`.
    #[serde(default)]
    pub redacts: Option<String>,
}

/// The rows among which a rule holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// All rows of the resource in one workspace.
    Workspace,
    /// All rows of the resource under one parent.
    Parent,
}

/// No two rows of the scope share a value that is not null.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unique {
    /// Among which rows.
    pub scope: Scope,
    /// How sure the scope is; where it is not documented, a check stays inside the narrower one.
    #[serde(default)]
    pub scope_standing: Standing,
    /// How sure the rule is.
    #[serde(default)]
    pub standing: Standing,
    /// How a taken value is answered.
    pub rejection: Rejection,
    /// Setting a row's own value again is no conflict.
    #[serde(default)]
    pub own_value: Option<Standing>,
    /// Of concurrent creates with one value exactly one wins.
    #[serde(default)]
    pub concurrent: Option<Standing>,
    /// Whether a deleted row's value may be used again.
    #[serde(default)]
    pub after_delete: Option<AfterDelete>,
}

/// Whether a deleted row's value may be used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AfterDelete {
    /// It may.
    pub free: bool,
    /// How sure that is.
    #[serde(default)]
    pub standing: Standing,
}

/// One change of a value on its way in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Normalize {
    /// What is done.
    pub to: Normalization,
    /// How sure that is.
    #[serde(default)]
    pub standing: Standing,
}

/// What is done to a text on its way in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Normalization {
    /// Lower case.
    Lowercase,
    /// Without white space at either end.
    Trim,
}

impl Normalization {
    /// Applies the change.
    pub fn apply(self, text: &str) -> String {
        match self {
            Self::Lowercase => text.to_lowercase(),
            Self::Trim => text.trim().to_owned(),
        }
    }
}

/// The value of a row that was created without one.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DefaultValue {
    /// The value.
    pub value: Value,
    /// How sure that is.
    #[serde(default)]
    pub standing: Standing,
}

/// The property names a row of another resource.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// The resource's name.
    pub resource: String,
    /// How an unknown row is answered; absent: as a read of that resource is answered.
    #[serde(default)]
    pub rejection: Option<Rejection>,
}

/// At most one row of the scope has this value.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exclusive {
    /// The value that only one row has.
    pub value: Value,
    /// Among which rows.
    pub scope: Scope,
    /// How sure that is.
    #[serde(default)]
    pub standing: Standing,
}

/// The property reads as `value` whenever `from` equals `equals`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Derived {
    /// What it reads as.
    pub value: Value,
    /// The field that decides, of the same row.
    pub from: String,
    /// The value that decides.
    pub equals: Value,
    /// How sure it is that rows are found by it.
    #[serde(default)]
    pub standing: Standing,
    /// How sure it is that answers show it; as sure as the rest where nothing is said.
    #[serde(default)]
    pub shown: Option<Standing>,
    /// Writing `value` sets the deciding field, writing another value clears it (a boolean).
    #[serde(default)]
    pub written: Option<Standing>,
}

/// The server writes the time into the property.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stamp {
    /// When.
    pub at: StampMoment,
    /// Only on this change; for `write`.
    #[serde(default)]
    pub when: Option<StampWhen>,
    /// How sure that is.
    #[serde(default)]
    pub standing: Standing,
}

/// When the time is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StampMoment {
    /// On every answer.
    Response,
    /// On a create or update.
    Write,
}

/// The change that causes a stamp. A stamp does not change once it is set, but entering again sets it again.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StampWhen {
    /// The field that changes.
    pub field: String,
    /// It becomes this value; it is cleared when the value is left again.
    #[serde(default)]
    pub enters: Option<Value>,
    /// It stops being this value.
    #[serde(default)]
    pub leaves: Option<Value>,
}
