//! Typed access to a description: what the engines read.

mod contract;
mod inner;
mod media;
mod operation;
mod parameter;
mod path;
mod reader;
mod relations;
mod resource;
mod security;
mod servers;
mod style;

pub use contract::{Contract, Provenance};
pub use media::{Body, Encoding, Header, Media, MediaExample, Response, StatusPattern};
pub use operation::{Action, Call, Method, Operation, ParentParameter, Role};
pub use parameter::{Filter, Parameter, ParameterLocation};
pub use path::PathTemplate;
pub use resource::{Assigned, Deletion, Field, Identity, Parent, Resource};
pub use security::{Credential, Demand, Security};
pub use style::Style;
