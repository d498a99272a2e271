//! What of the contract a run exercised.

mod collector;
mod figures;
mod lines;
mod names;

pub(crate) use collector::Collector;
pub use figures::{Figure, Figures};
pub use lines::{Coverage, OperationCoverage, ParameterCoverage, SeenCoverage, SentCoverage, StatusCoverage};
