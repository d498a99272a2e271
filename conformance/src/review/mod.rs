//! The review of a change: what moved between two contracts, or two folders of records, and what that means to a client.

mod accepted;
mod advice;
mod behaviour;
mod calls;
mod change;
mod compare;
mod comparison;
mod counts;
mod evidence;
mod filter;
mod fingerprint;
mod found;
mod git;
mod join;
mod likeness;
mod operations;
mod owner;
mod report;
mod rule;
mod rules;
mod schema;
mod semantics;
mod side;
mod table;
mod verdict;

pub use accepted::Accepted;
pub use advice::{Advice, Bump};
pub use behaviour::{Records, compare_records};
pub use change::{Change, Seen};
pub use compare::compare_documents;
pub use comparison::{Decision, Named, Review};
pub use counts::Counts;
pub use filter::{Exclusion, Severity};
pub use join::{Joined, Outcome};
pub use report::{
    print_changelog, print_github, print_html, print_markdown, print_rule, print_rules, print_terminal,
};
pub use rule::Rule;
pub use rules::{all as rules, find as rule};
pub use side::{Content, Side, SideError};
pub use verdict::{Hurts, Verdict};
