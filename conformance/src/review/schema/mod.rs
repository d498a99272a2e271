//! Schemas side by side: what each says in effect, and the walk over both.

mod equal;
mod graph;
mod pair;
mod standings;
mod view;

pub(super) use equal::Documents;
pub(super) use graph::Graph;
pub(super) use pair::Pair;
pub(super) use standings::{Context, Contexts};
pub(super) use view::{Items, Member, Start, View};
