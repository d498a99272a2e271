//! What every answer looks like.

mod content_type;
mod error_envelope;
mod error_type_agrees;
mod no_server_error;
mod nothing_leaks;
mod response_schema;
mod statement;

use super::law::Law;

/// The family.
pub(crate) static LAWS: &[&Law] = &[
    &response_schema::LAW,
    &content_type::LAW,
    &error_envelope::LAW,
    &error_type_agrees::LAW,
    &no_server_error::LAW,
    &nothing_leaks::LAW,
];
