//! Typed access to a description: what the engines read.

mod contract;
mod field;
mod media;
mod operation;
mod parameter;
mod path;
mod reader;
mod rejection;
mod relations;
mod resource;
mod rules;
mod standing;

pub use contract::Contract;
pub use field::{
    AfterDelete, DefaultValue, Derived, Exclusive, FieldRules, Normalization, Normalize, Reference, Scope,
    Stamp, StampMoment, StampWhen, Unique,
};
pub use media::{Body, Header, MediaExample, Response, StatusPattern};
pub use operation::{Action, Method, Operation, ParentParameter, Role};
pub use parameter::{Filter, Parameter, ParameterLocation};
pub use path::PathTemplate;
pub use rejection::{ErrorType, Rejection};
pub use resource::{Deletion, Field, Identity, Parent, Resource};
pub use rules::{
    Authentication, AuthenticationRejections, Cursor, Envelope, ErrorPointers, Errors, Idempotency,
    KeyPrefixes, Limit, Order, Pagination, RateHeaders, RateLimit, Rules,
};
pub use standing::{Standing, StandingMap};
