//! Files of a revision, read by calling `git`.

use std::io::{self, Read as _, Write as _};
use std::path::{Component, Path, PathBuf};
use std::process::{Command, Stdio};

use schemas::Files;

/// A file or folder of a revision.
#[derive(Debug, Clone)]
pub(super) struct Revision {
    /// What names the commit.
    name: String,
    /// The path below the top of the repository.
    path: String,
    /// It is a folder.
    pub(super) is_folder: bool,
}

fn git(arguments: &[&str]) -> Result<Vec<u8>, String> {
    let output = Command::new("git")
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("git cannot be run: {error}"))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let told = String::from_utf8_lossy(&output.stderr);
    let told = told.lines().next().unwrap_or("it failed without a word");
    Err(told.trim_start_matches("fatal: ").to_owned())
}

fn object(name: &str, path: &str) -> String {
    format!("{name}:{path}")
}

impl Revision {
    /// Finds `REVISION:PATH`; the path is taken from the top of the repository, as git takes it, else from here.
    pub(super) fn find(name: &str, path: &str) -> Result<Self, String> {
        if name.starts_with('-') {
            return Err(format!("{name} is no revision"));
        }
        let kind = |path: &str| git(&["cat-file", "-t", &object(name, path)]);
        let path = plain(Path::new(path)).display().to_string();
        let (kind, path) = match kind(&path) {
            Ok(kind) => (kind, path),
            Err(error) => {
                let here = git(&["rev-parse", "--show-prefix"])?;
                let here = plain(&Path::new(String::from_utf8_lossy(&here).trim()).join(&path));
                let here = here.display().to_string();
                (kind(&here).map_err(|_| error)?, here)
            }
        };
        let is_folder = kind.starts_with(b"tree");
        Ok(Self { name: name.to_owned(), path, is_folder })
    }

    /// The path below the top of the repository.
    pub(super) fn path(&self) -> &Path {
        Path::new(&self.path)
    }

    /// The texts of all files below a folder, by their paths within it.
    pub(super) fn texts(&self) -> Result<Vec<(String, String)>, String> {
        let listed = git(&["ls-tree", "-r", "-z", &object(&self.name, &self.path)])?;
        let listed = String::from_utf8_lossy(&listed).into_owned();
        // Mode, kind and id, a tab, the path.
        let files: Vec<(&str, &str)> = listed
            .split('\0')
            .filter_map(|line| line.split_once('\t'))
            .filter_map(|(about, path)| Some((about.split(' ').nth(2)?, path)))
            .collect();
        let ids: String = files.iter().flat_map(|(id, _)| [*id, "\n"]).collect();
        let all = batch(&ids).map_err(|error| format!("git cannot be read from: {error}"))?;
        let mut rest = all.as_slice();
        let mut texts = Vec::new();
        for (id, path) in files {
            let text = next(&mut rest).ok_or_else(|| format!("git does not give {path} ({id})"))?;
            texts.push((path.to_owned(), text));
        }
        Ok(texts)
    }
}

/// What `git cat-file --batch` answers to some ids.
fn batch(ids: &str) -> io::Result<Vec<u8>> {
    let mut child = Command::new("git")
        .args(["cat-file", "--batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let (asked, told) = (child.stdin.take(), child.stdout.take());
    let mut all = Vec::new();
    // Asked from a thread of its own: both pipes may fill.
    std::thread::scope(|scope| {
        scope.spawn(|| asked.map(|mut asked| asked.write_all(ids.as_bytes())));
        told.map(|mut told| told.read_to_end(&mut all)).transpose()
    })?;
    child.wait()?;
    Ok(all)
}

/// The next file of a batch: a line that ends with its length, its bytes, a line break.
fn next(rest: &mut &[u8]) -> Option<String> {
    let end = rest.iter().position(|byte| *byte == b'\n')?;
    let length: usize = std::str::from_utf8(&rest[..end]).ok()?.rsplit(' ').next()?.parse().ok()?;
    let text = rest.get(end + 1..end + 1 + length)?;
    *rest = rest.get(end + length + 2..)?;
    Some(String::from_utf8_lossy(text).into_owned())
}

impl Files for Revision {
    fn text(&self, path: &Path) -> io::Result<String> {
        let path = self.canonical(path).display().to_string();
        let bytes = git(&["cat-file", "blob", &object(&self.name, &path)]).map_err(io::Error::other)?;
        String::from_utf8(bytes).map_err(|_| io::Error::other("it is no text in UTF-8"))
    }

    fn canonical(&self, path: &Path) -> PathBuf {
        plain(path)
    }
}

/// A path without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                plain.pop();
            }
            Component::CurDir => {}
            other => plain.push(other),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_told_without_detours() {
        assert_eq!(plain(Path::new("./a/b/../c.yaml")), Path::new("a/c.yaml"));
    }

    #[test]
    fn a_batch_is_taken_apart_by_its_lengths() {
        let mut rest: &[u8] = b"id blob 3\na\nb\nid blob 0\n\n";
        assert_eq!(next(&mut rest).as_deref(), Some("a\nb"));
        assert_eq!(next(&mut rest).as_deref(), Some(""));
        assert_eq!(next(&mut rest), None);
    }
}
