//! Is there somebody to talk to, and do they let us in?

use schemas::{Action, Method};
use serde_json::Value;

use crate::atlas::{Atlas, Op};
use crate::probe::{Call, Credential, Halt, Received, Session};

/// Why nothing can be judged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CannotJudge {
    /// Nobody answers.
    #[error(
        "the target {url} cannot be reached: {why}\n  help: start it, or correct --url; nothing was judged"
    )]
    Unreachable {
        /// The base URL.
        url: String,
        /// What the wire said.
        why: String,
    },
    /// Somebody answers who does not speak this API.
    #[error(
        "the target {url} does not answer like an API: {why}\n  help: give the whole base URL, base path included; nothing was judged"
    )]
    Elsewhere {
        /// The base URL.
        url: String,
        /// What came.
        why: String,
    },
    /// The key is not let in.
    #[error(
        "the target refuses the key ({status})\n  help: check --api-key or PIVOTAL_API_KEY, and that it belongs to this target; nothing was judged"
    )]
    KeyRefused {
        /// 401 or 403.
        status: u16,
    },
    /// Both keys open one workspace.
    #[error(
        "--other-key opens the same workspace as --api-key\n  help: give a key of another workspace, or none"
    )]
    SameWorkspace,
    /// Nothing was tried.
    #[error("nothing was judged: {0}\n  help: see --law, --operation, --max-requests and --max-time")]
    Nothing(String),
    /// The client could not be made.
    #[error("{0}")]
    Client(String),
}

/// Asks the plainest questions first; tells whether the other key may be used.
pub(super) async fn preflight(session: &Session, atlas: &Atlas, url: &str) -> Result<bool, CannotJudge> {
    let mut answers: Vec<Received> = Vec::new();
    if let Some(op) = atlas.operations.iter().find(|op| op.open && is_plain(op)) {
        answers.push(ask(session, Call::of(op), url).await?);
    }
    let closed = plain_closed(atlas);
    let mut refusals = Vec::new();
    for op in closed.iter().take(2) {
        let answer = ask(session, Call::of(op), url).await?;
        let status = answer.status;
        answers.push(answer);
        if !matches!(status, 401 | 403) {
            refusals.clear();
            break;
        }
        refusals.push(status);
    }
    if let Some(first) = answers.first() {
        let media = first.media_type().unwrap_or_else(|| "no content type".to_owned());
        let foreign = answers.iter().all(|answer| answer.json.is_none());
        let nowhere = answers.len() > 1 && answers.iter().all(|answer| answer.status == 404);
        if foreign || nowhere {
            let why = format!("the plainest requests are answered {} with {media}", first.status);
            return Err(CannotJudge::Elsewhere { url: url.to_owned(), why });
        }
    }
    if let Some(status) = refusals.first() {
        return Err(CannotJudge::KeyRefused { status: *status });
    }
    other_key(session, atlas, url).await
}

/// Whether the other key is let in, and into another workspace.
async fn other_key(session: &Session, atlas: &Atlas, url: &str) -> Result<bool, CannotJudge> {
    if session.keys.other.is_none() {
        return Ok(false);
    }
    let Some(op) = plain_closed(atlas).into_iter().next() else { return Ok(true) };
    let theirs = ask(session, Call::of(&op).by(Credential::Other), url).await?;
    if matches!(theirs.status, 401 | 403) {
        return Ok(false);
    }
    if op.action() == Action::Identity {
        let ours = ask(session, Call::of(&op), url).await?;
        if ours.json.zip(theirs.json).is_some_and(|(ours, theirs)| share_an_object(&ours, &theirs)) {
            return Err(CannotJudge::SameWorkspace);
        }
    }
    Ok(true)
}

/// Whether two identities name one and the same thing: the workspace, for the keys differ.
fn share_an_object(ours: &Value, theirs: &Value) -> bool {
    let (Some(ours), Some(theirs)) = (ours.as_object(), theirs.as_object()) else { return false };
    ours.iter().any(|(name, value)| value.get("id").is_some() && theirs.get(name) == Some(value))
}

fn plain_closed(atlas: &Atlas) -> Vec<Op> {
    let mut ops: Vec<Op> = atlas.closed().filter(|op| is_plain(op)).cloned().collect();
    ops.sort_by_key(|op| op.action() != Action::Identity);
    ops
}

fn is_plain(op: &Op) -> bool {
    op.method == Method::Get
        && op.slots().next().is_none()
        && op.parameters.iter().all(|parameter| !parameter.required)
}

async fn ask(session: &Session, call: Call, url: &str) -> Result<Received, CannotJudge> {
    match session.send(&call).await {
        Ok(answered) => Ok(answered.received),
        Err(Halt::Transport(fault) | Halt::Gone(fault)) => {
            Err(CannotJudge::Unreachable { url: url.to_owned(), why: fault.to_string() })
        }
        Err(Halt::Interrupted) => Err(CannotJudge::Nothing("interrupted".to_owned())),
        Err(Halt::OutOfRequests) => Err(CannotJudge::Nothing("no requests are allowed".to_owned())),
        Err(Halt::OutOfTime) => Err(CannotJudge::Nothing("the time is used up".to_owned())),
    }
}
