//! What did not agree with the description, told at the end.

use std::io::Write as _;

use mock_server::MockServer;
use schemas::printable;

use super::upstream::UpstreamArguments;

/// How many deviations are told; the others are counted.
const MOST_TOLD: usize = 50;

/// Tells what deviated; `false` where that is to be a failure.
pub(crate) fn agreed(arguments: &UpstreamArguments, server: &MockServer) -> bool {
    let Some(upstream) = &arguments.upstream else { return true };
    let deviations = server.deviations();
    let mut out = anstream::stderr().lock();
    let _ = match deviations.len() {
        0 => writeln!(out, "all that went to {} and back is as described", printable(upstream)),
        count => writeln!(out, "{count} deviations from the description:"),
    };
    for (deviation, count) in deviations.iter().take(MOST_TOLD) {
        let _ = writeln!(out, "  {count} \u{d7} {}", printable(deviation));
    }
    if let Some(more) = deviations.len().checked_sub(MOST_TOLD).filter(|more| *more > 0) {
        let _ = writeln!(out, "  … and {more} more");
    }
    deviations.is_empty() || !arguments.fail
}
