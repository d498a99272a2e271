//! The laws: what can be checked, on what it applies, and how it is judged. One law, one file, in the folder of its family.
//!
//! How to add one is in `CONTRIBUTING.md`.

mod auth;
mod case;
mod conflict;
mod describe;
mod idempotency;
mod input;
#[expect(clippy::module_inception, reason = "the file holds the type of the same name")]
mod law;
mod pages;
mod rate;
mod registry;
mod route;
mod shape;
mod state;
mod support;

pub(crate) use case::{Case, ExtraKey, Phase};
pub(crate) use describe::describe;
pub(crate) use law::{AnswerTurn, Explains, Family, Law, Precedence, Role, Statement, When};
pub(crate) use registry::{answer_laws, answered_law, by_id, by_role, catalogue, judgeable};
pub(crate) use support::{all_wrongs, unknown_id_of};
