//! The reports of a comparison.

mod fold;
mod github;
mod markdown;
mod terminal;
mod words;

pub use github::print as print_github;
pub use markdown::print as print_markdown;
pub use terminal::{print as print_terminal, print_rule, print_rules};
pub(super) use words::told;
