//! The files a command writes its reports to.

use std::cell::RefCell;
use std::fs;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use clap::Args;

use super::error::UserError;
use crate::findings::{Event, Report, Reporter as _, Stream};
use crate::private_file::create_private;
use crate::report::{HarWriter, ReportKind};

/// Which reports to write.
#[derive(Debug, Args)]
pub(super) struct ReportArgs {
    /// Write a report: json, junit, sarif, har or html, each to its default place under conformance-report/ or as
    /// KIND=PATH to another; `all` for one of each kind. Repeatable.
    #[arg(long, value_name = "KIND[=PATH]", value_parser = wanted)]
    report: Vec<Wanted>,
}

/// One report that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Wanted {
    /// One of each kind that is not asked for by its name.
    All,
    One(ReportKind, PathBuf),
}

fn wanted(text: &str) -> Result<Wanted, String> {
    let kinds = || {
        let words: Vec<&str> = ReportKind::ALL.into_iter().map(ReportKind::as_str).collect();
        format!("the kinds are {} and all", words.join(", "))
    };
    let (word, path) = text.split_once('=').map_or((text, None), |(word, path)| (word, Some(path)));
    match (word, ReportKind::parse(word), path) {
        ("all", _, None) => Ok(Wanted::All),
        ("all", _, Some(_)) => {
            Err("all writes to the default places; name the kinds to choose paths".to_owned())
        }
        (_, Some(_), Some("")) => Err("the path is missing".to_owned()),
        (_, Some(_), Some("-")) => Err("a report goes to a file; stdout is for people".to_owned()),
        (_, Some(kind), Some(path)) => Ok(Wanted::One(kind, path.into())),
        (_, Some(kind), None) => Ok(Wanted::One(kind, kind.usual_path().into())),
        (_, None, _) => Err(kinds()),
    }
}

/// Files that are open for reports.
#[derive(Debug)]
pub(super) struct Outputs {
    files: Vec<(ReportKind, PathBuf, fs::File)>,
    traffic: Vec<(PathBuf, Traffic)>,
}

/// A report of traffic, which is written while the run goes on.
type Traffic = Rc<RefCell<HarWriter<BufWriter<fs::File>>>>;

impl Outputs {
    /// Opens all files that are asked for, so that a file that cannot be written is an error before anything is done. `kept` are
    /// other files that the command writes; without `traffic` there is none to write.
    pub(super) fn open(args: &ReportArgs, kept: &[&Path], traffic: bool) -> Result<Self, UserError> {
        let mut outputs = Self { files: Vec::new(), traffic: Vec::new() };
        let mut taken: Vec<PathBuf> = kept.iter().map(|path| resolved(path)).collect();
        for (kind, path) in listed(&args.report, traffic)? {
            // Before, so that nothing is lost by opening it; after, when all its folders are there.
            free(&path, &taken)?;
            let file = open(&path)?;
            free(&path, &taken)?;
            taken.push(resolved(&path));
            if kind == ReportKind::Har {
                let writer = HarWriter::new(BufWriter::new(file));
                outputs.traffic.push((path, Rc::new(RefCell::new(writer))));
            } else {
                outputs.files.push((kind, path, file));
            }
        }
        Ok(outputs)
    }

    /// Listens to a run for those reports that are made of its traffic.
    pub(super) fn listen(&self, stream: &Stream) {
        for (_, writer) in &self.traffic {
            let writer = Rc::clone(writer);
            stream.subscribe(move |event: &Event| writer.borrow_mut().on(event));
        }
    }

    /// Writes all of them; returns those that could not be written.
    pub(super) fn write(self, report: &Report, strict: bool) -> Result<(), UserError> {
        let mut troubles = Vec::new();
        let mut note = |path: &Path, outcome: std::io::Result<()>| {
            if let Err(error) = outcome {
                troubles.push(format!("failed to write {}: {error}", path.display()));
            }
        };
        for (path, writer) in &self.traffic {
            note(path, writer.borrow_mut().finish());
        }
        for (kind, path, mut file) in self.files {
            if let Some(text) = kind.render(report, strict) {
                note(&path, file.write_all(text.as_bytes()));
            }
        }
        if troubles.is_empty() { Ok(()) } else { Err(UserError::say(troubles.join("\n"))) }
    }
}

