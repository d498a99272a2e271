//! The way of a request, from its head to its answer.

mod forced;
mod relay;
mod seen;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use fixtures::Fixtures;
use http::request::Parts;
use http::{HeaderMap, Response, StatusCode};
use hyper::body::Incoming;
use schemas::{Action, Contract};
use serde_json::{Map, Value};
use tokio::sync::watch;

use self::seen::Seen;
use crate::access::Access;
use crate::answer::Answer;
use crate::clock::Clock;
use crate::control::{self, Control, Reply};
use crate::cors::Cors;
use crate::delivery::{Body, Broken, deliver, stopped};
use crate::faults::Faults;
use crate::gate::{Admitted, Authenticator, Claim, ClaimResult, Credentials, IdempotencyStore, RateLimiter};
use crate::journal::{JournalEntry, RequestJournal, Secrets};
use crate::log::Log;
use crate::options::Options;
use crate::play::{Examples, PreparedOperation, PreparedOperations, RequestContext, as_described};
use crate::refusal::{Refusals, kind};
use crate::request::{BodyError, ContentError, Found, Parameters, Router, collect, drain, query, read_body};
use crate::store::{Snapshots, Workspaces};

/// Everything a request may need; shared by all connections.
#[derive(Debug)]
pub(crate) struct Engine {
    access: Access,
    contract: Contract,
    pub(crate) options: Options,
    workspaces: Workspaces,
    snapshots: Snapshots,
    faults: Faults,
    journal: Arc<RequestJournal>,
    secrets: Arc<Secrets>,
    description: control::Description,
    stopping: watch::Sender<bool>,
    pub(crate) log: Arc<Log>,
    idempotency: IdempotencyStore,
    router: Router,
    operations: PreparedOperations,
    names: Vec<Arc<str>>,
    refusals: Refusals,
    authenticator: Authenticator,
    limiter: RateLimiter,
    examples: Examples,
    cors: Cors,
}

impl Engine {
    /// Prepares everything.
    pub(crate) fn new(contract: Contract, fixtures: &Fixtures, options: Options, access: Access) -> Self {
        let workspaces = Workspaces::new(&contract, fixtures, options.limits.workspaces, options.empty);
        let limiter =
            RateLimiter::new(contract.rules().rate_limit.as_ref(), options.rate_limit, options.clock);
        Self {
            router: Router::new(&contract),
            operations: PreparedOperations::new(&contract, &limiter.header_names()),
            names: contract.operations().iter().map(|operation| operation.id.as_str().into()).collect(),
            refusals: Refusals::new(&contract),
            authenticator: Authenticator::new(&contract, fixtures, &workspaces),
            cors: Cors::new(&limiter.header_names(), &options.cors_origins),
            examples: Examples::new(&contract, fixtures, &limiter.header_names()),
            journal: Arc::new(RequestJournal::new(
                options.limits.journal_entries,
                options.limits.journal_bytes,
                options.limits.journal_total_bytes,
            )),
            secrets: Arc::new(Secrets::of(&contract)),
            snapshots: Snapshots::default(),
            faults: Faults::new(options.seed, options.faults.clone()),
            description: control::Description::default(),
            stopping: watch::channel(false).0,
            log: Arc::new(Log::to_stderr(options.log)),
            idempotency: IdempotencyStore::default(),
            limiter,
            workspaces,
            options,
            access,
            contract,
        }
    }

