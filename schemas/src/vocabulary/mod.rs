//! The `x-contract` vocabulary as types: what a description says beyond OpenAPI.

mod field;
mod rejection;
mod rules;
mod standing;

pub use field::{
    AfterDelete, DefaultValue, Derived, Exclusive, FieldRules, Normalization, Normalize, Reference, Scope,
    Stamp, StampMoment, StampWhen, Unique,
};
pub use rejection::{ErrorType, Rejection};
pub use rules::{
    Authentication, AuthenticationRejections, Cursor, Envelope, ErrorPointers, Errors, Idempotency,
    KeyPrefixes, Limit, Order, Pagination, RateHeaders, RateLimit, Rules,
};
pub use standing::{Standing, StandingMap};
