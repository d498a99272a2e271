//! What the program's exit codes mean.

/// The contract holds, and enough of it was judged. For `cleanup`: all of it is gone.
pub const HOLDS: u8 = 0;
/// A violation; with `--strict`, a warning. For `self-test`: a planted fault was not found. For `cleanup`: something is
/// left.
pub const VIOLATED: u8 = 1;
/// Nothing, or too little, could be judged: wrong usage, a contract that does not load, a target that cannot be reached, a key that is
/// refused, nothing that was exercised, too much that was lost to the target, the ledger or the budget.
pub const CANNOT_JUDGE: u8 = 2;
/// Ended by Ctrl-C or SIGTERM; what was created has been deleted.
pub const INTERRUPTED: u8 = 130;
