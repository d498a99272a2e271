//! What laws of several families use.

mod creatable;
mod deleted_row;
mod kept;
mod owner_with_rows;
mod refusals;
mod taken_value;
mod together;
mod unknown_id;
mod wrong_body;

pub(crate) use creatable::creatable;
pub(crate) use deleted_row::DeletedRow;
pub(crate) use kept::{expected_value, kept};
pub(crate) use owner_with_rows::{OwnerWithRows, ROWS, ties_with_others};
pub(crate) use refusals::{as_stated_by, references, unknown_reference};
pub(crate) use taken_value::TakenValue;
pub(crate) use together::together_or_alone;
pub(crate) use unknown_id::{unknown_id_in_path, unknown_id_of};
pub(crate) use wrong_body::{all_wrongs, describe_wrong, refusal_of_wrong};
