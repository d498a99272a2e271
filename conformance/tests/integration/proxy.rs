//! Going through a proxy.

use std::fs;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::support::{Ended, KEY, Project, mock};
use crate::tls::{Authority, terminate};

/// A proxy that takes everybody to one place, whatever host they name.
struct Proxy {
    url: String,
    /// The first line of every connection.
    asked: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    async fn to(upstream: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let lines = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(Self::pass(client, upstream, Arc::clone(&lines)));
            }
        });
        Self { url, asked }
    }

    async fn pass(mut client: TcpStream, upstream: SocketAddr, lines: Arc<Mutex<Vec<String>>>) {
        let mut server = TcpStream::connect(upstream).await.expect("the target");
        let mut head = vec![0; 65_536];
        let count = client.read(&mut head).await.unwrap_or(0);
        let line = String::from_utf8_lossy(&head[..count]).lines().next().unwrap_or_default().to_owned();
        let tunnel = line.starts_with("CONNECT ");
        lines.lock().expect("nobody panicked").push(line);
        let begun = if tunnel {
            client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await
        } else {
            server.write_all(&head[..count]).await
        };
        if begun.is_ok() {
            let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
        }
    }

    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().expect("nobody panicked"))
    }
}

async fn run(project: &Project, url: &str, more: &[&str], variables: &[(&str, &str)]) -> Ended {
    let mut arguments =
        vec!["run", "--url", url, "--api-key", KEY, "--law", "auth-missing", "--max-requests", "20"];
    arguments.extend(more);
    let mut command = project.command(&arguments);
    command.envs(variables.iter().copied());
    Ended::of(&command.output().await.expect("the program runs"))
}

const AWAY: &str = "http://staging.internal/api/v1";

#[tokio::test]
async fn a_proxy_is_gone_through_by_flag_and_by_the_environment() {
    let (project, server) = (Project::new(), mock().await);
    let proxy = Proxy::to(server.address()).await;
    for (more, variables) in
        [(vec!["--proxy", proxy.url.as_str()], vec![]), (vec![], vec![("HTTP_PROXY", proxy.url.as_str())])]
    {
        let ended = run(&project, AWAY, &more, &variables).await;
        assert_eq!(ended.code, 0, "{ended:#?}");
        let asked = proxy.asked();
        assert!(asked[0].starts_with("GET http://staging.internal/api/v1/"), "{asked:?}");
    }
    for variables in [
        vec![("HTTP_PROXY", proxy.url.as_str()), ("NO_PROXY", "staging.internal")],
        vec![("HTTPS_PROXY", proxy.url.as_str())],
    ] {
        let ended = run(&project, AWAY, &[], &variables).await;
        assert!(ended.code == 2 && ended.err.contains("cannot be reached"), "{ended:#?}");
        assert_eq!(proxy.asked(), Vec::<String>::new());
    }
    let ended = run(&project, server.url(), &[], &[("HTTP_PROXY", proxy.url.as_str())]).await;
    assert_eq!(ended.code, 0, "{ended:#?}");
    assert_eq!(proxy.asked(), Vec::<String>::new(), "this machine is reached directly");
}

#[tokio::test]
async fn a_secure_connection_goes_through_a_tunnel() {
    let (project, server, authority) = (Project::new(), mock().await, Authority::new());
    let secure = terminate(&authority, "staging.internal", None, server.address()).await;
    let proxy = Proxy::to(secure).await;
    fs::write(project.path("ca.pem"), authority.pem()).expect("written");
    let url = AWAY.replace("http:", "https:");
    let variables = [("HTTPS_PROXY", proxy.url.as_str())];
    let ended = run(&project, &url, &["--ca-cert", "ca.pem"], &variables).await;
    assert_eq!(ended.code, 0, "{ended:#?}");
    assert_eq!(proxy.asked()[0], "CONNECT staging.internal:443 HTTP/1.1");
}
