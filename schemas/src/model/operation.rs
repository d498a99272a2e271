//! Operations.

use std::fmt;

use indexmap::IndexMap;
use serde::Deserialize;

use super::media::{Body, Response};
use super::parameter::{Parameter, ParameterLocation};
use super::path::PathTemplate;
use super::security::Security;
use crate::vocabulary::{Pages, Pagination, Standing};

/// One method on one path.
#[derive(Debug, Clone)]
pub struct Operation {
    /// The operationId; made of method and path where the description gives none.
    pub id: String,
    /// The method.
    pub method: Method,
    /// The path, relative to the base path.
    pub path: PathTemplate,
    /// The base path, where its own servers or those of its path give it another than the contract's.
    pub base_path: Option<String>,
    /// Pointer of the operation in the document.
    pub pointer: String,
    /// One line about it.
    pub summary: Option<String>,
    /// Its parameters, the path's included.
    pub parameters: Vec<Parameter>,
    /// Its JSON body, if it takes one.
    pub body: Option<Body>,
    /// Its responses, in the order of the description.
    pub responses: Vec<Response>,
    /// What it does to which resource.
    pub role: Option<Role>,
    /// How its rows are paged, for a list: as it says itself, else as the whole API does. `None`: all rows at once.
    pub pages: Option<Pagination>,
    /// The credentials that it asks for.
    pub security: Security,
    /// No key is needed.
    pub open: bool,
    /// Kept for old clients only.
    pub deprecated: bool,
}

impl Operation {
    /// The response for a status: the exact one, else its class, else `default`.
    pub fn response(&self, status: u16) -> Option<&Response> {
        self.responses
            .iter()
            .filter(|response| response.status.matches(status))
            .min_by_key(|response| response.status)
    }

    /// The first response that means success.
    pub fn success(&self) -> Option<&Response> {
        self.responses.iter().find(|response| response.status.is_success())
    }

    /// The parameters at a location.
    pub fn parameters_in(&self, location: ParameterLocation) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().filter(move |parameter| parameter.location == location)
    }

    /// A parameter by name and location; header names in any case.
    pub fn parameter(&self, location: ParameterLocation, name: &str) -> Option<&Parameter> {
        self.parameters_in(location).find(|parameter| {
            parameter.name == name
                || (location == ParameterLocation::Header && parameter.name.eq_ignore_ascii_case(name))
        })
    }

    /// The path parameter that names the row it acts on: the one that is stated, else the last that names no owner.
    pub fn key_parameter(&self) -> Option<&str> {
        let role = self.role.as_ref()?;
        if let Some(key) = &role.key {
            return Some(key);
        }
        if matches!(role.action, Action::List | Action::Create) {
            return None;
        }
        let owners: Vec<&str> = role.owners().collect();
        self.path.parameters().filter(|name| !owners.contains(name)).last()
    }

    /// The resource it acts on and how, where both are known.
    pub fn acts(&self) -> Option<(&str, Action)> {
        let role = self.role.as_ref()?;
        Some((role.resource.as_deref()?, role.action))
    }
}

/// `x-contract-operation`: what an operation does.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// The resource's name; absent for `identity`.
    #[serde(default)]
    pub resource: Option<String>,
    /// What it does.
    #[serde(default)]
    pub action: Action,
    /// How sure it is that it does so.
    #[serde(default)]
    pub standing: Standing,
    /// The path parameters that name the owners of the rows.
    #[serde(default)]
    pub parent: Option<ParentParameter>,
    /// The path parameter that names the row; see [`Operation::key_parameter`].
    #[serde(default)]
    pub key: Option<String>,
    /// JSON pointer of the row in the answer; empty where the answer is the row.
    #[serde(default)]
    pub row: String,
    /// JSON pointer of the row in the body of a request; empty where the body is the row.
    #[serde(default)]
    pub body_row: String,
    /// A create answers with the place of the row, in `Location`, and shows no row.
    #[serde(default)]
    pub location: bool,
    /// How the rows of this list are paged, where that is not as in the whole API.
    #[serde(default)]
    pub pages: Option<Pages>,
    /// With what care it is called.
    #[serde(default)]
    pub call: Option<Call>,
    /// How sure each status of this operation is; documented where not named.
    #[serde(default)]
    pub statuses: IndexMap<String, Standing>,
}

impl Role {
    /// The path parameters that name owners, the nearest first.
    pub fn owners(&self) -> impl Iterator<Item = &str> {
        self.parent.iter().flat_map(|parent| {
            std::iter::once(parent.parameter.as_str()).chain(parent.ancestors.iter().map(String::as_str))
        })
    }
}

/// The path parameters that name the owners of the rows.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ParentParameter {
    /// The parameter's name; the resource is the listed one's parent.
    pub parameter: String,
    /// The parameters that name the owner's owner, and so on outwards.
    #[serde(default)]
    pub ancestors: Vec<String>,
}

/// With what care an operation is called by who judges an implementation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Call {
    /// Not at all.
    Never,
    /// While nothing else is running.
    Alone,
}

/// What an operation does to its resource.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Nothing the vocabulary has a word for.
    #[default]
    Other,
    /// Pages of rows.
    List,
    /// A new row.
    Create,
    /// One row.
    Read,
    /// Some fields of one row.
    Update,
    /// All of one row: what is left out is as in a new row.
    Replace,
    /// All of one row, which comes to be where there is none.
    Upsert,
    /// One row goes.
    Delete,
    /// Tells about the calling key.
    Identity,
}

/// An HTTP method of the description.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are HTTP's own")]
pub enum Method {
    Get,
    Put,
    Post,
    Delete,
    Options,
    Head,
    Patch,
    Trace,
}

impl Method {
    /// All of them, as a path item names them.
    pub const ALL: [Self; 8] =
        [Self::Get, Self::Put, Self::Post, Self::Delete, Self::Options, Self::Head, Self::Patch, Self::Trace];

    /// Upper case, as in a request.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Put => "PUT",
            Self::Post => "POST",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
            Self::Head => "HEAD",
            Self::Patch => "PATCH",
            Self::Trace => "TRACE",
        }
    }

    /// The method of an upper-case name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.as_str() == text)
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
