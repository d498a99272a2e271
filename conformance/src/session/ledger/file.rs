//! The ledger as a file: what a run created and has not deleted, for when the run itself is killed.

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use schemas::Problem;
use serde::{Deserialize, Serialize};

use super::seal::Seal;
use crate::http::Redactor;
use crate::private_file::private;
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
        /// What its path names besides it: its owner, the owner's owner, and so on.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        owners: Vec<String>,
        /// With the key of the other workspace.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        other: bool,
        /// The id holds a secret, which is not written down.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        hidden: bool,
    },
    /// It was not.
    NotCreated { number: usize },
    /// A row is about to be deleted.
    Deleting { resource: String, id: String },
    /// It is deleted.
    Deleted { resource: String, id: String },
}

/// A line with its seal.
#[derive(Debug, Serialize, Deserialize)]
struct SealedLine {
    #[serde(flatten)]
    line: LedgerLine,
    #[serde(default)]
    seal: String,
}

/// The version of the format.
pub(crate) const VERSION: u32 = 2;

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
    /// No run with this key wrote it, or it was changed.
    Foreign {
        /// The file.
        path: PathBuf,
        /// How that shows.
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
            Self::Foreign { path, why } => Problem::say(format!(
                "the ledger {} is not as a run with this key wrote it: {why}",
                path.display()
            ))
            .with_help("give the --api-key that the run had; what it did not write is not deleted"),
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
    seal: Seal,
    redactor: Redactor,
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
    /// How long it is up to its last whole line.
    length: u64,
    /// For the next line.
    seal: Seal,
}

/// A row of a ledger file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LedgerRow {
    pub(crate) resource: String,
    pub(crate) id: String,
    /// Its owner, the owner's owner, and so on.
    pub(crate) owners: Vec<String>,
    /// Created with the key of the other workspace.
    pub(crate) other: bool,
    /// The id holds a secret, which is not written down.
    pub(crate) hidden: bool,
    /// Its deletion was begun.
    pub(crate) begun: bool,
}

impl LedgerFile {
    /// A new file; it is created by the first line. A file that exists must be empty.
    pub(crate) fn new(
        path: PathBuf,
        header: LedgerHeader,
        seal: Seal,
        redactor: Redactor,
    ) -> Result<Self, LedgerError> {
        if header.tag.is_empty() {
            let why = "the run has no mark to know its rows by".to_owned();
            return Err(LedgerError::Write { path, why });
        }
        if fs::metadata(&path).is_ok_and(|known| known.len() > 0) {
            return Err(LedgerError::Taken { path });
        }
        // Found out now, before anything is created.
        let ledger = Self { path, file: None, header, seal, redactor };
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

    /// Continues a file that was read, behind its last whole line.
    pub(crate) fn resume(
        path: PathBuf,
        content: &LedgerContent,
        redactor: Redactor,
    ) -> Result<Self, LedgerError> {
        let (header, seal) = (content.header.clone(), content.seal.clone());
        let mut ledger = Self { path, file: None, header, seal, redactor };
        let file = ledger.open().and_then(|file| file.set_len(content.length).map(|()| file));
        let file = file.map_err(|error| ledger.failed(&error))?;
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
            let first = sealed(LedgerLine::Run(self.header.clone()), &mut self.seal);
            file.write_all(first.as_bytes())?;
            self.file = Some(file);
            self.register();
        }
        let text = sealed(self.shown(line.clone()), &mut self.seal);
        self.file.as_mut().map_or(Ok(()), |file| file.write_all(text.as_bytes()))
    }

    /// A line without secrets: a target may have named a row by a key.
    fn shown(&self, mut line: LedgerLine) -> LedgerLine {
        match &mut line {
            LedgerLine::Created { id, owners, hidden, .. } => {
                for text in std::iter::once(id).chain(owners) {
                    let shown = self.redactor.clean(text.as_str());
                    *hidden |= shown != *text;
                    *text = shown;
                }
            }
            LedgerLine::Deleting { id, .. } | LedgerLine::Deleted { id, .. } => self.redactor.text(id),
            LedgerLine::Run(_) | LedgerLine::Creating { .. } | LedgerLine::NotCreated { .. } => {}
        }
        line
    }

