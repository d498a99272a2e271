//! What the tests share: a running server, a client that holds every answer to the contract, and the raw wire.

pub(crate) mod answer;
pub(crate) mod api;
pub(crate) mod client;
pub(crate) mod contract;
pub(crate) mod process;
pub(crate) mod server;
pub(crate) mod wire;

pub(crate) use answer::Answer;
pub(crate) use api::Api;
pub(crate) use client::{builder, client};
pub(crate) use contract::{builtin, world};
pub(crate) use server::Own;
pub(crate) use wire::Wire;
