//! Answers that were asked for: by a fault that was armed, or by the request itself.

use std::time::Duration;

use http::HeaderMap;
use http::request::Parts;
use hyper::body::Incoming;
use schemas::Operation;

use super::Engine;
use super::seen::Seen;
use crate::answer::Answer;
use crate::faults::{Effect, Target};
use crate::gate::Preference;
use crate::play::{PreparedOperation, undescribed};
use crate::request::{Parameters, collect};

impl Engine {
    /// Meets the fault that is for a request, if there is one: what it does beside the answer is noted, and an answer that
    /// it forces comes back.
    pub(super) fn meet(
        &self,
        head: &Parts,
        prepared: Option<&PreparedOperation>,
        seen: &mut Seen,
    ) -> Option<Answer> {
        let path = head.uri.path();
        let target = Target {
            operation: seen.operation.as_deref(),
            method: head.method.as_str(),
            path: path.strip_prefix(self.router.base()).unwrap_or(path),
            template: prepared.map(|prepared| prepared.operation.path.as_str()),
        };
        let met = self.faults.meet(seen.workspace(), &target)?;
        seen.rule = format!("fault {}", met.id).into();
        seen.forced = true;
        seen.delay = met.delay.map(|ms| Duration::from_secs_f64(ms / 1_000.0));
        seen.disturbance = met.effect.connection;
        seen.headers.extend(met.effect.headers.clone().into_iter().flatten());
        let mut answer = self.effect(&met.effect, prepared.map(|prepared| &prepared.operation), seen)?;
        answer.reason = Some(format!("fault {} was met", met.id).into());
        Some(answer)
    }

    /// The answer that a fault forces.
    fn effect(&self, effect: &Effect, operation: Option<&Operation>, seen: &Seen) -> Option<Answer> {
        if effect.connection.is_some_and(crate::delivery::Disturbance::is_silent) {
            return Some(Answer::empty(http::StatusCode::OK));
        }
        let status = effect.status.or_else(|| {
            let success = operation.and_then(|operation| operation.success());
            effect.body.as_ref().map(|_| match success.map(|response| response.status) {
                Some(schemas::StatusPattern::Exact(status)) => status,
                _ => 200,
            })
        });
        if let (Some(body), Some(status)) = (&effect.body, status) {
            let status = http::StatusCode::from_u16(status).ok()?;
            return Some(Answer::json(status, body.to_string()));
        }
        let preference = Preference {
            code: status.map(|status| status.to_string()),
            example: effect.example.clone(),
            ..Preference::default()
        };
        if !preference.forces() {
            return None;
        }
        let described = operation.and_then(|operation| {
            self.examples.preferred(operation, &preference, &self.refusals, self.now(seen)).ok()
        });
        described.or_else(|| status.map(|status| undescribed(status, &self.refusals)))
    }

    /// What a request asks for by `Prefer`: a delay and headers are noted, an answer comes back.
    pub(super) fn preferred(
        &self,
        operation: &Operation,
        parameters: &Parameters<'_>,
        seen: &mut Seen,
        now: i64,
    ) -> Option<Answer> {
        let preference = Preference::of(parameters.headers, parameters.query)?;
        let refused = |message: &str| Some(self.refusals.of_kind("preference-unknown", 400, message));
        let (delay, retry_after) = match (preference.delay_ms(), preference.retry_after()) {
            (Ok(delay), Ok(retry_after)) => (delay, retry_after),
            (Err(message), _) | (_, Err(message)) => return refused(&message),
        };
        let forced = if preference.forces() {
            match self.examples.preferred(operation, &preference, &self.refusals, now) {
                Ok(mut answer) => {
                    seen.rule = format!("preference {}", preference.applied()).into();
                    seen.forced = true;
                    answer.reason = Some(format!("asked for by {}", preference.applied()).into());
                    Some(answer)
                }
                Err(message) => return refused(&message),
            }
        } else {
            None
        };
        seen.delay = delay.map(Duration::from_millis).or(seen.delay);
        seen.headers.extend(retry_after.map(|seconds| ("Retry-After".to_owned(), seconds.to_string())));
        seen.headers.push(("Preference-Applied".to_owned(), preference.applied()));
        forced
    }

    /// Reads a body that changes nothing any more, for the journal.
    pub(super) async fn look_at(&self, headers: &HeaderMap, body: Incoming, seen: &mut Seen) {
        let limits = &self.options.limits;
        // A client that holds its body back until it is asked for is not asked.
        if !headers.contains_key(http::header::EXPECT)
            && let Ok(bytes) = collect(body, limits.body_bytes, limits.body_time).await
        {
            seen.body = bytes;
        }
    }
}
