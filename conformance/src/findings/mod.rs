//! What a run finds out: events, breaches merged into findings, verdicts, coverage, the baseline.

mod baseline;
mod cause;
mod contract_stamp;
mod coverage;
mod curl;
mod event;
mod explained;
mod finding;
mod join;
mod law_line;
mod merge;
mod merged;
mod occurrence;
mod provenance;
mod redact;
mod report;
mod required_laws;
mod resolve;
mod severity;
mod tally;
mod unjudged_law;
mod verdict;
mod weigh;

pub use baseline::{Against, Baseline, BaselineError, BaselineLine, Known};
pub(crate) use baseline::{day, today};
pub use contract_stamp::ContractStamp;
pub(crate) use coverage::Collector;
pub use coverage::{
    Coverage, Figure, Figures, OperationCoverage, ParameterCoverage, SeenCoverage, SentCoverage,
    StatusCoverage,
};
pub use event::{Event, Reporter, Stream};
pub use explained::Explained;
pub use finding::{Finding, Merged, StepLine};
pub use join::JoinError;
pub(crate) use law_line::NotJudged;
pub use law_line::{LawLine, LawVerdict};
pub(crate) use merge::findings;
pub(crate) use occurrence::Occurrence;
pub(crate) use provenance::created_before;
pub use report::Report;
pub(crate) use resolve::resolve;
pub use severity::Severity;
pub(crate) use tally::Tally;
pub use unjudged_law::UnjudgedLaw;
pub use verdict::{Summary, Verdict};
