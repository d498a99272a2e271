//! What is told at the start.

use std::fmt::Write as _;

use fixtures::Fixtures;
use mock_server::MockServer;
use schemas::{Contract, Level, Problem, printable};

use super::arguments::ServerArguments;

/// How many problems of a description are told at the start; the others are counted.
const MOST_TOLD: usize = 20;

/// The banner at the start: what is played, what could not be made of it, with which keys, and where to look.
pub(crate) fn banner(
    contract: &Contract,
    fixtures: &Fixtures,
    arguments: &ServerArguments,
) -> impl FnOnce(&MockServer) -> String + use<> {
    let keys = fixtures.keys.iter().filter(|key| !key.revoked).map(|key| key.key.clone());
    let copies = fixtures.private_copies.iter().map(|copies| format!("{}<name>", copies.prefix));
    let keys: Vec<String> = keys.chain(copies).collect();
    let keys = if keys.is_empty() { "any".to_owned() } else { keys.join("  ") };
    let what =
        format!("{} {} · {} operations", contract.title(), contract.version(), contract.operations().len());
    // Both are texts of files.
    let (what, keys) = (printable(&what).into_owned(), printable(&keys).into_owned());
    let made = made(contract, arguments);
    let mode = format!(
        "{} · rate limit {} · clock {}",
        match (arguments.replay, contract.resources().is_empty()) {
            (true, _) => "replays examples",
            (false, true) => "answers examples, keeps no rows",
            (false, false) => "stateful",
        },
        arguments.rate_limit,
        arguments.clock
    );
    move |server| {
        format!("{what}{made}\n  keys   {keys}\n  mode   {mode}\n  look   {}/__mock/\n", server.origin())
    }
}

/// What the server made of a description that somebody gave it.
fn made(contract: &Contract, arguments: &ServerArguments) -> String {
    let Some(path) = arguments.contract() else { return String::new() };
    let count = |level: Level| contract.problems().iter().filter(|problem| problem.level == level).count();
    let (skipped, notices) = (count(Level::Skipped), count(Level::Notice));
    let kept = contract.resources().len();
    let examples = contract.operations().iter().filter(|operation| operation.acts().is_none()).count();
    let how = if contract.inferred().is_empty() { "" } else { " (conformance infer tells why)" };
    let mut made = format!("\n  made   {kept} resources kept, {examples} operations answer examples{how}");
    if skipped + notices > 0 {
        let _ = write!(
            made,
            " · {skipped} skipped, {notices} notices (mock-server --check {} tells them)",
            path.display()
        );
    }
    made
}

/// The problems of a description that loads, for the start: what was skipped first, and not all of a flood.
pub(crate) fn told(problems: &[Problem]) -> String {
    let mut ordered: Vec<&Problem> = problems.iter().collect();
    ordered.sort_by_key(|problem| problem.level);
    let mut text = String::new();
    for problem in ordered.iter().take(MOST_TOLD) {
        let _ = writeln!(text, "{problem}");
    }
    if let Some(more) = ordered.len().checked_sub(MOST_TOLD).filter(|more| *more > 0) {
        let _ = writeln!(text, "… and {more} more, which --check tells");
    }
    text
}
