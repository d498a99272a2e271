//! Keeping records as insta snapshots, so that `cargo insta` finds them.
//!
//! insta takes its ways from the environment, once, and from nothing else: a program that is no test must have it set
//! before it starts. That is why `record` starts itself again with [`environment`].

use std::fs;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

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
#[derive(Debug, thiserror::Error)]
#[error("failed to write {}: {why}\n  help: give a folder that can be written, as in --dir PATH", path.display())]
pub(crate) struct SnapshotError {
    path: PathBuf,
    why: String,
}

impl Keeping {
    /// What the environment must say for insta to do so: a workspace that is nowhere, so that no settings of others are
    /// read and nothing is looked up; no panic; no words of its own.
    pub(crate) fn environment(self) -> Vec<(&'static str, &'static str)> {
        let update = match self {
            Self::Nothing => "no",
            Self::Pending => "new",
            Self::NewAccepted => "unseen",
            Self::Accepted => "always",
        };
        vec![
            ("INSTA_WORKSPACE_ROOT", "/no/workspace"),
            ("INSTA_FORCE_PASS", "1"),
            ("INSTA_OUTPUT", "none"),
            ("INSTA_UPDATE", update),
            ("INSTA_PENDING_DIR", ""),
            ("INSTA_REQUIRE_FULL_MATCH", "0"),
            ("INSTA_FORCE_UPDATE", ""),
            ("INSTA_FORCE_UPDATE_SNAPSHOTS", ""),
        ]
    }

    /// Keeps a record.
    pub(crate) fn keep(self, folder: &Path, id: &RecordId, record: &Record) -> Result<(), SnapshotError> {
        let path = id.path(folder);
        if self == Self::Nothing {
            return Ok(());
        }
        let failed = |why: String| SnapshotError { path: path.clone(), why };
        let own = folder.join(&id.operation);
        fs::create_dir_all(&own).map_err(|error| failed(error.to_string()))?;
        let absolute = own.canonicalize().map_err(|error| failed(error.to_string()))?;
        let mut settings = insta::Settings::new();
        settings.set_snapshot_path(absolute);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        let text = record.render();
        let assert = || settings.bind(|| insta::assert_snapshot!(id.name.as_str(), text));
        catch_unwind(AssertUnwindSafe(assert)).map_err(|panic| failed(said(panic.as_ref())))?;
        if self == Self::Accepted {
            remove_pending(&path).map_err(|error| failed(error.to_string()))?;
        }
        Ok(())
    }
}

fn said(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("it was refused").to_owned()
}

/// The file in which a record waits.
pub(crate) fn pending_path(snap: &Path) -> PathBuf {
    snap.with_extension("snap.new")
}

/// Takes away what waits beside an accepted record, if anything does.
pub(crate) fn remove_pending(snap: &Path) -> io::Result<()> {
    match fs::remove_file(pending_path(snap)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Makes what waits the accepted record.
pub(crate) fn accept(snap: &Path) -> Result<(), String> {
    let pending = pending_path(snap);
    let snapshot = insta::Snapshot::from_file(&pending).map_err(|error| error.to_string())?;
    snapshot.save(snap).map_err(|error| error.to_string())?;
    remove_pending(snap).map_err(|error| error.to_string())
}
