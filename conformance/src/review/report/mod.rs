//! The reports of a comparison.

mod changelog;
mod fold;
mod github;
mod html;
mod markdown;
mod terminal;
mod words;

pub use changelog::print as print_changelog;
pub(super) use fold::grouped;
pub use github::print as print_github;
pub use html::print as print_html;
pub use markdown::print as print_markdown;
pub use terminal::{print as print_terminal, print_rule, print_rules};
pub(super) use words::told;
