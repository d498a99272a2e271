//! Secure connections: who is trusted, and who has to show himself.

use std::fs;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::support::{Ended, KEY, Project, mock};

/// An authority of the test's own.
pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A certificate with its key.
struct Signed {
    certificate: rcgen::Certificate,
    key: KeyPair,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut params = CertificateParams::new(Vec::new()).expect("parameters");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        Self(CertifiedIssuer::self_signed(params, key).expect("an authority"))
    }

    pub(crate) fn pem(&self) -> String {
        self.0.pem()
    }

    fn sign(&self, name: &str) -> Signed {
        let key = KeyPair::generate().expect("a key");
        let params = CertificateParams::new(vec![name.to_owned()]).expect("parameters");
        Signed { certificate: params.signed_by(&key, &self.0).expect("a certificate"), key }
    }
}

impl Signed {
    fn pem(&self) -> String {
        self.certificate.pem() + &self.key.serialize_pem()
    }
}

/// A port that takes TLS off and passes on to a mock server; it may demand a certificate of its callers.
pub(crate) async fn terminate(
    authority: &Authority,
    name: &str,
    clients: Option<&Authority>,
    upstream: std::net::SocketAddr,
) -> std::net::SocketAddr {
    let signed = authority.sign(name);
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(signed.key.serialize_der()));
    let builder = match clients {
        Some(clients) => {
            let mut roots = RootCertStore::empty();
            roots.add(clients.0.der().clone()).expect("a root");
            let verifier = WebPkiClientVerifier::builder(Arc::new(roots)).build().expect("a verifier");
            ServerConfig::builder().with_client_cert_verifier(verifier)
        }
        None => ServerConfig::builder().with_no_client_auth(),
    };
    let config = builder.with_single_cert(vec![signed.certificate.der().clone()], key).expect("a server");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(mut client) = acceptor.accept(stream).await else { return };
                let mut server = TcpStream::connect(upstream).await.expect("the mock server");
                let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
            });
        }
    });
    address
}

async fn run(project: &Project, url: &str, more: &[&str]) -> Ended {
    let mut arguments =
        vec!["run", "--url", url, "--api-key", KEY, "--law", "auth-missing", "--max-requests", "20"];
    arguments.extend(more);
    project.run(&arguments).await
}

#[tokio::test]
async fn an_authority_of_ones_own_is_trusted_when_it_is_named() {
    let (project, server, authority) = (Project::new(), mock().await, Authority::new());
    let port = terminate(&authority, "localhost", None, server.address()).await.port();
    let url = format!("https://localhost:{port}/api/v1");
    let ended = run(&project, &url, &[]).await;
    assert_eq!(ended.code, 2, "{ended:#?}");
    assert!(ended.err.contains("no secure connection") && ended.err.contains("--ca-cert"), "{ended:#?}");

    // Two in one file: the right one is the second.
    fs::write(project.path("ca.pem"), Authority::new().pem() + &authority.pem()).expect("written");
    let ended = run(&project, &url, &["--ca-cert", "ca.pem"]).await;
    assert_eq!(ended.code, 0, "{ended:#?}");

    let ended = run(&project, &url.replace("localhost", "127.0.0.1"), &["--ca-cert", "ca.pem"]).await;
    assert!(ended.code == 2 && ended.err.contains("as the certificate names it"), "{ended:#?}");
    let ended = run(&project, &server.url().replace("http:", "https:"), &[]).await;
    assert!(ended.code == 2 && ended.err.contains("should begin with http://"), "{ended:#?}");
    fs::write(project.path("empty.pem"), "nothing\n").expect("written");
    let ended = run(&project, &url, &["--ca-cert", "empty.pem"]).await;
    assert!(
        ended.code == 2 && ended.err.contains("failed to read certificates from empty.pem"),
        "{ended:#?}"
    );
}

#[tokio::test]
async fn a_target_may_demand_a_certificate_of_its_callers() {
    let (project, server, authority) = (Project::new(), mock().await, Authority::new());
    let port = terminate(&authority, "localhost", Some(&authority), server.address()).await.port();
    let url = format!("https://localhost:{port}/api/v1");
    fs::write(project.path("ca.pem"), authority.pem()).expect("written");
    fs::write(project.path("me.pem"), authority.sign("me").pem()).expect("written");
    let ended = run(&project, &url, &["--ca-cert", "ca.pem"]).await;
    assert_eq!(ended.code, 2, "{ended:#?}");
    assert!(ended.err.contains("--client-cert"), "{ended:#?}");
    let ended = run(&project, &url, &["--ca-cert", "ca.pem", "--client-cert", "me.pem"]).await;
    assert_eq!(ended.code, 0, "{ended:#?}");
    let ended = run(&project, &url, &["--ca-cert", "ca.pem", "--client-cert", "ca.pem"]).await;
    assert!(ended.code == 2 && ended.err.contains("does not hold both"), "{ended:#?}");
}
