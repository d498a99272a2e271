//! Whether the target is reachable, and whether the keys open what they should.

use std::fmt;

use schemas::{Action, Problem};

use crate::contract::{Api, Operation};
use crate::http::{Credential, Request, Response, TransportFault};
use crate::session::{LedgerError, SendError, Session, Workspace};

/// Why nothing can be judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CannotJudge {
    /// The target cannot be reached.
    Unreachable {
        /// The base URL.
        url: String,
        /// What the connection said.
        why: String,
    },
    /// The target is there, and no secure connection to it can be made.
    Insecure {
        /// The base URL.
        url: String,
        /// Why not.
        why: String,
        /// What may help.
        help: &'static str,
    },
    /// The target answers, but not as this API does.
    Elsewhere {
        /// The base URL.
        url: String,
        /// What came.
        why: String,
    },
    /// The target knows none of the paths, and the URL lacks the base path that the description gives.
    BasePath {
        /// The base URL.
        url: String,
        /// The base path.
        base: String,
        /// What came.
        status: u16,
    },
    /// A key is refused.
    KeyRefused {
        /// Which one.
        which: String,
        /// 401 or 403.
        status: u16,
    },
    /// Keys that should share the load open several workspaces.
    OtherWorkspace {
        /// Which one, from 1.
        number: usize,
    },
    /// Both keys open one workspace.
    SameWorkspace,
    /// Nothing was tried.
    Nothing(String),
    /// Somebody ended the run before anything was judged.
    Interrupted,
    /// The HTTP client cannot be set up.
    Client(Problem),
    /// The ledger cannot be written.
    Ledger(LedgerError),
}

impl CannotJudge {
    /// What is wrong and what to do.
    pub fn problem(&self) -> Problem {
        let say = |what: String, help: &str| Problem::say(what).with_help(help);
        let say_nothing_judged = |what: String, help: &str| say(what, &format!("{help}; nothing was judged"));
        match self {
            Self::Unreachable { url, why } => say_nothing_judged(
                format!("the target {url} cannot be reached: {why}"),
                "start it, or correct --url",
            ),
            Self::Insecure { url, why, help } => {
                say_nothing_judged(format!("no secure connection to the target {url}: {why}"), help)
            }
            Self::Elsewhere { url, why } => say_nothing_judged(
                format!("the target {url} does not answer like an API: {why}"),
                "give the whole base URL, base path included",
            ),
            Self::BasePath { url, base, status } => say_nothing_judged(
                format!(
                    "the target answers {status} to the plainest requests, and {url} lacks the base path {base} of the description"
                ),
                &format!("give --url {url}{base}"),
            ),
            Self::KeyRefused { which, status } => say_nothing_judged(
                format!("the target refuses {which} ({status})"),
                "check --api-key or PIVOTAL_API_KEY, and that it belongs to this target",
            ),
            Self::OtherWorkspace { number } => say(
                format!("--api-key number {number} opens another workspace than the first"),
                "give keys of one workspace; a key of another one goes to --other-key",
            ),
            Self::SameWorkspace => say(
                "--other-key opens the same workspace as --api-key".to_owned(),
                "give a key of another workspace, or none",
            ),
            Self::Nothing(why) => say(
                format!("nothing was judged: {why}"),
                "see --law, --operation, --max-requests and --max-time",
            ),
            Self::Interrupted => Self::Nothing("interrupted".to_owned()).problem(),
            Self::Client(problem) => problem.clone(),
            Self::Ledger(error) => error.problem(),
        }
    }
}

impl fmt::Display for CannotJudge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.problem().fmt(f)
    }
}

impl std::error::Error for CannotJudge {}

impl From<LedgerError> for CannotJudge {
    fn from(error: LedgerError) -> Self {
        Self::Ledger(error)
    }
}

/// Operations without a key that are asked until one answers as the API does.
const MOST_OPEN: usize = 3;

/// What the preflight found out.
#[derive(Debug, Default)]
pub(crate) struct Cleared {
    /// The other key may be used.
    pub(crate) other_key: bool,
    /// The workspace of the keys under test.
    pub(crate) workspace: Workspace,
    /// The workspace of the other key.
    pub(crate) other: Option<Workspace>,
}

