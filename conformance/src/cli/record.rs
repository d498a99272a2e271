//! `record`: keeps the observed behaviour of a target, or holds the target to what was kept.

use std::collections::BTreeMap;
use std::fs;
use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use clap::Args;

use super::error::{CommandResult, UserError};
use super::exit;
use super::output::stdout;
use super::pending::{described, folder_of};
use super::target::{TargetArgs, config};
use super::values::{duration, tag, workers};
use crate::findings::{Event, Stream};
use crate::record::{Change, Keeping, Record, RecordId, Recording, compare, remove_pending};
use crate::report::Progress;
use crate::shown::line;

/// `record`.
#[derive(Debug, Args)]
pub(super) struct RecordArgs {
    #[command(flatten)]
    pub(super) target: TargetArgs,
    /// Folder of the records: one folder per operation, one file per class of input.
    #[arg(long, default_value = "conformance/snapshots", value_name = "PATH")]
    pub(super) dir: PathBuf,
    /// Check the target against the records: fail on a difference, and keep the new behaviour for review.
    #[arg(long, conflicts_with = "accept")]
    pub(super) check: bool,
    /// With --check: write nothing, not even pending records. The default where CI is set.
    #[arg(long, requires = "check")]
    pub(super) no_pending: bool,
    /// Accept all differences at once, and delete records of what no longer exists.
    #[arg(long)]
    pub(super) accept: bool,
    /// Only operations that match; repeatable.
    #[arg(long, value_name = "GLOB")]
    pub(super) operation: Vec<String>,
    /// Maximum number of requests, clean-up included.
    #[arg(long, default_value_t = 5_000, value_name = "N")]
    pub(super) max_requests: usize,
    /// Maximum time: `90s`, `10m`, `1h`.
    #[arg(long, default_value = "2h", value_name = "TIME", value_parser = duration)]
    pub(super) max_time: std::time::Duration,
    /// Number of input classes to record at the same time.
    #[arg(long, default_value_t = 1, value_name = "N", value_parser = workers)]
    pub(super) workers: usize,
    /// Mark in the names of everything the recording creates, instead of a fresh one.
    #[arg(long, value_name = "TEXT", value_parser = tag)]
    pub(super) run_tag: Option<String>,
}

impl RecordArgs {
    fn keeping(&self) -> Keeping {
        let in_ci = std::env::var("CI").is_ok_and(|value| !matches!(value.as_str(), "" | "0" | "false"));
        match (self.check, self.accept) {
            (true, _) if self.no_pending || in_ci => Keeping::Nothing,
            (true, _) => Keeping::Pending,
            (false, true) => Keeping::Accepted,
            (false, false) => Keeping::NewAccepted,
        }
    }
}

/// `record`.
pub(super) async fn record(args: RecordArgs, stop: Arc<AtomicBool>) -> CommandResult {
    let mut config = config(&args.target)?;
    config.tag.clone_from(&args.run_tag);
    config.max_requests = args.max_requests;
    config.max_time = args.max_time;
    config.workers = args.workers;
    config.operations.clone_from(&args.operation);
    let before = prepared(&args)?;
    let stream = Stream::default();
    if std::io::stderr().is_terminal() {
        stream.subscribe(Progress::new());
    } else {
        stream.subscribe(announce);
    }
    let recording = crate::record::record(&config, stop, stream).await;
    let recording =
        recording.map_err(|error| UserError::without_secrets(error.problem(), &config.redactor()))?;
    if recording.interrupted {
        let left = recording.leftovers.len();
        let _ = writeln!(anstream::stderr(), "interrupted: nothing was kept · {left} left behind");
        return Ok(exit::INTERRUPTED);
    }
    warn_of_cases(recording.records.keys());
    let changes = compare(&before, &recording, args.operation.is_empty());
    keep(&args, &recording, &changes)?;
    tell(&args, &recording, &changes)?;
    let differs = |change: &Change| match change {
        Change::Same => false,
        Change::New(_) => args.check,
        Change::Changed { .. } | Change::Vanished(_) => !args.accept,
    };
    Ok(if changes.values().any(differs) { exit::VIOLATED } else { exit::HOLDS })
}

/// The records there are; the folder is looked at before any request is sent.
fn prepared(args: &RecordArgs) -> Result<BTreeMap<RecordId, Record>, UserError> {
    let dir = &args.dir;
    if args.check {
        let before = folder_of(dir)?;
        if before.is_empty() {
            return Err(UserError::new(
                format!("there are no records in {}", dir.display()),
                "record them first, without --check, and commit them",
            ));
        }
    }
    if args.keeping() != Keeping::Nothing {
        writable(dir)?;
    }
    folder_of(dir)
}

/// Makes the folder and writes a file into it that is gone again at once.
fn writable(dir: &Path) -> Result<(), UserError> {
    let probe = dir.join(".conformance-was-here");
    let tried =
        fs::create_dir_all(dir).and_then(|()| fs::write(&probe, "")).and_then(|()| fs::remove_file(&probe));
    tried.map_err(|error| {
        UserError::new(
            format!("failed to write to the folder {}: {error}", dir.display()),
            "give a folder that can be written, as in --dir PATH",
        )
    })
}

