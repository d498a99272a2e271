//! The command line: arguments in, exit code out.

mod args;
mod baseline;
mod check;
mod cleanup;
mod completions;
mod config;
mod diff;
mod error;
pub mod exit;
mod finish;
mod github;
mod globs;
mod infer;
mod last_run;
mod laws;
mod merge;
mod output;
mod outputs;
mod parse;
mod pending;
mod reading;
mod record;
mod replay;
mod required_laws;
mod review;
mod run;
mod secret;
mod self_test;
mod signal;
mod start;
mod table;
mod target;
mod values;

pub use start::main;
