//! The server from outside: over HTTP, over the bare wire, and as a process.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod support;

mod auth;
mod bad_body;
mod bad_target;
mod bad_wire;
mod bookshop;
mod bounds;
mod browser;
mod contacts;
mod control;
mod customers;
mod deletion;
mod described;
mod determinism;
mod documented;
mod examples;
mod exec;
mod filters;
mod idempotency;
mod inspector;
mod logs;
mod media_types;
mod onboardings;
mod paging;
mod plain;
mod program;
mod properties;
mod rate_limit;
mod roles;
mod uniqueness;
mod updates;
mod upstream;
mod validation;