    fn register(&self) {
        OPEN.lock().unwrap_or_else(PoisonError::into_inner).push(self.path.clone());
    }

    fn open(&self) -> io::Result<File> {
        private().append(true).open(&self.path)
    }

    fn failed(&self, error: &io::Error) -> LedgerError {
        LedgerError::Write { path: self.path.clone(), why: error.to_string() }
    }

    /// Closes the file, and removes it unless it is still needed.
    pub(crate) fn close(self) {
        if self.file.is_none() {
            return;
        }
        let settled = read(&self.path, None).is_ok_and(|content| content.is_settled());
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
    paths.into_iter().filter_map(|path| read(&path, None).ok().map(|content| (path, content))).collect()
}

/// Reads a ledger file that a run with one of some keys wrote. The last line may be cut short: the run was killed while it
/// wrote.
pub(crate) fn read_sealed(path: &Path, keys: &[String]) -> Result<LedgerContent, LedgerError> {
    // An API without keys is run with none.
    let none = [String::new()];
    read(path, Some(if keys.is_empty() { &none } else { keys }))
}

/// Reads a ledger file; where keys are given, its seals must be of one of them.
fn read(path: &Path, keys: Option<&[String]>) -> Result<LedgerContent, LedgerError> {
    let wrong = |why: String| LedgerError::Read { path: path.to_owned(), why };
    let foreign = |why: String| LedgerError::Foreign { path: path.to_owned(), why };
    let whole = fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
    let (body, _cut_short) = whole.rsplit_once('\n').unwrap_or(("", &whole));
    let length = if body.is_empty() { 0 } else { body.len() as u64 + 1 };
    let mut lines = body.lines().enumerate().map(|(index, line)| {
        serde_json::from_str::<SealedLine>(line)
            .map_err(|error| wrong(format!("line {} is no line of a ledger: {error}", index + 1)))
    });
    let Some(SealedLine { line: LedgerLine::Run(header), seal: of_header }) = lines.next().transpose()?
    else {
        return Err(wrong("it does not begin as a ledger does".to_owned()));
    };
    if header.version != VERSION {
        return Err(wrong(format!("it is of version {}, which is not known here", header.version)));
    }
    if header.tag.is_empty() {
        return Err(foreign("it names no mark of a run".to_owned()));
    }
    let first = text(&LedgerLine::Run(header.clone()));
    let mut seal = match keys {
        None => Seal::new(""),
        Some(keys) => {
            let mut seals = keys.iter().map(|key| Seal::new(key));
            let fits = seals.find_map(|mut seal| seal.accepts(&first, &of_header).then_some(seal));
            fits.ok_or_else(|| foreign("the seal of line 1 is of another key, or of none".to_owned()))?
        }
    };
    let lines = lines.enumerate().map(|(index, line)| {
        let SealedLine { line, seal: of_line } = line?;
        if keys.is_some() && !seal.accepts(&text(&line), &of_line) {
            return Err(foreign(format!("the seal of line {} does not fit", index + 2)));
        }
        Ok(line)
    });
    let lines: Vec<LedgerLine> = lines.collect::<Result<_, _>>()?;
    let mut rows: Vec<LedgerRow> = Vec::new();
    let mut made = HashSet::new();
    let mut begun: BTreeMap<usize, String> = BTreeMap::new();
    for line in lines {
        match line {
            LedgerLine::Run(_) => return Err(wrong("it begins twice".to_owned())),
            LedgerLine::Creating { number, resource, .. } => {
                begun.insert(number, resource);
            }
            LedgerLine::Created { number, resource, id, owners, other, hidden } => {
                begun.remove(&number);
                made.insert(id.clone());
                let known = |row: &LedgerRow| row.resource == resource && row.id == id && row.other == other;
                if !rows.iter().any(known) {
                    rows.push(LedgerRow { resource, id, owners, other, hidden, begun: false });
                }
            }
            LedgerLine::NotCreated { number } => {
                begun.remove(&number);
            }
            LedgerLine::Deleting { resource, id } => {
                let of_it = |row: &&mut LedgerRow| row.resource == resource && row.id == id;
                rows.iter_mut().filter(of_it).for_each(|row| row.begun = true);
            }
            LedgerLine::Deleted { resource, id } => {
                rows.retain(|row| row.resource != resource || row.id != id);
            }
        }
    }
    Ok(LedgerContent { header, rows, made, unknown: begun.into_iter().collect(), length, seal })
}

/// A line with the next seal.
fn sealed(line: LedgerLine, seal: &mut Seal) -> String {
    let seal = seal.next(&text(&line));
    serde_json::to_string(&SealedLine { line, seal }).unwrap_or_default() + "\n"
}

/// What of a line is sealed.
fn text(line: &LedgerLine) -> String {
    serde_json::to_string(line).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header() -> LedgerHeader {
        LedgerHeader {
            version: VERSION,
            target: "http://127.0.0.1:1/v1".to_owned(),
            tag: "abc".to_owned(),
            workspace: Workspace::default(),
            other: None,
        }
    }

    fn created(number: usize, id: &str) -> LedgerLine {
        LedgerLine::Created {
            number,
            resource: "thing".to_owned(),
            id: id.to_owned(),
            owners: Vec::new(),
            other: false,
            hidden: false,
        }
    }

    fn new(path: PathBuf) -> Result<LedgerFile, LedgerError> {
        LedgerFile::new(path, header(), Seal::new("the key"), Redactor::default())
    }

    fn keys(key: &str) -> Vec<String> {
        vec!["another".to_owned(), key.to_owned()]
    }

    /// Lines as a run with the key writes them.
    fn lines(lines: &[LedgerLine]) -> String {
        let mut seal = Seal::new("the key");
        lines.iter().map(|line| sealed(line.clone(), &mut seal)).collect()
    }

    fn creating(number: usize) -> LedgerLine {
        LedgerLine::Creating { number, resource: "thing".to_owned(), operation: "make".to_owned() }
    }

    #[test]
    fn what_was_created_and_not_deleted_is_read_back() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("new/ledger.jsonl");
        let mut ledger = new(path.clone()).expect("it can be written");
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
        let content = read_sealed(&path, &keys("the key")).expect("it reads");
        assert_eq!(content.header, header());
        assert_eq!(content.rows.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), ["b"]);
        assert_eq!(content.unknown, [(4, "thing".to_owned())]);
        assert!(open_ledgers().iter().any(|(open, _)| *open == path));
        ledger.close();
        assert!(path.exists(), "something is left");
        assert!(matches!(new(path.clone()), Err(LedgerError::Taken { .. })));
        let mut ledger = LedgerFile::resume(path.clone(), &content, Redactor::default()).expect("it goes on");
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
        let run = || LedgerLine::Run(header());
        let whole = lines(&[run(), creating(1), created(1, "a")]);
        fs::write(&path, &whole[..whole.len() - 9]).expect("written");
        let content = read_sealed(&path, &keys("the key")).expect("it reads");
        assert_eq!((content.rows.len(), content.unknown.len()), (0, 1));
        let mut ledger = LedgerFile::resume(path.clone(), &content, Redactor::default()).expect("it goes on");
        ledger.write(&created(1, "b")).expect("written");
        let content = read_sealed(&path, &keys("the key")).expect("the rest of the line is gone");
        assert_eq!((content.rows.len(), content.unknown.len()), (1, 0));
        for (text, message) in [
            (String::new(), "does not begin as a ledger does"),
            (lines(&[creating(1)]), "does not begin as a ledger does"),
            (whole.clone() + "{}\n" + &lines(&[creating(2)]), "line 4 is no line of a ledger"),
            (lines(&[run(), creating(1), run()]), "begins twice"),
            (lines(&[LedgerLine::Run(LedgerHeader { version: 1, ..header() })]), "of version 1"),
        ] {
            fs::write(&path, text).expect("written");
            let error = read_sealed(&path, &keys("the key")).expect_err(message).to_string();
            assert!(error.contains(message), "{error}");
        }
        assert!(read_sealed(&folder.path().join("none"), &[]).is_err());
    }

    #[test]
    fn only_what_a_run_with_the_key_wrote_is_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("ledger.jsonl");
        let run = || LedgerLine::Run(header());
        let nameless = || LedgerLine::Run(LedgerHeader { tag: String::new(), ..header() });
        let whole = lines(&[run(), created(1, "a"), created(2, "b")]);
        let cut: Vec<&str> = whole.lines().collect();
        let elsewhere =
            lines(&[LedgerLine::Run(LedgerHeader { tag: "other".to_owned(), ..header() }), created(1, "c")]);
        let unsealed = text(&run()) + "\n" + &text(&created(1, "a")) + "\n";
        for (text, key, message) in [
            (unsealed, "the key", "line 1 is of another key, or of none"),
            (whole.clone(), "a key", "line 1 is of another key, or of none"),
            (whole.replace("\"a\"", "\"x\""), "the key", "line 2 does not fit"),
            (whole.replace("127.0.0.1", "127.0.0.2"), "the key", "line 1 is of"),
            (format!("{}\n{}\n", cut[0], cut[2]), "the key", "line 2 does not fit"),
            (format!("{}\n{}\n", cut[0], elsewhere.lines().nth(1).unwrap_or_default()), "the key", "line 2"),
            (whole.clone() + &text(&created(3, "x")) + "\n", "the key", "line 4 does not fit"),
            (lines(&[nameless(), created(1, "a")]), "the key", "names no mark"),
        ] {
            fs::write(&path, text).expect("written");
            let error = read_sealed(&path, &keys(key)).expect_err(message);
            assert!(matches!(error, LedgerError::Foreign { .. }), "{error}");
            assert!(error.to_string().contains(message), "{error}");
        }
        fs::write(&path, &whole).expect("written");
        assert_eq!(read_sealed(&path, &keys("the key")).expect("it reads").rows.len(), 2);
        let tagless = LedgerHeader { tag: String::new(), ..header() };
        assert!(LedgerFile::new(path, tagless, Seal::new(""), Redactor::default()).is_err());
    }

    #[test]
    fn a_row_that_is_named_by_a_secret_is_known_without_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("ledger.jsonl");
        let secrets = [("secret-key".to_owned(), "$KEY".to_owned())];
        let redactor = Redactor::of(secrets.to_vec());
        let mut ledger = LedgerFile::new(path.clone(), header(), Seal::new(""), redactor).expect("a file");
        ledger.write(&created(1, "a-secret-key")).expect("written");
        ledger.write(&created(2, "secret%2Dkey")).expect("written");
        let content = read_sealed(&path, &[]).expect("it reads");
        assert!(content.rows.iter().all(|row| row.hidden), "{content:?}");
        let deleted = |id: &str| LedgerLine::Deleted { resource: "thing".to_owned(), id: id.to_owned() };
        ledger.write(&deleted("a-secret-key")).expect("written");
        assert_eq!(read_sealed(&path, &[]).expect("it reads").rows.len(), 1);
        let text = fs::read_to_string(&path).expect("it is there");
        assert!(!text.contains("secret"), "{text}");
    }

    #[test]
    fn a_place_that_cannot_be_written_is_reported_before_anything_is_created() {
        let error = new("/proc/none/ledger.jsonl".into()).expect_err("it cannot");
        assert!(error.to_string().contains("--ledger"), "{error}");
    }
}
