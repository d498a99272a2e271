//! Lists by pages.

mod concurrent_creates_walked;
mod cursor_bad;
mod cursor_is_strict;
mod limit_default;
mod limit_honoured;
mod limit_out_of_range;
mod list_empty;
mod list_order;
mod page_is_full;
mod paged_list;
mod walk_meets_each_row_once;

use crate::law::Law;

/// The family.
pub(crate) static LAWS: &[&Law] = &[
    &list_order::LAW,
    &limit_honoured::LAW,
    &page_is_full::LAW,
    &walk_meets_each_row_once::LAW,
    &concurrent_creates_walked::LAW,
    &cursor_is_strict::LAW,
    &cursor_bad::LAW,
    &list_empty::LAW,
    &limit_default::LAW,
    &limit_out_of_range::LAW,
];
