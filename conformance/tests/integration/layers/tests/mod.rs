//! The parts of the test, tried on crates of a few lines.

mod blocks;
mod circles;
mod edges;
mod judge;
mod resolve;
mod show;
mod tiny;
