//! A server between the runner and a sound one, with one fault.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use percent_encoding::percent_decode_str;
use schemas::{Action, Contract};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::bench::{Answered, Bench, Sent};
use super::fault::Fault;

/// How long creates are held up where a fault asks for it.
const HOLD: Duration = Duration::from_millis(25);
/// Headers that belong to one connection.
const HOP: [&str; 4] = ["connection", "transfer-encoding", "content-length", "host"];

/// A running layer; dropping it ends it.
#[derive(Debug)]
pub(crate) struct Tamper {
    url: String,
    task: JoinHandle<()>,
}

impl Drop for Tamper {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Tamper {
    /// Starts a layer with a fault in front of `target`, the URL of a server with its base path.
    pub(crate) async fn start(target: &str, bench: Bench, fault: Fault) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address: SocketAddr = listener.local_addr()?;
        let base = bench.contract.base_path().to_owned();
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .build()
            .map_err(std::io::Error::other)?;
        let layer = Arc::new(Layer { client, target: target.to_owned(), base: base.clone(), bench, fault });
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let layer = Arc::clone(&layer);
                tokio::spawn(async move {
                    let _ = stream.set_nodelay(true);
                    let service = service_fn(move |request| {
                        let layer = Arc::clone(&layer);
                        async move { Ok::<_, Infallible>(layer.pass(request).await) }
                    });
                    let _ = http1::Builder::new().half_close(true).serve_connection(TokioIo::new(stream), service).await;
                });
            }
        });
        Ok(Self { url: format!("http://{address}{base}"), task })
    }

    /// Where the faulty API is.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

struct Layer {
    client: reqwest::Client,
    target: String,
    base: String,
    bench: Bench,
    fault: Fault,
}

impl Layer {
    async fn pass(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let (head, body) = request.into_parts();
        let Ok(body) = body.collect().await.map(http_body_util::Collected::to_bytes) else { return wire(gone()) };
        let path = head.uri.path();
        let path = path.strip_prefix(&self.base).unwrap_or(path).to_owned();
        let query = form_urlencoded::parse(head.uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
        let (operation, names) = locate(&self.bench.contract, head.method.as_str(), &path);
        let mut sent =
            Sent { method: head.method, path, query, headers: head.headers, original: body.clone(), body, operation, names };
        let mut answer = match (self.fault.request)(&mut sent, &self.bench) {
            Some(answer) => answer,
            None => {
                if self.fault.holds_creates && self.bench.action(&sent) == Action::Create {
                    tokio::time::sleep(HOLD).await;
                }
                let Ok(answer) = self.forward(&sent).await else { return wire(gone()) };
                answer
            }
        };
        self.bench.remember(&sent, &answer);
        (self.fault.answer)(&sent, &mut answer, &self.bench);
        wire(answer)
    }

    async fn forward(&self, sent: &Sent) -> Result<Answered, reqwest::Error> {
        let mut url = format!("{}{}", self.target, sent.path);
        if !sent.query.is_empty() {
            let query: String = form_urlencoded::Serializer::new(String::new()).extend_pairs(&sent.query).finish();
            url = format!("{url}?{query}");
        }
        let mut headers = HeaderMap::new();
        for (name, value) in sent.headers.iter().filter(|(name, _)| !HOP.contains(&name.as_str())) {
            headers.append(name, value.clone());
        }
        let request = self.client.request(sent.method.clone(), url).headers(headers).body(sent.body.clone());
        let answer = request.send().await?;
        let status = answer.status().as_u16();
        let mut headers = HeaderMap::new();
        for (name, value) in answer.headers().iter().filter(|(name, _)| !HOP.contains(&name.as_str())) {
            headers.append(name, value.clone());
        }
        Ok(Answered { status, headers, body: answer.bytes().await? })
    }
}

/// The operation at a path, and the values of its path parameters.
fn locate(contract: &Contract, method: &str, path: &str) -> (Option<usize>, Vec<String>) {
    let segments: Vec<&str> = path.split('/').collect();
    for (index, operation) in contract.operations().iter().enumerate() {
        let template: Vec<&str> = operation.path.as_str().split('/').collect();
        if operation.method.as_str() != method || template.len() != segments.len() {
            continue;
        }
        let mut names = Vec::new();
        let fits = template.iter().zip(&segments).all(|(part, segment)| {
            if part.starts_with('{') {
                names.push(percent_decode_str(segment).decode_utf8_lossy().into_owned());
                true
            } else {
                part == segment
            }
        });
        if fits {
            return (Some(index), names);
        }
    }
    (None, Vec::new())
}

/// The server behind is not to be reached: told apart from any fault by its status.
fn gone() -> Answered {
    Answered { status: 599, headers: HeaderMap::new(), body: Bytes::new() }
}

fn wire(answer: Answered) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::BAD_GATEWAY);
    *response.headers_mut() = answer.headers;
    response
}
