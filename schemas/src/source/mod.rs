//! From files to one document: text, places, references.

mod bundle;
mod document;
mod files;
mod limits;
mod locate;
mod nesting;
mod references;
mod strict;
mod text;

pub use document::Document;
pub use files::{Disk, Files, LoadOptions};
pub use text::{Format, Parsed, parse};