/// Some systems do not tell the files of two records apart whose names differ only in capitals.
fn warn_of_cases<'a>(ids: impl Iterator<Item = &'a RecordId>) {
    let mut known: BTreeMap<String, &RecordId> = BTreeMap::new();
    for id in ids {
        if let Some(other) = known.insert(id.path(Path::new("")).to_string_lossy().to_lowercase(), id) {
            let text =
                format!("{other} and {id} differ only in capitals: macOS and Windows keep them in one file");
            let _ = writeln!(anstream::stderr(), "warning: {}", line(&text));
        }
    }
}

/// Without a terminal only what takes long is reported.
fn announce(event: &Event) {
    if let Event::Planned { requests, per_minute: Some(per_minute), .. } = event
        && *per_minute < 600
        && *requests as u64 > *per_minute
    {
        let minutes = (*requests as u64).div_ceil((*per_minute).max(1));
        let _ = writeln!(
            anstream::stderr(),
            "about {requests} requests at {per_minute} a minute: {minutes} minutes, if the target holds to its allowance"
        );
    }
}

fn keep(
    args: &RecordArgs,
    recording: &Recording,
    changes: &BTreeMap<RecordId, Change>,
) -> Result<(), UserError> {
    let keeping = args.keeping();
    for (id, record) in recording.records.iter().filter(|_| keeping != Keeping::Nothing) {
        if changes.get(id) == Some(&Change::Same) {
            let path = id.path(&args.dir);
            remove_pending(&path)
                .map_err(|error| UserError::say(format!("failed to tidy up {}: {error}", path.display())))?;
        } else {
            keeping.keep(&args.dir, id, record)?;
        }
    }
    for (id, _) in changes.iter().filter(|(_, change)| args.accept && matches!(change, Change::Vanished(_))) {
        let path = id.path(&args.dir);
        let removed = fs::remove_file(&path).and_then(|()| remove_pending(&path));
        removed.map_err(|error| UserError::say(format!("failed to delete {}: {error}", path.display())))?;
    }
    Ok(())
}

fn tell(
    args: &RecordArgs,
    recording: &Recording,
    changes: &BTreeMap<RecordId, Change>,
) -> std::io::Result<()> {
    let mut out = stdout();
    let mut counts = [0_usize; 4];
    let first = !args.check && changes.values().all(|change| matches!(change, Change::New(_)));
    for (id, change) in changes {
        let place = match change {
            Change::Same => 0,
            Change::Changed { .. } => 1,
            Change::New(_) => 2,
            Change::Vanished(_) => 3,
        };
        counts[place] += 1;
        // A first recording is all new: that is no news.
        if !first {
            write!(out, "{}", described(&args.dir, id, change))?;
        }
    }
    let mut reasons: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (id, why) in &recording.missing {
        reasons.entry(why).or_default().push(id.to_string());
    }
    for (why, ids) in reasons {
        writeln!(out, "not recorded: {}: {}", line(why), line(&ids.join(", ")))?;
    }
    let mut left: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for one in &recording.leftovers {
        left.entry((&one.resource, &one.reason)).or_default().push(&one.id);
    }
    for ((resource, why), ids) in left {
        writeln!(out, "left behind: {}: {resource} {}", line(why), line(&ids.join(", ")))?;
    }
    let [same, changed, new, vanished] = counts;
    let word = match (args.check, changed + vanished + if args.check { new } else { 0 }) {
        (true, 0) => "as recorded",
        (true, _) => "not as recorded",
        (false, _) => "recorded",
    };
    writeln!(
        out,
        "{word}  {same} as before, {changed} changed, {new} new, {vanished} vanished, {} not recorded · {} requests in {:.1} s · {} left behind",
        recording.missing.len(),
        recording.requests,
        recording.took.as_secs_f64(),
        recording.leftovers.len()
    )?;
    advise(args, changed, new, vanished, &mut out)
}

fn advise(
    args: &RecordArgs,
    changed: usize,
    new: usize,
    vanished: usize,
    out: &mut dyn std::io::Write,
) -> std::io::Result<()> {
    let waiting = match args.keeping() {
        Keeping::Nothing | Keeping::Accepted => 0,
        Keeping::Pending => changed + new,
        Keeping::NewAccepted => changed,
    };
    let dir = if args.dir == Path::new("conformance/snapshots") {
        String::new()
    } else {
        format!(" --dir {}", args.dir.display())
    };
    if waiting > 0 {
        writeln!(
            out,
            "  help: {}: `conformance review{dir}` or `cargo insta review`",
            super::pending::waiting(waiting)
        )?;
    } else if args.check && changed + new > 0 {
        writeln!(
            out,
            "  help: nothing was written; where it is meant, record with --accept{dir} and commit"
        )?;
    }
    if vanished > 0 && !args.accept {
        writeln!(
            out,
            "  help: what vanished is dropped by recording with --accept, or by deleting the file"
        )?;
    }
    Ok(())
}
