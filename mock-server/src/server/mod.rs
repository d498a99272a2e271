//! Listening, connections, shutdown.

mod connection;
mod listen;
mod serve;

pub(crate) use listen::listen;
pub(crate) use serve::serve;
