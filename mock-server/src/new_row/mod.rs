//! What a new row is before anything is sent: its id, its times, and the values nobody gave it.

mod blank;
mod first;
mod id;
mod stamp;

pub(crate) use blank::Blank;
pub(crate) use first::{FirstOwner, first_rows};
pub(crate) use id::{IdForm, Turn};
pub(crate) use stamp::StampForm;
