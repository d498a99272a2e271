//! What a file and the environment set, besides the command line.
//!
//! Nothing here knows an option by name: the keys of the file, the variables of the environment and the published schema
//! all follow from the command line itself.

mod expand;
mod file;
mod layers;
mod options;
mod schema;
mod search;
mod source;
mod trust;

pub(crate) use file::ConfigError;
pub(crate) use layers::{Layered, read};
pub(crate) use options::{OptionSpec, options};
pub(crate) use schema::schema;
pub(crate) use source::Source;
pub(crate) use trust::Guarded;
