//! From files to one document: text, places, references.

mod bundle;
mod document;
mod files;
mod history;
mod limits;
mod locate;
mod nesting;
mod references;
mod strict;
mod text;

pub use document::Document;
pub use files::{Disk, Files, LoadOptions};
pub(crate) use history::{Change, Origin};
pub use text::{Format, Parsed, parse};
