//! Lists by pages.

mod list_order;

use crate::law::Law;

/// The family.
pub(crate) static LAWS: &[&Law] = &[
    &list_order::LAW,
    // &limit_honoured::LAW,
    // &walk_meets_each_row_once::LAW,
    // &cursor_is_strict::LAW,
    // &cursor_bad::LAW,
    // &list_empty::LAW,
    // &limit_default::LAW,
    // &limit_out_of_range::LAW,
];
