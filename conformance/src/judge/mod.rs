//! How a response is held to a statement: by equality, each aspect with a standing of its own.

mod answer;
mod breach;
mod compare;
mod deviation;
mod doubt;
mod said;
mod text;

pub(crate) use answer::{AnswerCheck, AnswerLaw, check_answer};
pub(crate) use breach::Breach;
pub(crate) use compare::{difference, instant, is_whole_second, same_value};
pub(crate) use deviation::{Deviation, deviation_from_refusal, deviation_from_success};
pub(crate) use doubt::{Doubt, doubt};
pub(crate) use said::said;
pub(crate) use text::is_web_page;
