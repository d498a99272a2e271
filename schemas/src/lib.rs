//! The contract as data.
//!
//! This library reads an OpenAPI description (3.1 and 3.2; 3.0 and Swagger 2.0 are converted on the way in) together with the
//! `x-contract…` semantics that OpenAPI cannot state, checks both, and gives typed access to them:
//! operations, parameters, bodies, responses, resources, and the rules of authentication, errors, paging,
//! idempotency and rate limits. Every statement carries its [`Standing`] and its place in the file.
//!
//! It does not talk HTTP, keeps no state and knows no API: the one that comes built in is a file like any other.
//!
//! ```
//! let contract = schemas::Contract::builtin().expect("the built-in description loads");
//! let create = contract.operation("create-customer").expect("a documented operation");
//! let body = create.body.as_ref().expect("it takes a body");
//! let faults = body.schema.faults(&serde_json::json!({"slug": "a"}));
//! assert_eq!(faults[0].field.as_deref(), Some("name"));
//! ```

pub mod answer;
pub mod canonical;
mod check;
mod codec;
mod diagnosis;
mod error;
mod infer;
mod location;
mod model;
mod nearest;
mod overlay;
pub mod pointer;
mod printable;
mod rule;
mod schema;
mod source;
mod tree;
mod versions;
mod vocabulary;

pub use codec::*;
pub use diagnosis::{DiagnosisFormat, diagnosis};
pub use error::{LoadError, Problem};
pub use infer::Statement;
pub use location::Location;
pub use model::*;
pub use nearest::{advice, nearest, slip};
pub use printable::{is_unprintable, printable};
pub use rule::{Level, Rule};
pub use schema::{Fault, FaultKind, Property, Sampler, Schema, Side, excerpt};
pub use source::{Disk, Document, Files, Format, LoadOptions, Parsed, parse};
pub use vocabulary::*;
