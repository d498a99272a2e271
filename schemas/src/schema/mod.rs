//! Schemas: compiled once, asked often.

mod compiler;
mod excerpt;
mod fault;
mod handle;
mod keywords;
pub(crate) mod parts;
mod pattern;
mod project;
mod property;
mod sample;

pub(crate) use compiler::Compiler;
pub use compiler::Side;
pub use excerpt::excerpt;
pub use fault::{Fault, FaultKind};
pub use handle::Schema;
pub use property::Property;
pub use sample::Sampler;
