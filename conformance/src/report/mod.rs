//! Reports: what a run found, for people and for other programs.

mod github;
mod har;
mod html;
mod junit;
mod kind;
mod place;
mod progress;
mod sarif;
mod terminal;
mod words;

pub use github::{github_annotations, github_summary};
pub use har::HarWriter;
pub use html::html;
pub use junit::junit;
pub use kind::ReportKind;
pub use progress::Progress;
pub use sarif::sarif;
pub use terminal::{print_finding, print_report};
