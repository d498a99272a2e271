//! Where the text of files comes from.

use std::io;
use std::path::{Path, PathBuf};

/// Where the text of a description's files comes from: the disk, a revision of a repository, memory.
pub trait Files {
    /// The text of a file.
    fn text(&self, path: &Path) -> io::Result<String>;

    /// One path for one file, however it was arrived at.
    fn canonical(&self, path: &Path) -> PathBuf;
}

/// The files of this machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct Disk;

impl Files for Disk {
    fn text(&self, path: &Path) -> io::Result<String> {
        std::fs::read_to_string(path)
    }

    fn canonical(&self, path: &Path) -> PathBuf {
        path.canonicalize().unwrap_or_else(|_| path.to_path_buf())
    }
}
