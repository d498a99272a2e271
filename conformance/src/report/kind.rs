//! The kinds of report a file can hold.

use super::junit::junit;
use super::sarif::sarif;
use crate::findings::Report;
use crate::report::html::html;

/// A kind of report that a file can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReportKind {
    /// Everything, as `report.schema.json` describes it.
    Json,
    /// JUnit XML, as CI servers show it: a case for each law on each operation.
    Junit,
    /// SARIF 2.1.0, as code scanning reads it: a result for each finding, at its place in the contract.
    Sarif,
    /// HAR 1.2: every request and answer.
    Har,
    /// One page for people, without anything outside of it.
    Html,
}

impl ReportKind {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Json, Self::Junit, Self::Sarif, Self::Har, Self::Html];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Junit => "junit",
            Self::Sarif => "sarif",
            Self::Har => "har",
            Self::Html => "html",
        }
    }

    /// The kind of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// Where it is written by default.
    pub fn usual_path(self) -> &'static str {
        match self {
            Self::Json => "conformance-report/report.json",
            Self::Junit => "conformance-report/junit.xml",
            Self::Sarif => "conformance-report/report.sarif",
            Self::Har => "conformance-report/traffic.har",
            Self::Html => "conformance-report/report.html",
        }
    }

    /// The report in this kind; `None` for the kind that is made of the traffic, see [`HarWriter`](super::HarWriter).
    pub fn render(self, report: &Report, strict: bool) -> Option<String> {
        match self {
            Self::Json => Some(report.to_json()),
            Self::Junit => Some(junit(report, strict)),
            Self::Sarif => Some(sarif(report)),
            Self::Html => Some(html(report)),
            Self::Har => None,
        }
    }
}
