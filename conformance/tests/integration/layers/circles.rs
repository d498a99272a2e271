//! Files that import each other in a circle.

use std::collections::BTreeMap;
use std::fmt::{self, Display};

use petgraph::algo::tarjan_scc;
use petgraph::graphmap::DiGraphMap;

use super::edges::Edge;
use super::modules::Crate;

/// Files of which each reaches each, and the imports by which it does.
#[derive(Debug)]
pub(super) struct Circle {
    /// Sorted.
    pub(super) files: Vec<String>,
    /// By the files they lead from and to: the first line, and what is imported.
    edges: BTreeMap<(String, String), (usize, Vec<String>)>,
}

/// The circles of a crate, the largest first.
pub(super) fn circles(of: &Crate, edges: &[Edge]) -> Vec<Circle> {
    // Nobody gets anything from a file that defines nothing.
    let edges = || edges.iter().filter(|edge| !of.files[edge.to].facade);
    let graph: DiGraphMap<usize, ()> = edges().map(|edge| (edge.from, edge.to)).collect();
    let parts = tarjan_scc(&graph).into_iter().filter(|part| part.len() > 1);
    let mut circles: Vec<Circle> = parts
        .map(|part| {
            let inside = edges().filter(|edge| part.contains(&edge.from) && part.contains(&edge.to));
            Circle::of(of, &part, inside)
        })
        .collect();
    circles.sort_by(|one, other| {
        other.files.len().cmp(&one.files.len()).then_with(|| one.files.cmp(&other.files))
    });
    circles
}

impl Circle {
    fn of<'a>(of: &Crate, files: &[usize], inside: impl Iterator<Item = &'a Edge>) -> Self {
        let path = |file: usize| of.files[file].path.clone();
        let mut edges: BTreeMap<(String, String), (usize, Vec<String>)> = BTreeMap::new();
        for edge in inside {
            let (_, names) =
                edges.entry((path(edge.from), path(edge.to))).or_insert_with(|| (edge.line, Vec::new()));
            if !names.contains(&edge.what) {
                names.push(edge.what.clone());
            }
        }
        let mut files: Vec<String> = files.iter().map(|file| path(*file)).collect();
        files.sort();
        Self { files, edges }
    }
}

impl Display for Circle {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{} files: {}", self.files.len(), self.files.join(" "))?;
        for ((from, into), (line, names)) in &self.edges {
            write!(to, "\n    {from}:{line} -> {into}  ({})", names.join(", "))?;
        }
        Ok(())
    }
}
