//! Listening, connections, shutdown.

mod connection;
mod listen;
mod serve;
mod socket;

pub(crate) use listen::listen;
pub(crate) use serve::serve;
