//! The command line: arguments in, exit code out.

mod args;
mod commands;
pub mod exit;
mod start;

pub use start::main;
