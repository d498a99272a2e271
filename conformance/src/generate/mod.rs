//! Values for requests: valid ones, those at a bound, and those with exactly one thing wrong.

mod base36;
mod bounds;
mod length;
mod names;
mod parameter;
mod random;
mod run_mark;
mod text;
mod twist;
mod valid;
mod wrong;

pub(crate) use bounds::{Bound, bounds};
pub(crate) use length::lengths_agree;
pub(crate) use names::{Namer, shortened};
pub(crate) use parameter::{is_plain_parameter, parameter_value};
pub(crate) use random::{bodies, edges, runner};
pub(crate) use run_mark::RunMark;
pub(crate) use text::{UNICODE_SAMPLE, is_prose};
pub(crate) use twist::{Twist, optional, twists};
pub(crate) use valid::{Extent, Valid, presence};
pub(crate) use wrong::{Change, Wrong, wrongs};
