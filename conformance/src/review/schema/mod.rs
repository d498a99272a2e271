//! Schemas side by side: what each says in effect, and the walk over both.

mod admitted;
mod equal;
mod graph;
mod pair;
mod standings;
mod union;
mod view;

pub(super) use admitted::{TYPES, admitted, of_keyword, of_value};
pub(super) use equal::Documents;
pub(super) use graph::Graph;
pub(super) use pair::Pair;
pub(super) use standings::{Context, Contexts};
pub(super) use union::{Branch, Union, unions};
pub(super) use view::{Items, Member, Start, View};
