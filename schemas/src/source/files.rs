//! Where the text of files comes from.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::limits;

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
    /// Not more than a description may have, whatever the file is: a device has no end.
    fn text(&self, path: &Path) -> io::Result<String> {
        let mut bytes = Vec::new();
        std::fs::File::open(path)?.take(limits::FILE_BYTES + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > limits::FILE_BYTES {
            let what = format!("it is over {} MB", limits::FILE_BYTES >> 20);
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, what));
        }
        Ok(String::from_utf8(bytes).unwrap_or_else(|error| decoded(error.as_bytes())))
    }

    fn canonical(&self, path: &Path) -> PathBuf {
        path.canonicalize().unwrap_or_else(|_| path.to_path_buf())
    }
}

/// Text that is no UTF-8: UTF-16 where it begins as such, else each wrong byte becomes U+FFFD.
fn decoded(bytes: &[u8]) -> String {
    let words = |of: fn([u8; 2]) -> u16| {
        let words: Vec<u16> = bytes[2..].chunks_exact(2).map(|pair| of([pair[0], pair[1]])).collect();
        String::from_utf16_lossy(&words)
    };
    match bytes {
        [0xff, 0xfe, ..] => words(u16::from_le_bytes),
        [0xfe, 0xff, ..] => words(u16::from_be_bytes),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// How a description is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadOptions {
    /// What would be skipped is an error.
    pub strict: bool,
    /// Folders beside the description's own that references may lead into.
    pub allowed: Vec<PathBuf>,
    /// Overlays to apply, in order.
    pub overlays: Vec<PathBuf>,
    /// What a description implies and does not say is read as well.
    pub infer: bool,
}

impl Default for LoadOptions {
    fn default() -> Self {
        Self { strict: false, allowed: Vec::new(), overlays: Vec::new(), infer: true }
    }
}

impl LoadOptions {
    /// What would be skipped is an error.
    pub fn strict() -> Self {
        Self { strict: true, ..Self::default() }
    }

    /// Only what is written counts.
    pub fn as_written() -> Self {
        Self { infer: false, ..Self::default() }
    }
}
