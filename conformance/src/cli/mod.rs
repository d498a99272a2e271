//! The command line: arguments in, exit code out.

mod args;
mod cleanup;
mod demand;
mod diff;
mod ended;
pub mod exit;
mod github;
mod laws;
mod merge;
mod outputs;
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
