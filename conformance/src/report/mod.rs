//! What a run tells: one stream of events, and those who listen.

mod clean;
mod coverage;
mod curl;
mod event;
mod finding;
mod github;
mod har;
mod html;
mod join;
mod junit;
mod kind;
mod place;
mod progress;
mod redact;
#[expect(clippy::module_inception, reason = "the file holds the type of the same name")]
mod report;
mod sarif;
mod stamp;
mod terminal;
mod traffic;
mod unescape;
mod unmet;
mod words;

pub(crate) use coverage::Collector;
pub use coverage::{
    Coverage, Figure, Figures, OperationCoverage, ParameterCoverage, SeenCoverage, SentCoverage,
    StatusCoverage,
};
pub(crate) use curl::curl;
pub use event::{Event, Reporter, Stream};
pub use finding::{Finding, Severity, StepLine};
pub use github::{github_annotations, github_summary};
pub use har::HarWriter;
pub use html::html;
pub use join::JoinError;
pub use junit::junit;
pub use kind::ReportKind;
pub use progress::Progress;
pub(crate) use redact::{Redactor, SHORTEST};
pub use report::{LawLine, LawVerdict, Report, Summary, Verdict};
pub use sarif::sarif;
pub use stamp::ContractStamp;
pub use terminal::{print_finding, print_report};
pub use traffic::{Answer, Traffic};
pub use unmet::Unmet;
