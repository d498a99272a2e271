//! What a run tells: one stream of events, and those who listen.

mod clean;
mod curl;
mod event;
mod finding;
mod junit;
mod progress;
mod redact;
#[expect(clippy::module_inception, reason = "the file holds the type of the same name")]
mod report;
mod stamp;
mod terminal;
mod traffic;
mod unescape;

pub(crate) use curl::curl;
pub use event::{Event, Reporter, Stream};
pub use finding::{Finding, Severity, StepLine};
pub use junit::junit;
pub use progress::Progress;
pub(crate) use redact::{Redactor, SHORTEST};
pub use report::{LawLine, LawVerdict, Report, Summary, Verdict};
pub use stamp::ContractStamp;
pub use terminal::{print_finding, print_report};
pub use traffic::{Answer, Traffic};
