//! What requests are accepted, and what wrong ones are refused with.

mod bound_accepted;
mod generated_valid;
mod generated_wrong;
mod large_integer_exact;
mod odd_input_survived;
mod refused_create_makes_nothing;
mod refused_write_changes_nothing;
mod refuses_enum;
mod refuses_format;
mod refuses_missing;
mod refuses_non_object;
mod refuses_null;
mod refuses_other;
mod refuses_query;
mod refuses_too_big;
mod refuses_too_small;
mod refuses_type;
mod refuses_unparsable;
mod surest_wrong;
mod tried_whole;
mod unknown_field_ignored;
mod valid_request_accepted;
mod wrong_document;
mod wrong_property;
mod wrongs;

use crate::law::Law;

/// The family.
pub(crate) static LAWS: &[&Law] = &[
    &valid_request_accepted::LAW,
    &bound_accepted::LAW,
    &refuses_missing::LAW,
    &refuses_null::LAW,
    &refuses_type::LAW,
    &refuses_too_small::LAW,
    &refuses_too_big::LAW,
    &refuses_format::LAW,
    &refuses_enum::LAW,
    &refuses_other::LAW,
    &refuses_unparsable::LAW,
    &refuses_non_object::LAW,
    &refuses_query::LAW,
    &refused_write_changes_nothing::LAW,
    &refused_create_makes_nothing::LAW,
    &unknown_field_ignored::LAW,
    &odd_input_survived::LAW,
    &large_integer_exact::LAW,
];
