//! Who is let in.

mod auth_decided_first;
mod auth_isolation;
mod auth_key_hidden;
mod auth_malformed;
mod auth_missing;
mod auth_open;
mod auth_other_scheme;
mod auth_query_key;
mod auth_revoked_key;
mod auth_scheme_case;
mod auth_unknown_key;
mod everywhere;
mod rejections;

use crate::law::Law;

/// The family.
pub(crate) static LAWS: &[&Law] = &[
    &auth_missing::LAW,
    &auth_unknown_key::LAW,
    &auth_revoked_key::LAW,
    &auth_malformed::LAW,
    &auth_other_scheme::LAW,
    &auth_query_key::LAW,
    &auth_scheme_case::LAW,
    &auth_open::LAW,
    &auth_isolation::LAW,
    &auth_decided_first::LAW,
    &auth_key_hidden::LAW,
];
