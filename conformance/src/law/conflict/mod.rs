//! Values that no two rows may share.

mod rules;
mod unique_after_delete;
mod unique_after_normalisation;
mod unique_in_workspace_alone;
mod unique_on_create;
mod unique_on_update;
mod unique_own_value;
mod unique_under_concurrency;
mod unique_under_owner_alone;

use crate::law::Law;

/// The family.
pub(crate) static LAWS: &[&Law] = &[
    &unique_on_create::LAW,
    &unique_on_update::LAW,
    &unique_own_value::LAW,
    &unique_after_normalisation::LAW,
    &unique_in_workspace_alone::LAW,
    &unique_under_owner_alone::LAW,
    &unique_under_concurrency::LAW,
    &unique_after_delete::LAW,
];