/// Sends the plainest requests first: is the target reachable, do the keys open what they should?
pub(crate) async fn preflight(session: &Session, url: &str) -> Result<Cleared, CannotJudge> {
    let api = &session.api;
    let mut answers: Vec<(&Operation, Response)> = Vec::new();
    for op in api.operations.iter().filter(|op| op.open && op.is_plain() && api.reachable(op)).take(MOST_OPEN)
    {
        let answer = ask(session, Request::of(op), url).await?;
        let known = is_of_api(op, &answer);
        answers.push((op, answer));
        if known {
            break;
        }
    }
    let closed = plain_closed(api);
    let mut refusals = Vec::new();
    let mut own = None;
    for op in closed.iter().take(2) {
        let answer = ask(session, Request::of(op).key(0), url).await?;
        let status = answer.status;
        own = own.or_else(|| Some(answer.clone()));
        answers.push((op, answer));
        if !matches!(status, 401 | 403) {
            refusals.clear();
            break;
        }
        refusals.push(status);
    }
    if let Some((_, first)) = answers.first() {
        let media = first.media_type().unwrap_or_else(|| "no content type".to_owned());
        let foreign = !answers.iter().any(|(op, answer)| is_of_api(op, answer));
        let lost = |(op, answer): &(&Operation, Response)| {
            answer.status == 404 && !op.responses.iter().any(|response| response.status.matches(404))
        };
        let nowhere = answers.len() > 1 && answers.iter().all(|(_, answer)| answer.status == 404);
        let base = api.contract.base_path();
        if (foreign || answers.iter().all(lost)) && !base.is_empty() && !url.ends_with(base) {
            let (url, base) = (url.to_owned(), base.to_owned());
            return Err(CannotJudge::BasePath { url, base, status: first.status });
        }
        if foreign || nowhere {
            let why = format!("the plainest requests are answered {} with {media}", first.status);
            return Err(CannotJudge::Elsewhere { url: url.to_owned(), why });
        }
    }
    if let Some(status) = refusals.first() {
        return Err(CannotJudge::KeyRefused { which: "the key".to_owned(), status: *status });
    }
    let Some(op) = closed.first() else {
        let other_key = session.keys.other.is_some();
        return Ok(Cleared { other_key, ..Cleared::default() });
    };
    let ids: Vec<&str> = session.api.resources.iter().map(|resource| resource.identity.id.as_str()).collect();
    let tells = op.action() == Action::Identity;
    let workspace = match own.filter(|_| tells).and_then(|answer| answer.json) {
        Some(identity) => Workspace::of_identity(&identity, &ids),
        None => Workspace::of_keys(session.keys.own.iter()),
    };
    for key in 1..session.keys.own.len() {
        let answer = ask(session, Request::of(op).key(key), url).await?;
        let number = key + 1;
        if matches!(answer.status, 401 | 403) {
            let which = format!("--api-key number {number}");
            return Err(CannotJudge::KeyRefused { which, status: answer.status });
        }
        let theirs = answer.json.filter(|_| tells).map(|identity| Workspace::of_identity(&identity, &ids));
        if theirs.is_some_and(|theirs| workspace.agrees(&theirs) == Some(false)) {
            return Err(CannotJudge::OtherWorkspace { number });
        }
    }
    let mut cleared = Cleared { workspace, ..Cleared::default() };
    if let Some(key) = &session.keys.other {
        let theirs = ask(session, Request::of(op).by(Credential::Other), url).await?;
        cleared.other_key = !matches!(theirs.status, 401 | 403);
        let other = match theirs.json.filter(|_| tells && cleared.other_key) {
            Some(identity) => Workspace::of_identity(&identity, &ids),
            None => Workspace::of_keys(std::iter::once(key)),
        };
        if tells && cleared.workspace.agrees(&other) == Some(true) {
            return Err(CannotJudge::SameWorkspace);
        }
        cleared.other = Some(other);
    }
    Ok(cleared)
}

fn plain_closed(api: &Api) -> Vec<Operation> {
    let mut ops: Vec<Operation> =
        api.closed().filter(|op| op.is_plain() && api.reachable(op)).cloned().collect();
    ops.sort_by_key(|op| op.action() != Action::Identity);
    ops
}

/// Whether an answer shows that the API is there: JSON, as all errors are, or what the operation states, such as a
/// picture or a redirect.
fn is_of_api(op: &Operation, answer: &Response) -> bool {
    answer.json.is_some() || op.states(answer.status, answer.media_type().as_deref())
}

async fn ask(session: &Session, request: Request, url: &str) -> Result<Response, CannotJudge> {
    let is_stated = |answer: &Response| {
        request.op.as_ref().is_some_and(|op| op.states(answer.status, answer.media_type().as_deref()))
    };
    match session.send(&request).await {
        Ok(answered) => {
            let response = answered.response;
            match response.header("location") {
                // The API is elsewhere. Later, or where it is stated, a redirect is an answer like any other.
                Some(to) if (300..400).contains(&response.status) && !is_stated(&response) => {
                    let why = format!("status {} redirects to {to}", response.status);
                    Err(CannotJudge::Unreachable { url: url.to_owned(), why })
                }
                _ => Ok(response),
            }
        }
        Err(SendError::Transport(TransportFault::Tls(fault))) => {
            Err(CannotJudge::Insecure { url: url.to_owned(), why: fault.what, help: fault.help })
        }
        Err(SendError::Transport(fault)) if fault.is_too_large() => {
            Err(CannotJudge::Elsewhere { url: url.to_owned(), why: fault.to_string() })
        }
        Err(error @ (SendError::Transport(_) | SendError::Reset(_) | SendError::Gone(_))) => {
            Err(CannotJudge::Unreachable { url: url.to_owned(), why: error.to_string() })
        }
        Err(SendError::OutOfRequests) => Err(CannotJudge::Nothing("no requests are allowed".to_owned())),
        Err(SendError::Interrupted) => Err(CannotJudge::Interrupted),
        Err(
            error @ (SendError::OutOfTime
            | SendError::Silent
            | SendError::Throttled
            | SendError::Limited(_)
            | SendError::Ledger(_)
            | SendError::Unfit(_)
            | SendError::Withheld(_)),
        ) => Err(CannotJudge::Nothing(error.to_string())),
    }
}
