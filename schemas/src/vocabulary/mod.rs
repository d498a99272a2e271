//! The `x-contract` vocabulary as types: what a description says beyond OpenAPI.

mod field;
mod pages;
mod rejection;
mod rules;
mod standing;

pub use field::{
    AfterDelete, DefaultValue, Derived, Exclusive, FieldRules, Normalization, Normalize, Reference, Scope,
    Stamp, StampMoment, StampWhen, Unique,
};
pub use pages::{After, Cursor, Envelope, Limit, Offset, Order, PageNumber, PageStyle, Pages, Pagination};
pub use rejection::{ErrorType, Rejection};
pub use rules::{
    Authentication, AuthenticationRejections, ErrorPointers, Errors, Idempotency, KeyPrefixes, RateHeaders,
    RateLimit, Rules,
};
pub use standing::{Standing, StandingMap};
