//! Files that only their owner can read.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

/// How such a file is opened. One that is there keeps the permissions it has.
pub(crate) fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.create(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options
}

/// An empty one. A link to another file is not followed, since a repository may hold one that leads anywhere; `/dev/stdout`
/// and its like are the system's.
pub(crate) fn create_private(path: &Path) -> io::Result<File> {
    let of_system = ["/dev", "/proc"].iter().any(|folder| path.starts_with(folder));
    if !of_system && path.symlink_metadata().is_ok_and(|known| known.is_symlink()) {
        return Err(io::Error::other("it is a link to another file; remove it, or name the file itself"));
    }
    private().write(true).truncate(true).open(path)
}

/// One that holds a text.
pub(crate) fn write_private(path: &Path, text: &str) -> io::Result<()> {
    create_private(path)?.write_all(text.as_bytes())
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn only_the_owner_can_read_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("file");
        write_private(&path, "longer").expect("written");
        write_private(&path, "short").expect("written");
        assert_eq!(fs::read_to_string(&path).expect("read"), "short");
        assert_eq!(fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o600);
        let link = folder.path().join("link");
        std::os::unix::fs::symlink(&path, &link).expect("linked");
        let error = write_private(&link, "other").expect_err("it is a link").to_string();
        assert!(error.contains("name the file itself"), "{error}");
        assert_eq!(fs::read_to_string(&path).expect("read"), "short");
        create_private(Path::new("/dev/stderr")).expect("the system's");
    }
}