    /// Answers a request; an error ends the connection.
    pub(crate) async fn handle(&self, head: Parts, body: Incoming) -> Result<Response<Body>, Broken> {
        let started = Instant::now();
        let head_only = head.method == http::Method::HEAD;
        if control::is_for(head.uri.path()) {
            let max = self.options.limits.body_bytes.max(control::MAX_BODY);
            let bytes = collect(body, max, self.options.limits.body_time).await;
            return match self.control(self.stopping.subscribe()).answer(&head, bytes).await {
                Reply::Answer(answer) => deliver(answer, head_only, None, &self.stopping).await,
                Reply::Stream(response) => Ok(response),
            };
        }
        let mut seen = Seen::default();
        let mut answer = if let Some(answer) = self.cors.preflight(&head.method, &head.headers) {
            seen.rule = "preflight".into();
            answer
        } else {
            let mut answer = self.answer(&head, body, &mut seen).await;
            if let Some(allowance) = seen.allowance_of(&answer, &self.limiter, self.now(&seen)) {
                self.limiter.write(&allowance, &mut answer.headers);
            }
            seen.tell(answer)
        };
        self.cors.open(&head.headers, &mut answer.headers);
        end_line(&head.headers, &mut answer);
        if let Some(delay) = seen.delay {
            tokio::select! {
                () = tokio::time::sleep(delay) => {}
                () = stopped(self.stopping.subscribe()) => {}
            }
        }
        let disturbance = seen.disturbance;
        self.remember(head, &answer, seen, started);
        deliver(answer, head_only, disturbance, &self.stopping).await
    }

    /// Lets go of those who wait for something.
    pub(crate) fn stop(&self) {
        self.stopping.send_replace(true);
    }

