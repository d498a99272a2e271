//! The library through its public face, one module per topic.

mod broken;
mod builtin;
mod canonical;
mod codec;
mod common;
mod faults;
mod files;
mod inferred;
mod lenient;
mod overlays;
mod parameters;
mod roles;
mod shapes;
mod sides;
mod standing;
mod vocabulary;
