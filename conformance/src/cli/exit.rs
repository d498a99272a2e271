//! What the program's exit codes mean.

/// The contract holds, as far as it was judged. For `cleanup`: all of it is gone.
pub const HOLDS: u8 = 0;
/// A violation; with `--strict`, a warning. For `self-test`: a planted fault was not found. For `cleanup`: something is
/// left.
pub const VIOLATED: u8 = 1;
/// Nothing could be judged: wrong usage, a contract that does not load, a target that cannot be reached, a key that is
/// refused, nothing that was exercised.
pub const CANNOT_JUDGE: u8 = 2;
/// Ended by Ctrl-C or SIGTERM; what was created has been deleted.
pub const INTERRUPTED: u8 = 130;
