//! The command line: arguments in, exit code out.

mod args;
mod cleanup;
pub mod exit;
mod laws;
mod record;
mod replay;
mod review;
mod run;
mod secret;
mod self_test;
mod shelf;
mod start;
mod table;
mod target;
mod values;

pub use start::main;
