//! What is read at the most: a description is a file that people wrote, not a flood.

/// Bytes of one file.
pub(super) const FILE_BYTES: u64 = 64 << 20;
/// Bytes of all files of a description together.
pub(super) const ALL_BYTES: usize = 128 << 20;
/// Files that one description may consist of.
pub(super) const FILES: usize = 5_000;
