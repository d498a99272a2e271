//! No answer shows a trace of a crash or a whole key.

use super::statement::responses;
use crate::contract::{Aspect, Expected};
use crate::judge::AnswerCheck;
use crate::law::{AnswerTurn, Explains, Family, Law, Precedence, Role};

pub(crate) static LAW: Law = Law {
    id: "nothing-leaks",
    family: Family::Shape,
    says: "no answer shows a trace of a crash or a whole key",
    why: "Both help an attacker and nobody else.",
    role: Role::Leak,
    precedence: Precedence::Answers,
    explains: &[Explains::anywhere("auth-key-hidden")],
    ..Law::on_every_answer(AnswerTurn::Leaks, responses, check)
};

/// Traces of a crash, as the usual runtimes print them.
const TRACES: [&str; 9] = [
    "Traceback (most recent call last)",
    "panicked at ",
    "stack backtrace:",
    "/node_modules/",
    "node:internal/",
    "java.lang.",
    "Exception in thread",
    ".rb:in `",
    "goroutine 1 [",
];

/// A shorter key may be in an answer by chance.
const SHORTEST_KEY: usize = 8;

fn check(answer: &mut AnswerCheck<'_>) {
    answer.judging();
    let response = answer.response;
    let text = String::from_utf8_lossy(&response.bytes);
    if let Some(trace) = trace(&text) {
        let message = format!("an answer shows the inside of the server ({trace})");
        answer.breach(Aspect::Other("trace"), message, Expected::words("no trace of a crash"));
    }
    let secrets = answer.keys.secrets();
    let shows = |text: &str, secret: &str| text.contains(secret);
    let shown = secrets.iter().any(|(secret, _)| secret.len() >= SHORTEST_KEY && shows(&text, secret));
    // A body that carried the key may be sent back; a header never.
    let sent = answer.request.bytes();
    let sent = sent.as_deref().map(String::from_utf8_lossy);
    let was_sent = sent.is_some_and(|sent| secrets.iter().any(|(secret, _)| shows(&sent, secret)));
    if shown && !was_sent {
        answer.breach(Aspect::Other("key"), "an answer shows a whole key", Expected::words("no key"));
    }
}

/// The trace of a crash in a text.
fn trace(text: &str) -> Option<&'static str> {
    TRACES.into_iter().find(|trace| text.contains(trace)).or_else(|| {
        // A JavaScript stack frame: `    at Object.handler (/app/server.js:10:5)`.
        let frame = text.split('\n').chain(text.split("\\n")).any(|line| {
            let line = line.trim_start();
            line.starts_with("at ")
                && line.contains('(')
                && line.trim_end_matches('"').ends_with(')')
                && line.contains(".js:")
        });
        frame.then_some("at … (….js:…)")
    })
}
