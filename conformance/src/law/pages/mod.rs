//! Lists by pages.

mod cursor_bad;
mod cursor_is_strict;
mod limit_default;
mod limit_honoured;
mod limit_out_of_range;
mod list_empty;
mod list_order;
mod paged_list;
mod walk_meets_each_row_once;

use crate::law::Law;

/// The family.
pub(crate) static LAWS: &[&Law] = &[
    &list_order::LAW,
    &limit_honoured::LAW,
    &walk_meets_each_row_once::LAW,
    &cursor_is_strict::LAW,
    &cursor_bad::LAW,
    &list_empty::LAW,
    &limit_default::LAW,
    &limit_out_of_range::LAW,
];
