//! The command line: arguments in, exit code out.

mod args;
mod commands;
pub mod exit;
mod start;
mod table;

pub use start::main;
