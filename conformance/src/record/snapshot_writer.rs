//! Keeping records as insta snapshots: `cargo insta` finds, shows and accepts them.
//!
//! The format is insta's: a front matter between two lines of `---`, then the record. insta reads and moves what is
//! written here; its assertions are not used, since they take their settings from the environment of a test.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use schemas::Problem;

use super::format::Record;
use super::snapshot_store::RecordId;

/// What becomes of a record that is new or differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keeping {
    /// Nothing is written.
    Nothing,
    /// It waits for somebody to accept it.
    Pending,
    /// A new one is accepted, one that differs waits.
    NewAccepted,
    /// It is accepted.
    Accepted,
}

/// Why a record could not be kept.
#[derive(Debug)]
pub(crate) struct SnapshotError {
    path: PathBuf,
    why: String,
}

impl SnapshotError {
    /// What is wrong and what to do.
    pub(crate) fn problem(&self) -> Problem {
        Problem::say(format!("failed to write {}: {}", self.path.display(), self.why))
            .with_help("give a folder that can be written, as in --dir PATH")
    }
}

impl Keeping {
    /// Keeps a record.
    pub(crate) fn keep(self, folder: &Path, id: &RecordId, record: &Record) -> Result<(), SnapshotError> {
        let snap = id.path(folder);
        let outcome = match self {
            Self::Nothing => Ok(()),
            Self::Pending => write(&pending_path(&snap), record),
            Self::NewAccepted if snap.exists() => write(&pending_path(&snap), record),
            Self::NewAccepted | Self::Accepted => write(&snap, record).and_then(|()| remove_pending(&snap)),
        };
        outcome.map_err(|error| SnapshotError { path: snap, why: error.to_string() })
    }
}

/// Writes a snapshot, whole or not at all.
fn write(path: &Path, record: &Record) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let unfinished = path.with_extension("unfinished");
    fs::write(&unfinished, format!("---\nsource: conformance record\n---\n{}", record.render()))?;
    fs::rename(&unfinished, path)
}

/// The file in which a record waits.
pub(crate) fn pending_path(snap: &Path) -> PathBuf {
    snap.with_extension("snap.new")
}

/// Removes the record that waits beside an accepted one, if there is one.
pub(crate) fn remove_pending(snap: &Path) -> io::Result<()> {
    match fs::remove_file(pending_path(snap)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Makes the record that waits the accepted one.
pub(crate) fn accept(snap: &Path) -> Result<(), String> {
    let pending = pending_path(snap);
    let snapshot = insta::Snapshot::from_file(&pending).map_err(|error| error.to_string())?;
    snapshot.save(snap).map_err(|error| error.to_string())?;
    remove_pending(snap).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(status: u16) -> Record {
        Record::read(&format!("request: GET /a\nclass: plain\nstatus: {status}\n")).expect("a record")
    }

    #[test]
    fn insta_reads_what_is_written_and_writes_the_same() {
        let folder = tempfile::tempdir().expect("a folder");
        let id = RecordId { operation: "get-a".to_owned(), name: "plain".to_owned() };
        Keeping::Accepted.keep(folder.path(), &id, &record(200)).expect("it is kept");
        let snap = id.path(folder.path());
        let text = fs::read_to_string(&snap).expect("it is there");
        let snapshot = insta::Snapshot::from_file(&snap).expect("insta reads it");
        assert!(snapshot.as_text().is_some_and(|text| text.to_string() == record(200).render().trim_end()));
        snapshot.save(&snap).expect("insta writes it");
        assert_eq!(fs::read_to_string(&snap).expect("it is there"), text);
    }

    #[test]
    fn what_differs_waits_until_it_is_accepted() {
        let folder = tempfile::tempdir().expect("a folder");
        let id = RecordId { operation: "get-a".to_owned(), name: "plain".to_owned() };
        let snap = id.path(folder.path());
        let statuses = || {
            [snap.clone(), pending_path(&snap)].map(|path| {
                let text = fs::read_to_string(path).ok()?;
                Some(Record::read(&text).expect("a record").status)
            })
        };
        for (keeping, status, expected) in [
            (Keeping::Nothing, 200, [None, None]),
            (Keeping::Pending, 200, [None, Some(200)]),
            (Keeping::NewAccepted, 201, [Some(201), None]),
            (Keeping::NewAccepted, 202, [Some(201), Some(202)]),
            (Keeping::Accepted, 203, [Some(203), None]),
            (Keeping::Pending, 204, [Some(203), Some(204)]),
        ] {
            keeping.keep(folder.path(), &id, &record(status)).expect("it is kept");
            assert_eq!(statuses(), expected, "{keeping:?} {status}");
        }
        accept(&snap).expect("it is accepted");
        assert_eq!(statuses(), [Some(204), None]);
    }
}
