//! The gate proves itself: clean on a sound target and on every reading the contract allows, and every planted fault found.

mod catalogue;
mod condition;
mod curve;
mod matching;
mod proxy;
mod rule;
mod tamper;
mod trial;

pub use curve::{Curve, CurvePoint};
pub use trial::{Kind, Outcome, SelfTest, self_test};
