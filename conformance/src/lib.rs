//! Holds any implementation of an API to its contract.
//!
//! A [run](run()) knows no API: from the [contract](schemas::Contract) it derives *laws*, checkable statements on operations,
//! fields and parameters, and tries them on a target over HTTP, in order of worth. An answer is held to the contract by
//! equality, and what a deviation means follows from the standing of the statement: a *violation* of what is documented,
//! a *warning* on what is inferred, a *note* on what nobody promised.
//!
//! It does not start targets, measure them, or compare them with the mock server. What it creates it deletes again.
//!
//! What is where, and the way from a law to a finding, is in `ARCHITECTURE.md` at the top of the repository; recipes for laws,
//! rules and reports are in `CONTRIBUTING.md` beside it.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use std::sync::{Arc, atomic::AtomicBool};
//!
//! let contract = schemas::Contract::builtin()?;
//! let keys = conformance::Secrets { own: vec!["a key".into()], ..Default::default() };
//! let config = conformance::RunConfig::new(contract, "http://127.0.0.1:4010/api/v1", keys);
//! let report = conformance::run(&config, Arc::new(AtomicBool::new(false)), conformance::Stream::default()).await?;
//! assert_eq!(report.summary.violations, 0);
//! # Ok(())
//! # }
//! ```

mod cli;
mod config;
mod contract;
mod findings;
mod generate;
mod http;
mod judge;
mod law;
mod plan;
mod private_file;
pub mod record;
mod report;
pub mod review;
mod run;
mod scenario;
mod selftest;
mod session;
mod shown;

pub use cli::{exit, main};
pub use contract::Wishes;
pub use findings::{
    Against, Baseline, BaselineError, BaselineLine, ContractStamp, Coverage, Event, Explained, Figure,
    Figures, Finding, JoinError, Known, LawLine, LawVerdict, Merged, OperationCoverage, ParameterCoverage,
    Report, Reporter, SeenCoverage, SentCoverage, Severity, StatusCoverage, StepLine, Stream, Summary,
    UnjudgedLaw, Verdict,
};
pub use http::{Answer, ClientOptions, ExtraHeader, FreshKey, Traffic};
pub use plan::Shard;
pub use report::{
    HarWriter, Progress, ReportKind, github_annotations, github_summary, html, junit, print_finding,
    print_report, sarif,
};
pub use run::{
    Allowed, CannotClean, CannotJudge, Cleaned, Forecast, LedgerPath, RunConfig, Secrets, TargetError,
    check_target, cleanup, run,
};
pub use selftest::{Curve, CurvePoint, Kind, Outcome, SelfTest, self_test};
pub use session::{LedgerError, Leftover, Lost};