    fn control(&self, stopping: watch::Receiver<bool>) -> Control<'_> {
        Control {
            access: &self.access,
            contract: &self.contract,
            options: &self.options,
            description: &self.description,
            journal: &self.journal,
            secrets: &self.secrets,
            workspaces: &self.workspaces,
            snapshots: &self.snapshots,
            faults: &self.faults,
            idempotency: &self.idempotency,
            limiter: &self.limiter,
            authenticator: &self.authenticator,
            examples: &self.examples,
            refusals: &self.refusals,
            router: &self.router,
            stopping,
        }
    }

    /// The time where a request goes, in milliseconds since 1970.
    fn now(&self, seen: &Seen) -> i64 {
        let clock = self.options.clock;
        seen.caller.as_ref().map_or_else(|| clock.now_ms(), |caller| caller.workspace.clock.now_ms(clock))
    }

    async fn answer(&self, head: &Parts, body: Incoming, seen: &mut Seen) -> Answer {
        let found = self.router.find(head.method.as_str(), head.uri.path());
        let operation = match &found {
            Found::Operation { index, .. } => self.operations.get(*index),
            Found::OtherMethods(_) | Found::Nothing => None,
        };
        if let Found::Operation { index, .. } = &found {
            seen.operation = self.names.get(*index).cloned();
        }
        if let Some(upstream) = self.answered_by(&found) {
            return self.relay(upstream, head, body, found, seen).await;
        }
        let outside = matches!(found, Found::Nothing) && !self.is_below_base(head.uri.path());
        let closed = !outside && operation.is_none_or(|prepared| !prepared.operation.open);
        let admitted = if closed { self.admit(head, operation, seen) } else { Ok(()) };
        if let Some(forced) = self.meet(head, operation, seen) {
            self.look_at(&head.headers, body, seen).await;
            return forced;
        }
        if let Err(refusal) = admitted {
            drain(&head.headers, body, self.options.limits.body_time).await;
            return self.told(operation, refusal);
        }
        let (prepared, path) = match (found, operation) {
            (Found::Operation { path, .. }, Some(prepared)) => (prepared, path),
            (Found::OtherMethods(allow), _) => {
                drain(&head.headers, body, self.options.limits.body_time).await;
                if head.method == http::Method::OPTIONS {
                    return Answer::empty(StatusCode::NO_CONTENT).with_header("Allow", &allow);
                }
                let message = format!("This path takes {allow}.");
                return self
                    .refusals
                    .of_kind(kind::METHOD_UNKNOWN, 405, &message)
                    .with_header("Allow", &allow);
            }
            (Found::Operation { .. } | Found::Nothing, _) => {
                drain(&head.headers, body, self.options.limits.body_time).await;
                let message = if outside {
                    format!("The API is under {}/; this path is not.", self.router.base())
                } else {
                    "There is no such path.".to_owned()
                };
                return self.refusals.of_kind(kind::ROUTE_UNKNOWN, 404, &message);
            }
        };
        if seen.caller.is_none() && prepared.operation.acts().is_some() {
            seen.caller = self.authenticator.open(&head.headers);
        }
        let query = query(head.uri.query());
        let parameters = Parameters { path: &path, query: &query, headers: &head.headers };
        self.operate(prepared, &parameters, body, seen).await
    }

    /// Lets a caller in and counts its call.
    fn admit(
        &self,
        head: &Parts,
        operation: Option<&PreparedOperation>,
        seen: &mut Seen,
    ) -> Result<(), Answer> {
        let security = operation.map(|prepared| &prepared.operation.security);
        let credentials = Credentials { headers: &head.headers, query: head.uri.query(), security };
        match self.authenticator.authenticate(credentials, &self.workspaces, &self.refusals) {
            Err(refusal) => {
                seen.allowance = self.limiter.anonymous();
                Err(refusal)
            }
            Ok(Admitted { caller, freed }) => {
                if let Some(name) = freed {
                    self.idempotency.forget(Some(&name));
                    let what =
                        format!("the private workspace {name} was freed for another; see --max-workspaces");
                    self.log.notice(self.options.clock.now_ms(), &what);
                }
                let clock = &caller.workspace.clock;
                let passed = Duration::from_millis(clock.passed_ms());
                let now = clock.now_ms(self.options.clock);
                let (name, tier) = (&caller.workspace.name, caller.tier.as_deref());
                seen.allowance = self.limiter.count(&caller.key, name, tier, passed, now);
                seen.caller = Some(caller);
                let over = seen.allowance.as_ref().and_then(|allowance| allowance.retry_after);
                match (over, self.limiter.rejection()) {
                    (Some(seconds), Some(rejection)) => {
                        let message = format!("Too many requests. Wait {seconds} seconds.");
                        Err(self.refusals.of(rejection, &message, None))
                    }
                    _ => Ok(()),
                }
            }
        }
    }

    async fn operate(
        &self,
        prepared: &PreparedOperation,
        parameters: &Parameters<'_>,
        body: Incoming,
        seen: &mut Seen,
    ) -> Answer {
        let now = self.now(seen);
        if let Some(answer) = self.preferred(&prepared.operation, parameters, seen, now) {
            self.look_at(parameters.headers, body, seen).await;
            return answer;
        }
        let claimed = match self.claim(prepared, parameters, seen, now) {
            Ok(claimed) => claimed,
            Err(refusal) => {
                drain(parameters.headers, body, self.options.limits.body_time).await;
                return refusal;
            }
        };
        let bytes = match collect(body, self.options.limits.body_bytes, self.options.limits.body_time).await {
            Ok(bytes) => bytes,
            Err(error) => return self.unread(error),
        };
        seen.body = bytes.clone();
        let mut claim: Option<Claim> = None;
        match claimed {
            Some(ClaimResult::Answered(replay)) => {
                seen.answered_by("replayed idempotency key");
                return match (replay.of(&bytes), self.contract.rules().idempotency.as_ref()) {
                    (Some((status, body)), _) => Answer::json(status, body),
                    (None, Some(rule)) => self.refusals.of(
                        &rule.reused,
                        "This key was used with another body.",
                        Some(&rule.header),
                    ),
                    (None, None) => self.refusals.of_kind(kind::INTERNAL, 500, "The rule of keys is gone."),
                };
            }
            Some(ClaimResult::Fresh(fresh)) => claim = Some(fresh),
            Some(ClaimResult::InFlight | ClaimResult::Full) | None => {}
        }
        let acted = catch_unwind(AssertUnwindSafe(|| self.act(prepared, parameters, &bytes, seen, now)));
        let answer = acted.unwrap_or_else(|_| {
            self.refusals.of_kind(kind::INTERNAL, 500, "The mock server failed; this is a bug in it.")
        });
        let answer = self.told(Some(prepared), answer);
        if let (Some(claim), Some(rule), true) =
            (claim, self.contract.rules().idempotency.as_ref(), answer.status.is_success())
        {
            let until = now.saturating_add_unsigned(rule.retention_seconds.saturating_mul(1_000));
            claim.keep(&bytes, answer.status, answer.body.clone(), until);
        }
        answer
    }

    /// Claims the idempotency key, if one was sent to an operation that takes them.
    fn claim(
        &self,
        prepared: &PreparedOperation,
        parameters: &Parameters<'_>,
        seen: &Seen,
        now: i64,
    ) -> Result<Option<ClaimResult>, Answer> {
        let Some(rule) = self.contract.rules().idempotency.as_ref().filter(|_| prepared.idempotent) else {
            return Ok(None);
        };
        let (Some(value), Some(caller)) = (parameters.headers.get(rule.header.as_str()), &seen.caller) else {
            return Ok(None);
        };
        if value.len() > rule.max_bytes {
            let message = format!("{} may have {} bytes at the most.", rule.header, rule.max_bytes);
            return Err(self.refusals.of(&rule.too_long, &message, Some(&rule.header)));
        }
        let endpoint = prepared.operation.path.expand(|name| parameters.path(name).map(str::to_owned));
        let max = self.options.limits.idempotency_entries;
        match self.idempotency.claim(&caller.workspace.name, &endpoint, value.as_bytes(), now, max) {
            ClaimResult::InFlight => {
                Err(self.refusals.of(&rule.in_flight, "A request with this key is in flight.", None))
            }
            ClaimResult::Full => {
                let message = "As many idempotency keys are kept as may be; see --max-idempotency-keys.";
                Err(self.refusals.of_kind(kind::LIMIT_REACHED, 400, message))
            }
            claimed @ (ClaimResult::Fresh(_) | ClaimResult::Answered(_)) => Ok(Some(claimed)),
        }
    }

    fn act(
        &self,
        prepared: &PreparedOperation,
        parameters: &Parameters<'_>,
        body: &[u8],
        seen: &mut Seen,
        now: i64,
    ) -> Answer {
        if self.options.strict {
            seen.ignored = seen::ignored(&prepared.operation, parameters, body);
        }
        if let Some((parameter, fault)) = parameters.fault(&prepared.operation, &prepared.plain) {
            let cursor = prepared.operation.pages.as_ref().and_then(|rule| rule.cursor.as_ref());
            let over = cursor
                .filter(|cursor| cursor.parameter == parameter.name)
                .and_then(|cursor| cursor.rejection.as_ref());
            return self.refusals.of_fault(&fault, fault.field.as_deref(), over);
        }
        let body = match self.read_body(prepared, parameters.headers, body) {
            Ok(body) => body,
            Err(refusal) => return refusal,
        };
        if let (Some(identity), Some(Action::Identity)) = (
            seen.caller.as_ref().and_then(|caller| caller.identity.as_ref()),
            prepared.operation.role.as_ref().map(|role| role.action),
        ) {
            let answer = Answer::json(prepared.success, identity.to_string());
            seen.answered_by("key");
            return answer;
        }
        if let (false, Some(caller)) = (self.options.replay, &seen.caller) {
            let context = RequestContext {
                contract: &self.contract,
                prepared,
                refusals: &self.refusals,
                workspace: &caller.workspace,
                parameters,
                now,
                seed: self.options.seed,
                max_rows: self.options.limits.rows,
            };
            if let Some(answer) = context.play(body) {
                seen.answered_by("state");
                return answer;
            }
        }
        seen.answered_by("example");
        let accept = parameters.headers.get(http::header::ACCEPT).and_then(|value| value.to_str().ok());
        self.examples.usual(&prepared.operation, accept.unwrap_or_default(), now).unwrap_or_else(|| {
            Answer::empty(if prepared.operation.responses.is_empty() {
                StatusCode::OK
            } else {
                prepared.success
            })
        })
    }

    /// A refusal in the form of the operation, where the contract has no form for all.
    fn told(&self, prepared: Option<&PreparedOperation>, answer: Answer) -> Answer {
        match prepared {
            Some(prepared) if answer.refused.is_some() && !self.refusals.has_rules() => {
                as_described(&prepared.operation, answer)
            }
            _ => answer,
        }
    }

    /// The body as an object, valid by its schema; `None` where the operation takes none.
    fn read_body(
        &self,
        prepared: &PreparedOperation,
        headers: &HeaderMap,
        bytes: &[u8],
    ) -> Result<Option<Map<String, Value>>, Answer> {
        let Some(body) = &prepared.operation.body else {
            return Ok(None);
        };
        if bytes.is_empty() {
            if !body.required {
                return Ok(Some(Map::new()));
            }
            let message = "The request has no body. Send a JSON object.";
            return Err(self.refusals.of_kind(kind::BODY_UNPARSABLE, 400, message));
        }
        // A contract that says what refusals look like says of none that it is for a media type.
        match read_body(body, headers, bytes, self.refusals.has_rules()) {
            Ok(Some(Value::Object(map))) => Ok(Some(map)),
            Ok(_) => Ok(None),
            Err(ContentError::NotTaken(message)) => {
                Err(self.refusals.of_kind(kind::BODY_TYPE, 415, &message))
            }
            Err(ContentError::Unreadable(message)) => {
                Err(self.refusals.of_kind(kind::BODY_UNPARSABLE, 400, &message))
            }
            Err(ContentError::Invalid(fault)) => {
                Err(self.refusals.of_fault(&fault, fault.field.as_deref(), None))
            }
        }
    }

    fn unread(&self, error: BodyError) -> Answer {
        let limits = &self.options.limits;
        match error {
            BodyError::TooLarge => {
                let message = format!("The body is over {} bytes.", limits.body_bytes);
                self.refusals.of_kind(kind::BODY_TOO_LARGE, 413, &message)
            }
            BodyError::TooSlow => {
                let message = format!("The body was not whole after {} seconds.", limits.body_time.as_secs());
                self.refusals.of_kind(kind::BODY_TOO_SLOW, 408, &message).with_header("Connection", "close")
            }
            BodyError::Broken => self
                .refusals
                .of_kind(kind::BODY_UNPARSABLE, 400, "The body broke off.")
                .with_header("Connection", "close"),
        }
    }

    fn is_below_base(&self, path: &str) -> bool {
        path.strip_prefix(self.router.base()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    fn remember(&self, head: Parts, answer: &Answer, seen: Seen, started: Instant) {
        if !self.log.is_on() && !self.journal.is_kept() {
            return;
        }
        let target = head.uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
        let entry = JournalEntry {
            id: 0,
            at: Clock::Real.now_ms(),
            method: head.method,
            target: self.secrets.target(target).into(),
            operation: seen.operation,
            workspace: seen.caller.map(|caller| Arc::clone(&caller.workspace.name)),
            headers: head.headers,
            body_size: seen.body.len(),
            body: seen.body,
            status: answer.status.as_u16(),
            reason: answer.reason.clone(),
            rule: seen.rule,
            forced: seen.forced,
            ignored: seen.ignored,
            answer_headers: answer.headers.clone(),
            answer: answer.body.clone(),
            answer_size: answer.body.len(),
            micros: u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
        };
        self.log.request(&entry);
        if self.journal.is_kept() {
            self.journal.add(entry);
        }
    }
}

/// Programs of the terminal write an answer as it comes: one without an end of line runs into the prompt.
fn end_line(headers: &HeaderMap, answer: &mut Answer) {
    let agent = headers.get(http::header::USER_AGENT).map_or(&b""[..], http::HeaderValue::as_bytes);
    let terminal = [&b"curl/"[..], b"Wget/"].iter().any(|name| agent.starts_with(name));
    let is_json = || {
        let kind = answer.headers.get(http::header::CONTENT_TYPE).map(http::HeaderValue::as_bytes);
        kind.is_some_and(|kind| kind.windows(4).any(|part| part == b"json"))
    };
    if terminal && !answer.body.is_empty() && !answer.body.ends_with(b"\n") && is_json() {
        answer.body = [&answer.body[..], b"\n"].concat().into();
    }
}
