//! What must never be in an answer.

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

/// What an answer gives away: a trace of a crash.
pub(crate) fn trace(text: &str) -> Option<&'static str> {
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

/// Whether a text is a web page.
pub(crate) fn is_web_page(text: &str) -> bool {
    let start: String = text.trim_start().chars().take(15).collect::<String>().to_ascii_lowercase();
    start.starts_with("<!doctype html") || start.starts_with("<html")
}
