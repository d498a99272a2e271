//! What is read at the most: a description is a file that people wrote, not a flood.

/// Bytes of one file.
pub(super) const FILE_BYTES: u64 = 64 << 20;
/// Bytes of all files of a description together.
pub(super) const ALL_BYTES: usize = 128 << 20;
/// Values that aliases repeat, all together; and bytes of their texts.
pub(super) const REPEATED_VALUES: usize = 500_000;
pub(super) const REPEATED_BYTES: usize = 64 << 20;
/// Levels that values may stand in each other.
pub(super) const DEPTH: usize = 128;
/// Files that one description may consist of.
pub(super) const FILES: usize = 5_000;
