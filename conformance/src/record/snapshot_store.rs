//! A folder of records: one folder an operation, one file a class of input.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use schemas::Problem;

use super::file_name::{decoded, encoded};
use super::format::{FormatError, Record};

/// The names of a record: its folder and its file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordId {
    /// The operation's id.
    pub operation: String,
    /// The class of input, as a file name without its ending.
    pub name: String,
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.operation, self.name)
    }
}

impl RecordId {
    /// The file of an accepted record: in the folder, whatever the operation is called.
    pub fn path(&self, folder: &Path) -> PathBuf {
        folder.join(encoded(&self.operation)).join(format!("{}.snap", encoded(&self.name)))
    }

    /// The same below the folder, with a slash.
    pub(crate) fn file(&self) -> String {
        format!("{}/{}.snap", encoded(&self.operation), encoded(&self.name))
    }

    /// The record that is kept in a folder and a file, whose ending is left out.
    pub(crate) fn of_file(folder: &str, file: &str) -> Self {
        Self { operation: decoded(folder).into_owned(), name: decoded(file).into_owned() }
    }
}

/// Why a folder of records cannot be read.
#[derive(Debug)]
pub enum SnapshotStoreError {
    /// The folder or a file cannot be read.
    Read {
        /// Where.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// A file is no record.
    Format {
        /// Where.
        path: PathBuf,
        /// What is wrong.
        error: FormatError,
    },
}

impl SnapshotStoreError {
    /// What is wrong and what to do.
    pub fn problem(&self) -> Problem {
        match self {
            Self::Read { path, error } => Problem::say(format!("failed to read {}: {error}", path.display()))
                .with_help("give a folder of records, as `conformance record` writes it"),
            Self::Format { path, error } => Problem::say(format!("{} is no record: {error}", path.display()))
                .with_help("correct the file, or delete it and record again"),
        }
    }
}

impl fmt::Display for SnapshotStoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.problem().fmt(f)
    }
}

impl std::error::Error for SnapshotStoreError {}

/// Reads every accepted record (`.snap`) of a folder; pending ones (`.snap.new`) are left out.
pub fn load(folder: &Path) -> Result<BTreeMap<RecordId, Record>, SnapshotStoreError> {
    let mut records = BTreeMap::new();
    for (id, path) in files(folder, ".snap")? {
        let text = fs::read_to_string(&path)
            .map_err(|error| SnapshotStoreError::Read { path: path.clone(), error })?;
        let record = Record::read(&text).map_err(|error| SnapshotStoreError::Format { path, error })?;
        records.insert(id, record);
    }
    Ok(records)
}

/// The files below a folder whose names end so, in order.
pub(crate) fn files(folder: &Path, ending: &str) -> Result<BTreeMap<RecordId, PathBuf>, SnapshotStoreError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |error: io::Error| SnapshotStoreError::Read { path, error }
    };
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).map_err(failed(folder))? {
        let below = entry.map_err(failed(folder))?.path();
        let Some(operation) = below.file_name().and_then(|name| name.to_str()).map(str::to_owned) else {
            continue;
        };
        if !below.is_dir() {
            continue;
        }
        for entry in fs::read_dir(&below).map_err(failed(&below))? {
            let path = entry.map_err(failed(&below))?.path();
            let name =
                path.file_name().and_then(|name| name.to_str()).and_then(|name| name.strip_suffix(ending));
            if let Some(name) = name.filter(|_| path.is_file()) {
                found.insert(RecordId::of_file(&operation, name), path.clone());
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "request: GET /a\nclass: plain\nstatus: 204\n";

    #[test]
    fn accepted_records_are_loaded_by_folder_and_file() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join("get-a")).expect("a folder");
        fs::write(folder.path().join("README.md"), "not a record").expect("a file");
        fs::write(folder.path().join("get-a/plain.snap"), TEXT).expect("a file");
        fs::write(folder.path().join("get-a/other.snap.new"), "pending").expect("a file");
        let records = load(folder.path()).expect("a shelf");
        let ids: Vec<String> = records.keys().map(ToString::to_string).collect();
        assert_eq!(ids, ["get-a/plain"]);
        assert_eq!(records.values().next().map(|record| record.status), Some(204));
    }

    #[test]
    fn no_operation_is_kept_outside_of_the_folder_and_each_is_found_again() {
        let folder = tempfile::tempdir().expect("a folder");
        for operation in ["repos/get", "../../up", "/absolute", "..", "a\\b", ""] {
            let id = RecordId { operation: operation.to_owned(), name: "plain/er".to_owned() };
            let path = id.path(folder.path());
            assert_eq!(path.parent().and_then(Path::parent), Some(folder.path()), "{path:?}");
            fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            fs::write(&path, TEXT).expect("written");
            assert_eq!(folder.path().join(id.file()), path);
            assert!(load(folder.path()).expect("records").contains_key(&id), "{operation}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let missing = folder.path().join("no-such-folder");
        assert!(load(&missing).expect_err("nothing there").to_string().contains("no-such-folder"));
        fs::create_dir(folder.path().join("get-a")).expect("a folder");
        fs::write(folder.path().join("get-a/plain.snap"), "status: many\n").expect("a file");
        let error = load(folder.path()).expect_err("no record").to_string();
        assert!(error.contains("get-a/plain.snap is no record") && error.contains("help: "), "{error}");
    }
}
