//! What is kept, changed, deleted and found again.

mod created_is_listed;
mod ids_differ;
mod number;
mod read_your_write;
mod row_by_either_id;
mod text_round_trip;
mod unknown_row;
mod value_is_not_an_id;

use crate::law::Law;

/// The family.
pub(crate) static LAWS: &[&Law] = &[
    &read_your_write::LAW,
    &created_is_listed::LAW,
    &unknown_row::LAW,
    &value_is_not_an_id::LAW,
    &row_by_either_id::LAW,
    &ids_differ::LAW,
    &text_round_trip::LAW,
    // &stored_as_sent::LAW,
    // &defaults::LAW,
    // &server_set_ignored::LAW,
    // &update_is_partial::LAW,
    // &update_is_read::LAW,
    // &updated_moves::LAW,
    // &update_empty::LAW,
    // &null_clears::LAW,
    // &derived_field::LAW,
    // &normalised_on_write::LAW,
    // &exclusive_value::LAW,
    // &stamped_field::LAW,
    // &delete_names_the_row::LAW,
    // &delete_then_gone::LAW,
    // &delete_unlisted::LAW,
    // &delete_again::LAW,
    // &delete_unknown::LAW,
    // &update_deleted::LAW,
    // &children_unlisted::LAW,
    // &children_readable::LAW,
    // &parent_must_exist::LAW,
    // &parent_by_either_id::LAW,
    // &rows_stay_with_parent::LAW,
    // &filter_selects_exactly::LAW,
    // &filter_before_page::LAW,
    // &filters_combine::LAW,
];

/// The law that is tried last.
pub(crate) static SEQUENCES: &[&Law] = &[
    // &sequence_agrees_with_model::LAW,
];
