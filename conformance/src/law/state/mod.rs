//! What is kept, changed, deleted and found again.

mod changed_row;
mod children_readable;
mod children_unlisted;
mod concurrent_updates_kept;
mod created_is_listed;
mod defaults;
mod delete_again;
mod delete_names_the_row;
mod delete_then_gone;
mod delete_unknown;
mod delete_unlisted;
mod deletion;
mod derived_field;
mod every_row_is_listed;
mod exclusive_value;
mod filter;
mod filter_before_page;
mod filter_rows;
mod filter_selects_exactly;
mod filters_combine;
mod ids_differ;
mod matching_pair;
mod member_rows;
mod model;
mod normalised_on_write;
mod null_clears;
mod number;
mod orphaned_row;
mod other_member;
mod parent_by_either_id;
mod parent_must_exist;
mod read_your_write;
mod row_by_either_id;
mod rows_kept;
mod rows_stay_with_parent;
mod sequence_agrees_with_model;
mod server_set_ignored;
mod stamped_field;
mod stored_as_sent;
mod stranger;
mod text_round_trip;
mod transition;
mod unknown_row;
mod update_deleted;
mod update_empty;
mod update_is_partial;
mod update_is_read;
mod updated_moves;
mod value_is_not_an_id;
mod writes;

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
    &stored_as_sent::LAW,
    &defaults::LAW,
    &server_set_ignored::LAW,
    &update_is_partial::LAW,
    &concurrent_updates_kept::LAW,
    &update_is_read::LAW,
    &updated_moves::LAW,
    &update_empty::LAW,
    &null_clears::LAW,
    &derived_field::LAW,
    &normalised_on_write::LAW,
    &exclusive_value::LAW,
    &stamped_field::LAW,
    &delete_names_the_row::LAW,
    &delete_then_gone::LAW,
    &delete_unlisted::LAW,
    &delete_again::LAW,
    &delete_unknown::LAW,
    &update_deleted::LAW,
    &children_unlisted::LAW,
    &children_readable::LAW,
    &parent_must_exist::LAW,
    &parent_by_either_id::LAW,
    &rows_kept::LAW,
    &rows_stay_with_parent::LAW,
    &every_row_is_listed::LAW,
    &filter_selects_exactly::LAW,
    &filter_before_page::LAW,
    &filters_combine::LAW,
];

/// The law that is tried last.
pub(crate) static SEQUENCES: &[&Law] = &[&sequence_agrees_with_model::LAW];
