//! The ledger as a file: what a run created and has not deleted, for when the run itself is killed.

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use schemas::Problem;
use serde::{Deserialize, Serialize};

use crate::session::workspace::Workspace;

/// Files of this process that are not closed yet, for an end without cleanup.
static OPEN: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// A line of the file. What is about to be done is written before it is done, and what came of it afterwards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub(crate) enum LedgerLine {
    /// The first: whose ledger it is.
    Run(LedgerHeader),
    /// A row is about to be created.
    Creating {
        /// The number of the create, from 1.
        number: usize,
        resource: String,
        operation: String,
    },
    /// It was created.
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
    /// It is deleted.
    Deleted { resource: String, id: String },
}

/// Whose ledger it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LedgerHeader {
    /// The version of this format.
    pub(crate) version: u32,
    /// The base URL.
    pub(crate) target: String,
    /// The mark of everything that the run created.
    pub(crate) tag: String,
    /// The workspace of the keys under test.
    pub(crate) workspace: Workspace,
    /// The workspace of the other key, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) other: Option<Workspace>,
}

/// Why a ledger file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LedgerError {
    /// It cannot be written.
    Write {
        /// The file.
        path: PathBuf,
        /// Why not.
        why: String,
    },
    /// It cannot be read.
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        why: String,
    },
    /// It is the ledger of an earlier run.
    Taken {
        /// The file.
        path: PathBuf,
    },
}

impl LedgerError {
    /// What is wrong and what to do.
    pub fn problem(&self) -> Problem {
        match self {
            Self::Write { path, why } => {
                Problem::say(format!("failed to write the ledger {}: {why}", path.display()))
                    .with_help("name a file that can be written with --ledger")
            }
            Self::Read { path, why } => {
                Problem::say(format!("failed to read the ledger {}: {why}", path.display()))
                    .with_help("`conformance run` writes one; --ledger names it")
            }
            Self::Taken { path } => {
                let path = path.display();
                Problem::say(format!("the ledger {path} holds rows that an earlier run left")).with_help(
                    format!("`conformance cleanup --ledger {path}` deletes them; or name another file"),
                )
            }
        }
    }
}

impl fmt::Display for LedgerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.problem().fmt(f)
    }
}

impl std::error::Error for LedgerError {}

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
    /// Rows that were created and not deleted, in the order they were created.
    pub(crate) rows: Vec<LedgerRow>,
    /// The ids of all rows that were created, deleted or not.
    pub(crate) made: HashSet<String>,
    /// Creates of which nobody knows whether they created a row: number and resource.
    pub(crate) unknown: Vec<(usize, String)>,
}

/// A row of a ledger file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LedgerRow {
    pub(crate) resource: String,
    pub(crate) id: String,
    /// Created with the key of the other workspace.
    pub(crate) other: bool,
}

impl LedgerFile {
    /// A new file; it is created by the first line. A file that exists must be empty.
    pub(crate) fn new(path: PathBuf, header: LedgerHeader) -> Result<Self, LedgerError> {
        if fs::metadata(&path).is_ok_and(|known| known.len() > 0) {
            return Err(LedgerError::Taken { path });
        }
        // Found out now, before anything is created.
        let ledger = Self { path, file: None, header };
        if let Some(folder) = ledger.path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            fs::create_dir_all(folder).map_err(|error| ledger.failed(&error))?;
        }
        let there = ledger.path.exists();
        ledger.open().map_err(|error| ledger.failed(&error))?;
        if !there {
            let _ = fs::remove_file(&ledger.path);
        }
        Ok(ledger)
    }

    /// Continues a file that exists.
    pub(crate) fn resume(path: PathBuf, header: LedgerHeader) -> Result<Self, LedgerError> {
        let mut ledger = Self { path, file: None, header };
        let file = ledger.open().map_err(|error| ledger.failed(&error))?;
        ledger.file = Some(file);
        ledger.register();
        Ok(ledger)
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

    /// Closes the file, and removes it unless it is still needed.
    pub(crate) fn close(self) {
        if self.file.is_none() {
            return;
        }
        let settled = read(&self.path).is_ok_and(|content| content.is_settled());
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
    paths.into_iter().filter_map(|path| read(&path).ok().map(|content| (path, content))).collect()
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
                rows.retain(|row| row.resource != resource || row.id != id);
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
    fn what_was_created_and_not_deleted_is_read_back() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("new/ledger.jsonl");
        let mut ledger = LedgerFile::new(path.clone(), header()).expect("it can be written");
        assert!(!path.exists(), "nothing was created yet");
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
            ledger.write(&line).expect("it is written");
        }
        let content = read(&path).expect("it reads");
        assert_eq!(content.header, header());
        assert_eq!(content.rows.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), ["b"]);
        assert_eq!(content.unknown, [(4, "thing".to_owned())]);
        assert!(open_ledgers().iter().any(|(open, _)| *open == path));
        ledger.close();
        assert!(path.exists(), "something is left");
        assert!(matches!(LedgerFile::new(path.clone(), header()), Err(LedgerError::Taken { .. })));
        let mut ledger = LedgerFile::resume(path.clone(), header()).expect("it goes on");
        ledger
            .write(&LedgerLine::Deleted { resource: "thing".to_owned(), id: "b".to_owned() })
            .expect("written");
        ledger.write(&LedgerLine::NotCreated { number: 4 }).expect("written");
        ledger.close();
        assert!(!path.exists(), "nothing is left");
    }

    #[test]
    fn a_last_line_that_is_cut_short_is_no_fault_and_any_other_is() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("ledger.jsonl");
        let whole = text(&LedgerLine::Run(header())) + &text(&creating(1)) + &text(&created(1, "a"));
        fs::write(&path, &whole[..whole.len() - 9]).expect("written");
        let content = read(&path).expect("it reads");
        assert_eq!((content.rows.len(), content.unknown.len()), (0, 1));
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
    fn a_place_that_cannot_be_written_is_reported_before_anything_is_created() {
        let error = LedgerFile::new("/proc/none/ledger.jsonl".into(), header()).expect_err("it cannot");
        assert!(error.to_string().contains("--ledger"), "{error}");
    }
}
