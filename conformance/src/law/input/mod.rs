//! What requests are accepted, and what wrong ones are refused with.

mod generated_valid;
mod valid_request_accepted;

use crate::law::Law;

/// The family.
pub(crate) static LAWS: &[&Law] = &[
    &valid_request_accepted::LAW,
    // &bound_accepted::LAW,
    // &refuses_missing::LAW,
    // &refuses_null::LAW,
    // &refuses_type::LAW,
    // &refuses_too_small::LAW,
    // &refuses_too_big::LAW,
    // &refuses_format::LAW,
    // &refuses_enum::LAW,
    // &refuses_other::LAW,
    // &refuses_unparsable::LAW,
    // &refuses_non_object::LAW,
    // &refuses_query::LAW,
    // &refused_write_changes_nothing::LAW,
    // &refused_create_makes_nothing::LAW,
    // &unknown_field_ignored::LAW,
    // &odd_input_survived::LAW,
];
