//! What every answer looks like.

mod content_type;
mod discriminator;
mod error_envelope;
mod error_type_agrees;
mod every_request_answered;
mod no_server_error;
mod nothing_leaks;
mod response_headers;
mod response_schema;
mod stable_target;
mod statement;

use super::law::Law;

/// The family.
pub(crate) static LAWS: &[&Law] = &[
    &response_schema::LAW,
    &content_type::LAW,
    &response_headers::LAW,
    &error_envelope::LAW,
    &error_type_agrees::LAW,
    &no_server_error::LAW,
    &every_request_answered::LAW,
    &stable_target::LAW,
    &nothing_leaks::LAW,
];
