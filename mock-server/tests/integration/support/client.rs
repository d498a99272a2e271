//! An HTTP client of another make.

use reqwest::{Client, ClientBuilder};

/// A client to be set up. The servers under test speak no TLS, but a build of the whole workspace brings it in, and then a
/// provider has to be chosen before the first client.
pub(crate) fn builder() -> ClientBuilder {
    // The second choice in a process is refused, which is just as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().no_proxy()
}

/// A client as it comes.
pub(crate) fn client() -> Client {
    builder().build().expect("a client")
}
