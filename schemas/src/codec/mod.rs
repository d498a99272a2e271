//! Requests and answers as they are written: parameters by their style, bodies by their media type. What one side writes the
//! other reads; the mock reads with it, the runner writes.

mod body;
mod form;
mod media;
mod multipart;
mod nested;
mod parameter;
mod query;
mod scalar;
mod unwritable;

pub use body::{BodyView, Written};
pub use media::{MediaKind, essence, is_within, preferred};
pub use query::{cookie_pairs, cookie_text, query_pairs, query_text};
pub use unwritable::Unwritable;
