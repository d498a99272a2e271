//! From files to one document: text, places, references between files, old versions.

mod bundle;
mod document;
mod files;
mod locate;
mod strict;
mod text;
mod upgrade;

pub use document::Document;
pub use files::{Disk, Files};
pub use text::{Format, Parsed, parse};
