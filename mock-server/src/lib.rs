//! Plays an OpenAPI description over a seeded, stateful world.
//!
//! The server knows no API: paths, bodies, what is unique, how lists are paged and what a refusal looks like, it reads
//! from the [contract](schemas). What exists when it starts comes from the [fixtures]. It is for development and tests:
//! rows live in memory and end with the process.
//!
//! ```
//! # tokio::runtime::Runtime::new().expect("a runtime").block_on(async {
//! let server = mock_server::MockServer::builder().seed(7).start().await.expect("a free port");
//! println!("point your client at {}", server.url());
//! # });
//! ```

mod access;
mod answer;
mod clock;
mod control;
mod cors;
mod delivery;
mod engine;
mod faults;
mod gate;
mod host;
mod ids;
mod journal;
mod limits;
mod log;
mod mock;
mod new_row;
mod options;
mod play;
mod refusal;
mod request;
mod server;
mod state;
mod store;
mod upstream;

pub use clock::Clock;
pub use faults::FaultSpec;
pub use gate::RateLimitMode;
pub use host::Host;
pub use limits::Limits;
pub use log::LogFormat;
pub use mock::{Builder, MockServer, StartError};
pub use upstream::UpstreamOptions;
