//! `x-contract`: the rules that hold for the whole API.

use indexmap::IndexMap;
use serde::Deserialize;

use super::pages::Pagination;
use super::rejection::{ErrorType, Rejection};
use super::standing::Standing;

/// The rules of the whole API. Each is absent where the description does not state it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// The version of the vocabulary; 1.
    #[serde(default)]
    pub vocabulary: u64,
    /// Who may call.
    #[serde(default)]
    pub authentication: Option<Authentication>,
    /// What errors look like.
    #[serde(default)]
    pub errors: Option<Errors>,
    /// How lists are paged.
    #[serde(default)]
    pub pagination: Option<Pagination>,
    /// How repeats are recognised.
    #[serde(default)]
    pub idempotency: Option<Idempotency>,
    /// How often a key may call.
    #[serde(default)]
    pub rate_limit: Option<RateLimit>,
}

/// Who may call, and how the others are answered. An absent standing means that the statement is not made.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authentication {
    /// The name of the security scheme, an `http`/`bearer` one.
    pub scheme: String,
    /// How keys begin.
    #[serde(default)]
    pub key_prefixes: Option<KeyPrefixes>,
    /// The scheme word may be written in any case.
    #[serde(default)]
    pub case_insensitive_scheme: Option<Standing>,
    /// Nothing else about a request is looked at before its key.
    #[serde(default)]
    pub decided_first: Option<Standing>,
    /// Another workspace's row is answered as if it were not there.
    #[serde(default)]
    pub isolation: Option<Standing>,
    /// A key in the query string does not count.
    #[serde(default)]
    pub query_key_ignored: Option<Standing>,
    /// How each kind of wrong credential is answered.
    pub rejections: AuthenticationRejections,
}

/// How each kind of wrong credential is answered.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthenticationRejections {
    /// No `Authorization` header.
    pub missing: Rejection,
    /// A header without the scheme word, or with another scheme.
    pub malformed: Rejection,
    /// A key nobody knows.
    pub unknown: Rejection,
    /// A key that was revoked; absent where keys are never revoked.
    #[serde(default)]
    pub revoked: Option<Rejection>,
}

/// How keys begin.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyPrefixes {
    /// Keys that act on the real world.
    pub live: String,
    /// Keys that have no outbound side effects.
    pub test: String,
}

/// What errors look like.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Errors {
    /// Reference to the schema of the envelope.
    pub schema: String,
    /// Where in the envelope each part stands.
    pub pointers: ErrorPointers,
    /// The error type of each status.
    #[serde(default)]
    pub types: IndexMap<String, ErrorType>,
    /// How each kind of wrong request is answered; the names are those of `schemas/README.md`.
    #[serde(default)]
    pub rejections: IndexMap<String, Rejection>,
}

impl Errors {
    /// The error type of a status.
    pub fn type_of(&self, status: u16) -> Option<&ErrorType> {
        self.types.get(status.to_string().as_str())
    }

    /// How a kind of wrong request is answered.
    pub fn rejection(&self, kind: &str) -> Option<&Rejection> {
        self.rejections.get(kind)
    }
}

/// JSON pointers into the envelope. What is absent is not shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErrorPointers {
    /// The error type, which agrees with the status.
    #[serde(default, rename = "type")]
    pub kind: Option<String>,
    /// The code, finer than the type.
    #[serde(default)]
    pub code: Option<String>,
    /// Prose.
    #[serde(default)]
    pub message: Option<String>,
    /// The one property to blame.
    #[serde(default)]
    pub field: Option<String>,
}

/// How repeats of a request are recognised.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Idempotency {
    /// How sure the rule is as a whole.
    #[serde(default)]
    pub standing: Standing,
    /// The request header.
    pub header: String,
    /// The methods that take it, upper case.
    pub methods: Vec<String>,
    /// The longest key, in bytes.
    pub max_bytes: usize,
    /// How long an answer is kept, in seconds.
    pub retention_seconds: u64,
    /// Statuses a replay may have besides the first answer's.
    #[serde(default)]
    pub replay_also_statuses: Vec<u16>,
    /// The same key with another body.
    pub reused: Rejection,
    /// The same key while the first request is being worked on.
    pub in_flight: Rejection,
    /// A key over `max_bytes`.
    pub too_long: Rejection,
}

/// How often a key may call: a sliding window per key.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateLimit {
    /// How sure the rule is as a whole.
    #[serde(default)]
    pub standing: Standing,
    /// The length of the window, in seconds.
    pub window_seconds: u64,
    /// Requests per window, per kind of key.
    pub tiers: IndexMap<String, u64>,
    /// The names of the response headers.
    pub headers: RateHeaders,
    /// How a call over the limit is answered.
    pub rejection: Rejection,
    /// How sure it is that operations without a key carry the headers.
    #[serde(default)]
    pub open_operations: Standing,
}

/// The names of the rate headers.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateHeaders {
    /// Requests per window.
    pub limit: String,
    /// Requests left.
    pub remaining: String,
    /// When the window frees up, in epoch seconds.
    pub reset: String,
    /// Seconds to wait, on a refusal.
    pub retry_after: String,
}
