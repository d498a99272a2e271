//! `review`, `accept` and `reject`: what becomes of records that wait.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, IsTerminal as _, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::error::{CommandResult, UserError};
use super::exit;
use super::output::stdout;
use super::pending::described;
use crate::record::{Change, Record, RecordId, accept as accept_record, files, pending_path, remove_pending};
use crate::shown::line;

/// `review`, `accept` and `reject`.
#[derive(Debug, Args)]
pub(super) struct ReviewArgs {
    /// Records to review: `OPERATION/NAME`, `OPERATION`, or a file.
    #[arg(value_name = "RECORD")]
    pub(super) records: Vec<String>,
    /// All pending records.
    #[arg(long, conflicts_with = "records")]
    pub(super) all: bool,
    /// Folder of the records.
    #[arg(long, default_value = "conformance/snapshots", value_name = "PATH")]
    pub(super) dir: PathBuf,
}

/// A record that waits.
struct Waiting {
    id: RecordId,
    snap: PathBuf,
    change: Change,
}

/// `review`: with somebody at a terminal, one record after the other; else shows what waits and fails if anything does.
pub(super) fn review(args: &ReviewArgs) -> CommandResult {
    let terminal = io::stdin().is_terminal() && io::stdout().is_terminal();
    if !terminal && !args.all && args.records.is_empty() {
        return Err(UserError::new(
            "there is no terminal to ask at",
            "`conformance review --all` shows the pending records; `conformance accept` and `reject` take --all or records",
        ));
    }
    let waiting = chosen(args)?;
    let mut out = stdout();
    if !terminal {
        for one in &waiting {
            write!(out, "{}", described(&args.dir, &one.id, &one.change))?;
        }
        writeln!(out, "{}", super::pending::waiting(waiting.len()))?;
        return Ok(if waiting.is_empty() { exit::HOLDS } else { exit::VIOLATED });
    }
    if waiting.is_empty() {
        writeln!(out, "{}", super::pending::waiting(0))?;
        return Ok(exit::HOLDS);
    }
    let term = console::Term::stdout();
    ask(args, &waiting, &mut || term.read_char(), &mut out)
}

/// Shows each record and does as the keys say.
fn ask(
    args: &ReviewArgs,
    waiting: &[Waiting],
    key: &mut dyn FnMut() -> io::Result<char>,
    out: &mut dyn Write,
) -> CommandResult {
    let (mut accepted, mut rejected, mut left) = (0, 0, 0);
    let mut ended = false;
    // What was said of all that remain.
    let mut of_all: Option<char> = None;
    for (index, one) in waiting.iter().enumerate() {
        if ended {
            left += 1;
            continue;
        }
        writeln!(out, "\n{} of {}", index + 1, waiting.len())?;
        write!(out, "{}", described(&args.dir, &one.id, &one.change))?;
        write!(out, "a accept · r reject · s skip · q quit (A, R: all that remain)  ")?;
        out.flush()?;
        let word = loop {
            let pressed = match of_all {
                Some(pressed) => pressed,
                None => key().map_err(|error| UserError::say(format!("failed to read a key: {error}")))?,
            };
            if matches!(pressed, 'A' | 'R') {
                of_all = Some(pressed.to_ascii_lowercase());
            }
            match pressed.to_ascii_lowercase() {
                'a' => {
                    take(one)?;
                    accepted += 1;
                    break "accepted";
                }
                'r' => {
                    drop_it(one)?;
                    rejected += 1;
                    break "rejected";
                }
                's' => {
                    left += 1;
                    break "skipped";
                }
                'q' | '\u{3}' | '\u{1b}' => {
                    left += 1;
                    ended = true;
                    break "left";
                }
                _ => {}
            }
        };
        writeln!(out, "{word}")?;
    }
    writeln!(out, "\n{accepted} accepted, {rejected} rejected, {left} still wait")?;
    Ok(if left == 0 { exit::HOLDS } else { exit::VIOLATED })
}

/// `accept`.
pub(super) fn accept(args: &ReviewArgs) -> CommandResult {
    decide(args, "accept", "accepted", take)
}

/// `reject`.
pub(super) fn reject(args: &ReviewArgs) -> CommandResult {
    decide(args, "reject", "rejected", drop_it)
}

fn decide(
    args: &ReviewArgs,
    verb: &str,
    word: &str,
    act: fn(&Waiting) -> Result<(), UserError>,
) -> CommandResult {
    if !args.all && args.records.is_empty() {
        return Err(UserError::new(
            "nothing was named",
            format!(
                "`conformance {verb} --all`, or `conformance {verb} OPERATION/NAME`; `conformance review` asks one by one"
            ),
        ));
    }
    let waiting = chosen(args)?;
    let mut out = stdout();
    for one in &waiting {
        act(one)?;
        writeln!(out, "{word}  {}", line(&one.id.to_string()))?;
    }
    writeln!(out, "{} {word}", waiting.len())?;
    Ok(exit::HOLDS)
}

fn take(one: &Waiting) -> Result<(), UserError> {
    accept_record(&one.snap).map_err(|why| {
        UserError::new(format!("failed to accept {}: {why}", one.snap.display()), "look at the file")
    })
}

fn drop_it(one: &Waiting) -> Result<(), UserError> {
    remove_pending(&one.snap).map_err(|why| {
        UserError::say(format!("failed to reject {}: {why}", pending_path(&one.snap).display()))
    })
}

