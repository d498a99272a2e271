//! What a file and the environment set, besides the command line.
//!
//! Nothing here knows an option by name: the keys of the file, the variables of the environment and the published schema
//! all follow from the command line itself.

mod expand;
mod file;
mod layers;
mod options;
mod schema;

pub(crate) use file::ConfigError;
pub(crate) use layers::{Layered, Source, read};
pub(crate) use options::{OptionSpec, options};
pub(crate) use schema::schema;
