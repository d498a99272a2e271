//! The command line: arguments in, exit code out.

mod args;
mod baseline;
mod cleanup;
mod completions;
mod config;
mod demand;
mod diff;
mod ended;
pub mod exit;
mod github;
mod globs;
mod last;
mod laws;
mod merge;
mod outputs;
mod parse;
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