/// The pending records that were named; a name that fits none is an error.
fn chosen(args: &ReviewArgs) -> Result<Vec<Waiting>, UserError> {
    let all = waiting(&args.dir)?;
    if args.records.is_empty() {
        return Ok(all.into_values().collect());
    }
    let fits = |name: &str, one: &Waiting| {
        let path = Path::new(name);
        let same = |other: &Path| {
            path.canonicalize().ok().is_some_and(|path| Some(path) == other.canonicalize().ok())
        };
        name == one.id.to_string()
            || name.trim_end_matches('/') == one.id.operation
            || same(&pending_path(&one.snap))
            || same(&one.snap)
            || one.snap.parent().is_some_and(same)
    };
    for name in &args.records {
        if !all.values().any(|one| fits(name, one)) {
            let known: Vec<String> = all.keys().map(ToString::to_string).collect();
            let hint = if known.is_empty() { "nothing is pending".to_owned() } else { known.join(", ") };
            return Err(UserError::new(
                format!("no pending record is named {name}"),
                format!("these wait in {}: {hint}", args.dir.display()),
            ));
        }
    }
    Ok(all.into_values().filter(|one| args.records.iter().any(|name| fits(name, one))).collect())
}

/// Everything that waits in a folder, beside what was accepted before.
fn waiting(dir: &Path) -> Result<BTreeMap<RecordId, Waiting>, UserError> {
    let mut found = BTreeMap::new();
    for (id, path) in files(dir, ".snap.new")? {
        let now = read(&path)?;
        let snap = id.path(dir);
        let change = if snap.exists() {
            Change::Changed { before: Box::new(read(&snap)?), now: Box::new(now) }
        } else {
            Change::New(now)
        };
        found.insert(id.clone(), Waiting { id, snap, change });
    }
    Ok(found)
}

fn read(path: &Path) -> Result<Record, UserError> {
    let text = fs::read_to_string(path)
        .map_err(|error| UserError::say(format!("failed to read {}: {error}", path.display())))?;
    Record::read(&text).map_err(|error| {
        UserError::new(
            format!("{} is no record: {error}", path.display()),
            "correct the file, or delete it and record again",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: &str = "request: GET /a\nclass: plain\nstatus: 200\n";
    const NOW: &str = "request: GET /a\nclass: plain\nstatus: 404\n";

    /// A folder in which as many records wait as there are names.
    fn folder(names: &[&str]) -> (tempfile::TempDir, ReviewArgs) {
        let folder = tempfile::tempdir().expect("a folder");
        let own = folder.path().join("get-a");
        fs::create_dir(&own).expect("a folder");
        for name in names {
            fs::write(own.join(format!("{name}.snap")), format!("---\nsource: x.rs\n---\n{BEFORE}"))
                .expect("a file");
            fs::write(
                own.join(format!("{name}.snap.new")),
                format!("---\nsource: x.rs\nassertion_line: 7\n---\n{NOW}"),
            )
            .expect("a file");
        }
        let args = ReviewArgs { records: Vec::new(), all: false, dir: folder.path().to_owned() };
        (folder, args)
    }

    fn answered(args: &ReviewArgs, keys: &str) -> (u8, String) {
        let waiting = chosen(args).expect("what is pending");
        let (mut keys, mut out) = (keys.chars(), Vec::new());
        let mut key = || keys.next().ok_or_else(|| io::Error::from(io::ErrorKind::UnexpectedEof));
        let code = ask(args, &waiting, &mut key, &mut out).expect("an end");
        (code, anstream::adapter::strip_str(&String::from_utf8_lossy(&out)).to_string())
    }

    #[test]
    fn each_record_is_shown_and_becomes_what_the_key_says() {
        let (folder, args) = folder(&["one", "two", "three"]);
        let text =
            |name: &str| fs::read_to_string(folder.path().join("get-a").join(name)).unwrap_or_default();
        // In order of their names: one, three, two. What is no key of ours is not heard.
        let (code, out) = answered(&args, "axrs");
        assert_eq!(code, exit::VIOLATED);
        assert!(
            out.contains("1 of 3\nchanged  get-a/one") && out.contains("the status was 200 and is 404"),
            "{out}"
        );
        assert!(out.ends_with("1 accepted, 1 rejected, 1 still wait\n"), "{out}");
        assert_eq!(text("one.snap"), format!("---\nsource: x.rs\n---\n{NOW}"));
        assert_eq!(text("three.snap"), format!("---\nsource: x.rs\n---\n{BEFORE}"));
        assert_eq!([text("one.snap.new"), text("three.snap.new")], ["", ""]);
        assert!(text("two.snap.new").contains(NOW));
    }

    #[test]
    fn whoever_leaves_early_leaves_the_rest_waiting() {
        let (folder, args) = folder(&["one", "two"]);
        let (code, out) = answered(&args, "q");
        assert_eq!(code, exit::VIOLATED);
        assert!(out.ends_with("0 accepted, 0 rejected, 2 still wait\n"), "{out}");
        assert!(folder.path().join("get-a/two.snap.new").exists());
        assert_eq!(answered(&args, "A").0, exit::HOLDS, "a capital letter is said of all that remain");
        assert!(!folder.path().join("get-a/two.snap.new").exists());
    }

    #[test]
    fn a_record_is_named_by_operation_and_name_or_by_file() {
        let (folder, mut args) = folder(&["one", "two"]);
        let file = folder.path().join("get-a/two.snap.new").display().to_string();
        for (name, count) in [("get-a/one", 1), ("get-a", 2), ("get-a/", 2), (file.as_str(), 1)] {
            args.records = vec![name.to_owned()];
            assert_eq!(chosen(&args).expect(name).len(), count, "{name}");
        }
        args.records = vec!["get-a/three".to_owned()];
        let error = chosen(&args).err().expect("there is none").to_string();
        assert!(error.contains("these wait") && error.contains("get-a/one, get-a/two"), "{error}");
    }
}
