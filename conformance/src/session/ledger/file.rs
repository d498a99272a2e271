//! The ledger as a file: what a run made and has not deleted, for when the run itself is killed.

use std::collections::{BTreeMap, HashSet};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::session::workspace::Workspace;

/// Files of this process that are not closed yet, for the one who leaves at once.
static OPEN: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// A line of the file. What is about to be done is written before it is done, and what came of it afterwards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub(crate) enum LedgerLine {
    /// The first: whose ledger it is.
    Run(LedgerHeader),
    /// A row is about to be made.
    Creating {
        /// The how manieth.
        number: usize,
        resource: String,
        operation: String,
    },
    /// It was made.
    Created {
        number: usize,
        resource: String,
        id: String,
        /// With the key of the other workspace.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        other: bool,
    },
    /// It was not.
    NotCreated { number: usize },
    /// A row is about to be deleted.
    Deleting { resource: String, id: String },
    /// It is gone.
    Deleted { resource: String, id: String },
}

/// Whose ledger it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LedgerHeader {
    /// The version of this form.
    pub(crate) version: u32,
    /// The base URL.
    pub(crate) target: String,
    /// The mark of everything the run made.
    pub(crate) tag: String,
    /// The workspace of the keys under test.
    pub(crate) workspace: Workspace,
    /// The workspace of the other key, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) other: Option<Workspace>,
}

/// Why a ledger file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// It cannot be written.
    #[error(
        "failed to write the ledger {path}: {why}\n  help: name a file that can be written with --ledger"
    )]
    Write {
        /// The file.
        path: PathBuf,
        /// Why not.
        why: String,
    },
    /// It cannot be read.
    #[error(
        "failed to read the ledger {path}: {why}\n  help: `conformance run` writes one; --ledger names it"
    )]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        why: String,
    },
    /// It is one of an earlier run.
    #[error(
        "the ledger {path} holds what an earlier run left\n  help: `conformance cleanup --ledger {path}` takes it away; or name another file"
    )]
    Taken {
        /// The file.
        path: PathBuf,
    },
}

/// A ledger file that is being written. Every line is in the file before the next step is taken.
#[derive(Debug)]
pub(crate) struct LedgerFile {
    path: PathBuf,
    file: Option<File>,
    header: LedgerHeader,
}

/// A ledger file that was read.
#[derive(Debug)]
pub(crate) struct LedgerContent {
    pub(crate) header: LedgerHeader,
    /// Rows that were made and are not gone, in the order they were made.
    pub(crate) rows: Vec<LedgerRow>,
    /// The ids of all that were made, gone or not.
    pub(crate) made: HashSet<String>,
    /// Creates of which nobody knows what came of them: number and resource.
    pub(crate) unknown: Vec<(usize, String)>,
}

/// A row of a ledger file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LedgerRow {
    pub(crate) resource: String,
    pub(crate) id: String,
    /// CreatedRow with the key of the other workspace.
    pub(crate) other: bool,
}

impl LedgerFile {
    /// A file that begins with the first line written. One that is there already may hold nothing.
    pub(crate) fn new(path: PathBuf, header: LedgerHeader) -> Result<Self, LedgerError> {
        if fs::metadata(&path).is_ok_and(|known| known.len() > 0) {
            return Err(LedgerError::Taken { path });
        }
        // Found out now, before anything is made.
        let journal = Self { path, file: None, header };
        if let Some(folder) = journal.path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            fs::create_dir_all(folder).map_err(|error| journal.failed(&error))?;
        }
        let there = journal.path.exists();
        journal.open().map_err(|error| journal.failed(&error))?;
        if !there {
            let _ = fs::remove_file(&journal.path);
        }
        Ok(journal)
    }

    /// Goes on with a file that is there.
    pub(crate) fn resume(path: PathBuf, header: LedgerHeader) -> Result<Self, LedgerError> {
        let mut journal = Self { path, file: None, header };
        let file = journal.open().map_err(|error| journal.failed(&error))?;
        journal.file = Some(file);
        journal.register();
        Ok(journal)
    }

    pub(crate) fn write(&mut self, line: &LedgerLine) -> Result<(), LedgerError> {
        self.append(line).map_err(|error| self.failed(&error))
    }

    fn append(&mut self, line: &LedgerLine) -> io::Result<()> {
        if self.file.is_none() {
            let mut file = self.open()?;
            file.write_all(text(&LedgerLine::Run(self.header.clone())).as_bytes())?;
            self.file = Some(file);
            self.register();
        }
        self.file.as_mut().map_or(Ok(()), |file| file.write_all(text(line).as_bytes()))
    }

    fn register(&self) {
        OPEN.lock().unwrap_or_else(PoisonError::into_inner).push(self.path.clone());
    }

    fn open(&self) -> io::Result<File> {
        OpenOptions::new().create(true).append(true).open(&self.path)
    }

    fn failed(&self, error: &io::Error) -> LedgerError {
        LedgerError::Write { path: self.path.clone(), why: error.to_string() }
    }

    /// Away with the file, unless it is still needed.
    pub(crate) fn close(self) {
        if self.file.is_none() {
            return;
        }
        let settled = read(&self.path).is_ok_and(|account| account.is_settled());
        if settled {
            let _ = fs::remove_file(&self.path);
        }
        OPEN.lock().unwrap_or_else(PoisonError::into_inner).retain(|path| *path != self.path);
    }
}

impl LedgerContent {
    /// Whether nothing is left, and nothing unknown.
    pub(crate) fn is_settled(&self) -> bool {
        self.rows.is_empty() && self.unknown.is_empty()
    }
}

