//! The review of a change: the program as a reviewer meets it, and its rules against descriptions that differ in one thing.

mod command;
mod drift;
mod mutation_catalogue;
mod mutations;
mod reports;
mod rewrites;
mod suite;
