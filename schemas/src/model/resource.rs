//! `x-contract-resource`: a schema whose rows are created, read, updated, deleted and listed.

use indexmap::IndexMap;
use serde::Deserialize;

use crate::schema::Schema;
use crate::vocabulary::FieldRules;
use crate::vocabulary::Rejection;
use crate::vocabulary::Standing;

/// A kind of row.
#[derive(Debug, Clone)]
pub struct Resource {
    /// The name operations use.
    pub name: String,
    /// Pointer of the schema in the document.
    pub pointer: String,
    /// How sure it is that there are such rows at all.
    pub standing: Standing,
    /// What a row looks like in a response.
    pub schema: Schema,
    /// Every property of a row, in the order of the schema.
    pub fields: IndexMap<String, Field>,
    /// The fields that name a row.
    pub identity: Identity,
    /// The field with the time of creation, by which lists are ordered.
    pub created: Option<String>,
    /// The field with the time of the last change.
    pub updated: Option<String>,
    /// The resource whose rows own these.
    pub parent: Option<Parent>,
    /// How a read of an unknown row is answered.
    pub not_found: Option<Rejection>,
    /// What a delete means.
    pub deletion: Deletion,
}

/// One property of a resource.
#[derive(Debug, Clone)]
pub struct Field {
    /// The property's name.
    pub name: String,
    /// What it means.
    pub rules: FieldRules,
    /// It is in every response.
    pub required: bool,
    /// How sure its presence and type are.
    pub standing: Standing,
    /// Pointer of the property in the document.
    pub pointer: String,
}

/// The fields that name a row.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// The opaque id.
    pub id: String,
    /// A number counted per workspace; a path value of digits alone means this one.
    #[serde(default)]
    pub display: Option<String>,
    /// Who gives a new row its id.
    #[serde(default)]
    pub assigned: Assigned,
}

/// Who gives a new row its id.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Assigned {
    /// The server.
    #[default]
    Server,
    /// Who creates it: the id is a natural key, which stands in the body.
    Client,
}

/// The resource whose rows own these.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parent {
    /// The resource's name.
    pub resource: String,
    /// The field that holds the parent's opaque id; absent where only the path names the owner.
    #[serde(default)]
    pub field: Option<String>,
}

/// What a delete means. An absent standing means that the statement is not made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deletion {
    /// A read answers as for an unknown row.
    #[serde(default)]
    pub read_gone: Option<Standing>,
    /// Lists leave it out.
    #[serde(default)]
    pub unlisted: Option<Standing>,
    /// Deleting it again answers the same.
    #[serde(default)]
    pub repeatable: Option<Standing>,
    /// Deleting what never existed is answered so.
    #[serde(default)]
    pub unknown: Option<Standing>,
    /// Rows it owns leave the lists with it.
    #[serde(default)]
    pub children_unlisted: Option<Standing>,
    /// Rows it owns can still be read.
    #[serde(default)]
    pub children_readable: Option<Standing>,
}

/// The extension as it is written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResourceRules {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) standing: Standing,
    pub(crate) identity: Identity,
    #[serde(default)]
    pub(crate) created: Option<String>,
    #[serde(default)]
    pub(crate) updated: Option<String>,
    #[serde(default)]
    pub(crate) parent: Option<Parent>,
    #[serde(default)]
    pub(crate) not_found: Option<Rejection>,
    #[serde(default)]
    pub(crate) deletion: Deletion,
}
