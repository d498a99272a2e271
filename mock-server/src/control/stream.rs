//! Requests as they come, as server-sent events.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{Response, StatusCode};
use http_body_util::Either;
use http_body_util::channel::{Channel, Sender};
use tokio::sync::watch;

use super::Control;
use super::call::Call;
use super::requests::summary;
use super::told::Refusal;
use crate::delivery::{Body, Broken, stopped};
use crate::journal::{Filter, RequestJournal, Secrets};

/// How often a stream without news says that it is still there.
const BEAT: Duration = Duration::from_secs(15);

impl Control<'_> {
    /// A body that goes on until the client goes or the server stops.
    pub(super) fn stream(&self, call: &Call<'_>) -> Result<Response<Body>, Refusal> {
        let resumed = call.headers.get("last-event-id").and_then(|value| value.to_str().ok()?.parse().ok());
        let (news, last) = (self.journal.news(), self.journal.last());
        let stream = Stream {
            journal: Arc::clone(self.journal),
            secrets: Arc::clone(self.secrets),
            filter: Filter {
                workspace: self.workspace_of(call)?.map(|name| name.to_string()),
                after: resumed.or_else(|| call.number("after")).or(Some(last)),
                ..Filter::default()
            },
            bodies: call.flag("bodies").unwrap_or(true),
        };
        let (sender, body) = Channel::new(8);
        tokio::spawn(stream.run(sender, news, self.stopping.clone()));
        let response = Response::builder()
            .status(StatusCode::OK)
            .header(CONTENT_TYPE, "text/event-stream")
            .header(CACHE_CONTROL, "no-store")
            .body(Either::Right(body));
        response.map_err(|error| {
            Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", format!("No stream: {error}."))
        })
    }
}

struct Stream {
    journal: Arc<RequestJournal>,
    secrets: Arc<Secrets>,
    filter: Filter,
    bodies: bool,
}

impl Stream {
    async fn run(
        mut self,
        mut sender: Sender<Bytes, Broken>,
        mut news: watch::Receiver<u64>,
        stopping: watch::Receiver<bool>,
    ) {
        let mut text = "retry: 1000\n\n".to_owned();
        loop {
            news.mark_unchanged();
            for entry in self.journal.find(&self.filter).entries {
                let shown = summary(&entry, &self.secrets, self.bodies);
                let _ = write!(text, "id: {}\nevent: request\ndata: {shown}\n\n", entry.id);
                self.filter.after = Some(entry.id);
            }
            if !text.is_empty() && sender.send_data(std::mem::take(&mut text).into()).await.is_err() {
                return;
            }
            tokio::select! {
                more = tokio::time::timeout(BEAT, news.changed()) => match more {
                    Ok(Ok(())) => {}
                    Ok(Err(_)) => return,
                    Err(_) => text.push_str(": still here\n\n"),
                },
                () = stopped(stopping.clone()) => return,
            }
        }
    }
}
