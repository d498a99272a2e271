//! Crates of a few lines.

use crate::layers::blocks::Blocks;
use crate::layers::judge::Judge;
use crate::layers::modules::Crate;
use crate::layers::sources::Sources;

/// The edges of a crate, as `from.rs:1 -> to.rs (what)`.
pub(super) fn edges(files: &[(&str, &str)]) -> Vec<String> {
    let of = Crate::read(&Sources::of(files));
    let path = |file: usize| &of.files[file].path;
    let edges = of.edges();
    edges.iter().map(|it| format!("{}:{} -> {} ({})", path(it.from), it.line, path(it.to), it.what)).collect()
}

/// What is wrong with a crate, by the text of ARCHITECTURE.md.
pub(super) fn violations(files: &[(&str, &str)], architecture: &str) -> Vec<String> {
    let mut blocks = Blocks::read(architecture);
    assert!(blocks.problems.is_empty(), "{:?}", blocks.problems);
    let recursive = blocks.recursive.remove("tiny").unwrap_or_default();
    let of = Crate::read(&Sources::of(files));
    Judge::new(&of, &blocks.layers["tiny"], &recursive).violations()
}

/// A crate of two layers, `low` and `high`, which holds the types `Low` and `High`.
pub(super) fn of_two(low: &str) -> Vec<String> {
    let files = [
        ("lib.rs", "mod high;\nmod low;"),
        ("low.rs", low),
        ("high.rs", "pub struct High;\nimpl High { pub fn new() {} }\npub fn rise() {}"),
    ];
    edges(&files)
}
