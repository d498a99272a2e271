//! One line a request, the reason of a refusal beneath it, never a secret; written by a thread of its own.

mod format;
mod line;
mod queue;

pub use format::LogFormat;
pub(crate) use queue::Log;
