//! Servers: one that most tests share, each in a workspace of its own, and one for whoever needs other options.

use std::sync::LazyLock;

use mock_server::{Builder, MockServer};

use super::{Api, builtin, world};

static SHARED: LazyLock<Shared> = LazyLock::new(Shared::start);

/// The server that tests share. It lives on a runtime of its own: a test's runtime ends with the test.
struct Shared {
    url: String,
}

impl Shared {
    fn start() -> Self {
        let (tell, told) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(2)
                .enable_all()
                .build()
                .expect("a runtime");
            runtime.block_on(async move {
                let server = played().start().await.expect("a server");
                tell.send(server.url().to_owned()).expect("a listener");
                std::future::pending::<()>().await;
            });
        });
        Self { url: told.recv().expect("a server that starts") }
    }
}

/// The base URL of the shared server.
pub(crate) fn shared_url() -> &'static str {
    &SHARED.url
}

/// The shared server's `host:port`.
pub(crate) fn shared_address() -> &'static str {
    address_of(shared_url())
}

/// The built-in contract and world.
pub(crate) fn played() -> Builder {
    MockServer::builder().contract(builtin().as_ref().clone()).fixtures(world())
}

/// `host:port` of a base URL.
pub(crate) fn address_of(url: &str) -> &str {
    url.trim_start_matches("http://").split('/').next().unwrap_or_default()
}

/// A server of one test.
pub(crate) struct Own {
    pub(crate) server: MockServer,
    pub(crate) api: Api,
}

impl Own {
    /// Plays the built-in contract, with options.
    pub(crate) async fn start(with: impl FnOnce(Builder) -> Builder) -> Self {
        let server = with(played()).start().await.expect("a server");
        let api = Api::at(server.url(), builtin()).with_key("pivotal_test_demo");
        Self { server, api }
    }

    /// `http://host:port`, above the base path.
    pub(crate) fn root(&self) -> String {
        format!("http://{}", self.server.address())
    }
}