/// Files of this process that are not closed, and how many rows each still holds.
pub(crate) fn open_ledgers() -> Vec<(PathBuf, LedgerContent)> {
    let paths = OPEN.lock().unwrap_or_else(PoisonError::into_inner).clone();
    paths.into_iter().filter_map(|path| read(&path).ok().map(|account| (path, account))).collect()
}

/// Reads a ledger file. The last line may be cut short: the run was killed while it wrote.
pub(crate) fn read(path: &Path) -> Result<LedgerContent, LedgerError> {
    let wrong = |why: String| LedgerError::Read { path: path.to_owned(), why };
    let whole = fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
    let (body, _cut_short) = whole.rsplit_once('\n').unwrap_or(("", &whole));
    let mut lines = body.lines().enumerate().map(|(index, line)| {
        serde_json::from_str::<LedgerLine>(line)
            .map_err(|error| wrong(format!("line {} is no line of a ledger: {error}", index + 1)))
    });
    let Some(LedgerLine::Run(header)) = lines.next().transpose()? else {
        return Err(wrong("it does not begin as a ledger does".to_owned()));
    };
    if header.version != 1 {
        return Err(wrong(format!("it is of version {}, which is not known here", header.version)));
    }
    let mut rows: Vec<LedgerRow> = Vec::new();
    let mut made = HashSet::new();
    let mut begun: BTreeMap<usize, String> = BTreeMap::new();
    for line in lines {
        match line? {
            LedgerLine::Run(_) => return Err(wrong("it begins twice".to_owned())),
            LedgerLine::Creating { number, resource, .. } => {
                begun.insert(number, resource);
            }
            LedgerLine::Created { number, resource, id, other } => {
                begun.remove(&number);
                made.insert(id.clone());
                let entry = LedgerRow { resource, id, other };
                if !rows.contains(&entry) {
                    rows.push(entry);
                }
            }
            LedgerLine::NotCreated { number } => {
                begun.remove(&number);
            }
            LedgerLine::Deleting { .. } => {}
            LedgerLine::Deleted { resource, id } => {
                rows.retain(|row| row.resource != resource || row.id != id)
            }
        }
    }
    Ok(LedgerContent { header, rows, made, unknown: begun.into_iter().collect() })
}

fn text(line: &LedgerLine) -> String {
    serde_json::to_string(line).unwrap_or_default() + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header() -> LedgerHeader {
        LedgerHeader {
            version: 1,
            target: "http://127.0.0.1:1/v1".to_owned(),
            tag: "abc".to_owned(),
            workspace: Workspace::default(),
            other: None,
        }
    }

    fn created(number: usize, id: &str) -> LedgerLine {
        LedgerLine::Created { number, resource: "thing".to_owned(), id: id.to_owned(), other: false }
    }

    fn creating(number: usize) -> LedgerLine {
        LedgerLine::Creating { number, resource: "thing".to_owned(), operation: "make".to_owned() }
    }

    #[test]
    fn what_was_made_and_is_not_gone_is_read_back() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("new/ledger.jsonl");
        let mut journal = LedgerFile::new(path.clone(), header()).expect("it can be written");
        assert!(!path.exists(), "nothing was made yet");
        for line in [
            creating(1),
            created(1, "a"),
            creating(2),
            LedgerLine::NotCreated { number: 2 },
            creating(3),
            created(3, "b"),
            LedgerLine::Deleting { resource: "thing".to_owned(), id: "a".to_owned() },
            LedgerLine::Deleted { resource: "thing".to_owned(), id: "a".to_owned() },
            creating(4),
        ] {
            journal.write(&line).expect("it is written");
        }
        let account = read(&path).expect("it reads");
        assert_eq!(account.header, header());
        assert_eq!(account.rows.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), ["b"]);
        assert_eq!(account.unknown, [(4, "thing".to_owned())]);
        assert!(open_ledgers().iter().any(|(open, _)| *open == path));
        journal.close();
        assert!(path.exists(), "something is left");
        assert!(matches!(LedgerFile::new(path.clone(), header()), Err(LedgerError::Taken { .. })));
        let mut journal = LedgerFile::resume(path.clone(), header()).expect("it goes on");
        journal
            .write(&LedgerLine::Deleted { resource: "thing".to_owned(), id: "b".to_owned() })
            .expect("written");
        journal.write(&LedgerLine::NotCreated { number: 4 }).expect("written");
        journal.close();
        assert!(!path.exists(), "nothing is left");
    }

    #[test]
    fn a_last_line_that_is_cut_short_is_no_fault_and_any_other_is() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("ledger.jsonl");
        let whole = text(&LedgerLine::Run(header())) + &text(&creating(1)) + &text(&created(1, "a"));
        fs::write(&path, &whole[..whole.len() - 9]).expect("written");
        let account = read(&path).expect("it reads");
        assert_eq!((account.rows.len(), account.unknown.len()), (0, 1));
        for (text, message) in [
            (String::new(), "does not begin as a ledger does"),
            (text(&creating(1)), "does not begin as a ledger does"),
            (whole.clone() + "{}\n" + &text(&creating(2)), "line 4 is no line of a ledger"),
            (whole.clone() + &text(&LedgerLine::Run(header())), "begins twice"),
            (text(&LedgerLine::Run(LedgerHeader { version: 2, ..header() })), "of version 2"),
        ] {
            fs::write(&path, text).expect("written");
            let error = read(&path).expect_err(message).to_string();
            assert!(error.contains(message), "{error}");
        }
        assert!(read(&folder.path().join("none")).is_err());
    }

    #[test]
    fn a_place_that_cannot_be_written_is_told_before_anything_is_made() {
        let error = LedgerFile::new("/proc/none/ledger.jsonl".into(), header()).expect_err("it cannot");
        assert!(error.to_string().contains("--ledger"), "{error}");
    }
}