/// The reports in the order in which they are asked for.
fn listed(wanted: &[Wanted], traffic: bool) -> Result<Vec<(ReportKind, PathBuf)>, UserError> {
    let named =
        |kind: ReportKind| wanted.iter().any(|one| matches!(one, Wanted::One(known, _) if *known == kind));
    let mut listed = Vec::new();
    let mut all = false;
    for one in wanted {
        match one {
            Wanted::One(ReportKind::Har, _) if !traffic => {
                return Err(UserError::new(
                    "reports hold no traffic, of which har is made",
                    "`conformance run --report har` writes it",
                ));
            }
            Wanted::One(kind, path) => listed.push((*kind, path.clone())),
            Wanted::All if !all => {
                all = true;
                let rest = ReportKind::ALL.into_iter().filter(|kind| !named(*kind));
                let rest = rest.filter(|kind| traffic || *kind != ReportKind::Har);
                listed.extend(rest.map(|kind| (kind, kind.usual_path().into())));
            }
            Wanted::All => {}
        }
    }
    Ok(listed)
}

/// Refuses a path that another file is written to.
fn free(path: &Path, taken: &[PathBuf]) -> Result<(), UserError> {
    if taken.contains(&resolved(path)) {
        return Err(UserError::new(
            format!("two files would be written to {}", path.display()),
            "give each report a path of its own",
        ));
    }
    Ok(())
}

fn open(path: &Path) -> Result<fs::File, UserError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.map_or(Ok(()), fs::create_dir_all).and_then(|()| create_private(path)).map_err(|error| {
        UserError::new(
            format!("failed to open {} for a report: {error}", path.display()),
            "give a path that can be written",
        )
    })
}

/// A path without detours, as far as its folders are there.
fn resolved(path: &Path) -> PathBuf {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    for ancestor in whole.ancestors() {
        if let Ok(known) = fs::canonicalize(ancestor) {
            return whole.strip_prefix(ancestor).map_or_else(
                |_| known.clone(),
                |rest| if rest.as_os_str().is_empty() { known.clone() } else { known.join(rest) },
            );
        }
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_have_usual_places_and_take_others() {
        let one = |kind: ReportKind, path: &str| Ok(Wanted::One(kind, path.into()));
        for (text, expected) in [
            ("json", one(ReportKind::Json, "conformance-report/report.json")),
            ("junit=a=b.xml", one(ReportKind::Junit, "a=b.xml")),
            ("all", Ok(Wanted::All)),
        ] {
            assert_eq!(wanted(text), expected, "{text}");
        }
        for text in ["yaml", "", "json=", "all=x", "har=-", "=x"] {
            assert!(wanted(text).is_err(), "{text}");
        }
    }

    #[test]
    fn all_leaves_alone_what_has_a_name() {
        let asked = [Wanted::All, Wanted::One(ReportKind::Html, "x.html".into()), Wanted::All];
        let kinds = |traffic| -> Vec<(ReportKind, PathBuf)> {
            listed(&asked, traffic).map_err(|error| error.to_string()).expect("a list")
        };
        assert_eq!(kinds(true).len(), 5);
        assert_eq!(kinds(true)[4], (ReportKind::Html, "x.html".into()));
        assert!(kinds(false).iter().all(|(kind, _)| *kind != ReportKind::Har));
    }

    #[test]
    fn detours_lead_to_one_place() {
        let folder = tempfile::tempdir().expect("a folder");
        let plain = folder.path().join("report.json");
        assert_eq!(resolved(&plain), resolved(&folder.path().join("./report.json")));
        std::fs::write(&plain, "").expect("it is written");
        assert_eq!(
            resolved(&plain),
            resolved(&folder.path().join("../").join(folder.path()).join("report.json"))
        );
    }
}
