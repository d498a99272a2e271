//! The command line: what it says, and what each of its commands does.

mod agreed;
mod arguments;
mod banner;
pub(crate) mod check;
pub(crate) mod exec;
pub(crate) mod exit;
pub(crate) mod health;
pub(crate) mod line;
mod load;
pub(crate) mod serve;
mod signals;
mod upstream;
