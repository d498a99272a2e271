//! Requests and responses, and the client that exchanges them.

mod client;
mod created;
mod credential;
mod fault;
mod hex;
mod host;
mod observer;
mod options;
mod path_id;
mod properties;
mod redaction;
mod request;
mod response;
mod secret_values;
mod shorten;
mod tls;
mod traffic;

pub(crate) use client::{Client, Connection, check_proxy};
pub(crate) use created::created_id;
pub(crate) use credential::{Credential, Keys};
pub(crate) use fault::TransportFault;
pub(crate) use hex::hex;
pub(crate) use host::{is_local, same_host};
pub(crate) use observer::{TrafficObserver, TrafficWatch};
pub use options::{ClientOptions, ExtraHeader};
pub(crate) use path_id::LONGEST_ID;
pub(crate) use properties::{DEEPEST, joined, present};
pub(crate) use redaction::{Redactor, SHORTEST};
pub(crate) use request::{Payload, Request};
pub(crate) use response::Response;
pub(crate) use secret_values::secret_values;
pub(crate) use shorten::shorten;
pub use traffic::{Answer, Traffic};
