//! Requests that a real server answers.

use http::request::Parts;
use hyper::body::Incoming;

use super::{Engine, Seen};
use crate::answer::Answer;
use crate::request::{Found, Parameters, collect, query};
use crate::upstream::{Forwarded, Upstream};

/// The refusal where there is no answer to pass on.
const UNREACHABLE: &str = "upstream-unreachable";

impl Engine {
    /// The real server, where it is to answer this request.
    pub(super) fn answered_by(&self, found: &Found) -> Option<&Upstream> {
        let upstream = self.options.upstream.as_deref()?;
        (upstream.takes_all() || !matches!(found, Found::Operation { .. })).then_some(upstream)
    }

    /// Passes a request on and its answer back, and tells what of both is not as described.
    pub(super) async fn relay(
        &self,
        upstream: &Upstream,
        head: &Parts,
        body: Incoming,
        found: Found,
        seen: &mut Seen,
    ) -> Answer {
        let limits = &self.options.limits;
        let body = match collect(body, limits.body_bytes, limits.body_time).await {
            Ok(body) => body,
            Err(error) => return self.unread(error),
        };
        seen.body = body.clone();
        let (prepared, path) = match found {
            Found::Operation { index, path } => (self.operations.get(index), path),
            Found::OtherMethods(_) | Found::Nothing => (None, Vec::new()),
        };
        let query = query(head.uri.query());
        let parameters = Parameters { path: &path, query: &query, headers: &head.headers };
        let operation = prepared.map(|prepared| (&prepared.operation, prepared.plain.as_slice()));
        let forwarded = Forwarded { head, body, operation, parameters: &parameters };
        let now = self.options.clock.now_ms();
        match upstream.relay(&self.contract, forwarded).await {
            Ok(relayed) => {
                for deviation in &relayed.deviations {
                    self.log.notice(now, &format!("deviation: {deviation}"));
                }
                if let Some(why) = &relayed.unrecorded {
                    self.log.notice(now, why);
                }
                relayed.answer
            }
            Err(why) => self.refusals.of_kind(UNREACHABLE, 502, &why),
        }
    }
}
