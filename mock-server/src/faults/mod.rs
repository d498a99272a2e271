//! What goes wrong on purpose: faults that were armed, and which request meets them.

mod armed;
mod command;
mod spec;

pub(crate) use armed::Faults;
pub use spec::FaultSpec;
pub(crate) use spec::{Effect, Profile, Target};
