//! What people read.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::words;
use crate::findings::{Finding, Severity};
use crate::findings::{Report, Verdict};
use crate::shown::{line, lines};
use anstyle::{AnsiColor, Style};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
/// Names of one list that a finding shows here; the reports have all of them.
const MOST_NAMES: usize = 5;

fn style(severity: Severity) -> Style {
    let color = match severity {
        Severity::Violation => AnsiColor::Red,
        Severity::Warning => AnsiColor::Yellow,
        Severity::Note => AnsiColor::Cyan,
    };
    Style::new().bold().fg_color(Some(color.into()))
}

/// Writes the findings and the closing lines of a run; `to` strips colours where they are not wanted.
pub fn print_report(report: &Report, verbose: bool, to: &mut dyn Write) -> io::Result<()> {
    let told = report
        .findings
        .iter()
        .filter(|finding| !finding.baselined && (verbose || finding.severity != Severity::Note));
    for finding in told {
        print_finding(finding, to)?;
        writeln!(to)?;
    }
    let notes: Vec<&Finding> = report
        .findings
        .iter()
        .filter(|finding| !finding.baselined && !verbose && finding.severity == Severity::Note)
        .collect();
    for finding in &notes {
        let style = style(finding.severity);
        writeln!(
            to,
            "{style}note[{}]{style:#} {}  {DIM}{}{DIM:#}",
            line(&finding.law),
            line(&finding.message),
            line(&finding.contract)
        )?;
    }
    if !notes.is_empty() {
        writeln!(
            to,
            "{DIM}notes are differences where nothing is promised; -v prints them in full{DIM:#}\n"
        )?;
    }
    suppressed(report, to)?;
    for (reason, laws) in report.not_judged() {
        writeln!(to, "{DIM}not judged: {}: {}{DIM:#}", line(reason), line(&laws.join(", ")))?;
    }
    not_tried(report, to)?;
    for (reason, count) in report.lost() {
        let pairs = words::counted(count, "pair");
        writeln!(to, "{DIM}lost: {pairs} of a law and an operation: {}{DIM:#}", line(reason))?;
    }
    for unmet in &report.unjudged {
        writeln!(
            to,
            "{BOLD}{} had to be judged{BOLD:#} ({}) and was not{}: {}",
            line(&unmet.law),
            line(&unmet.pattern),
            if unmet.operations.is_empty() {
                String::new()
            } else {
                format!(" on {}", line(&unmet.operations.join(", ")))
            },
            line(&unmet.reason)
        )?;
    }
    if let Some(coverage) = &report.coverage {
        let figures = coverage.figures();
        writeln!(
            to,
            "{DIM}covered: {} operations, {} stated statuses, {} request properties sent valid and {} wrong, {} parameters, {} response properties{DIM:#}",
            figures.operations,
            figures.statuses,
            figures.sent_valid,
            figures.sent_wrong,
            figures.parameters,
            figures.response
        )?;
    }
    if let Some(error) = &report.error {
        writeln!(to, "{BOLD}error{BOLD:#}: {}", lines(error))?;
    }
    for left in &report.left {
        let (resource, id) = (line(&left.resource), line(&left.id));
        writeln!(to, "left behind: {resource} {id}: {}", line(&left.reason))?;
    }
    let summary = &report.summary;
    let (word, color) = match report.verdict {
        _ if report.interrupted => ("interrupted", AnsiColor::Yellow),
        Verdict::Pass if summary.is_partial() => ("holds as far as it was tried", AnsiColor::Yellow),
        Verdict::Pass => ("holds", AnsiColor::Green),
        Verdict::Fail => ("does not hold", AnsiColor::Red),
        Verdict::Error => ("could not be judged", AnsiColor::Red),
    };
    let style = Style::new().bold().fg_color(Some(color.into()));
    writeln!(
        to,
        "{style}{word}{style:#}  {}, {}, {}{} · {} passed, {} not judged, {} of {} judged{} · {} in {:.1} s · {} left behind · seed {}",
        words::counted(summary.violations, "violation"),
        words::counted(summary.warnings, "warning"),
        words::counted(summary.notes, "note"),
        if summary.baselined > 0 { format!(", {} baselined", summary.baselined) } else { String::new() },
        words::counted(summary.laws_passed, "law"),
        summary.laws_not_judged,
        summary.pairs_judged,
        words::counted(summary.pairs, "pair"),
        if summary.is_partial() {
            format!(
                " · {} of {} tried",
                summary.operations_tried,
                words::counted(summary.operations, "operation")
            )
        } else {
            String::new()
        },
        words::counted(report.requests, "request"),
        std::time::Duration::from_millis(report.duration_ms).as_secs_f64(),
        report.leftovers,
        report.seed,
    )
}

/// The operations that were left out, those with one reason together.
fn not_tried(report: &Report, to: &mut dyn Write) -> io::Result<()> {
    let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
    for (operation, reason) in report.not_tried() {
        match reasons.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, operations)) => operations.push(operation),
            None => reasons.push((reason, vec![operation])),
        }
    }
    for (reason, operations) in reasons {
        writeln!(to, "{DIM}not tried: {}: {}{DIM:#}", line(&operations.join(", ")), line(reason))?;
    }
    Ok(())
}

/// What came of the baseline.
fn suppressed(report: &Report, to: &mut dyn Write) -> io::Result<()> {
    for finding in report.findings.iter().filter(|finding| finding.baselined) {
        writeln!(
            to,
            "{DIM}known[{}] {} {}  {}{DIM:#}",
            line(&finding.law),
            line(&finding.id),
            line(&finding.message),
            line(&finding.contract)
        )?;
    }
    let Some(baseline) = &report.baseline else { return Ok(()) };
    for (ids, what) in [
        (&baseline.expired, "the baseline no longer suppresses it"),
        (&baseline.fixed, "of the baseline is fixed; `conformance baseline prune` drops it"),
        (&baseline.not_judged, "of the baseline was not judged this time"),
    ] {
        for id in ids {
            writeln!(to, "{DIM}{} {what}{DIM:#}", line(id))?;
        }
    }
    Ok(())
}

/// Writes one finding.
pub fn print_finding(finding: &Finding, to: &mut dyn Write) -> io::Result<()> {
    let style = style(finding.severity);
    writeln!(
        to,
        "{style}{}[{}]{style:#} {BOLD}{}{BOLD:#}        {DIM}{}{DIM:#}",
        finding.severity.as_str(),
        line(&finding.law),
        line(&finding.message),
        line(&finding.contract)
    )?;
    let requests: Vec<String> =
        finding.steps.iter().map(|step| line(&words::request(step)).into_owned()).collect();
    let width = requests.iter().map(|text| text.chars().count()).max().unwrap_or(0).min(96);
    for (index, (step, request)) in finding.steps.iter().zip(&requests).enumerate() {
        let mut text = format!("  {}  {request:<width$}   {}", index + 1, step.came());
        if !step.expectation.is_empty() {
            let _ = write!(text, "   expected {}", line(&step.expectation));
        }
        if step.here {
            let _ = write!(text, "   {style}<- here{style:#}");
        }
        writeln!(to, "{text}")?;
        if step.here && !step.response.is_null() {
            writeln!(to, "     {DIM}{}{DIM:#}", words::shortened(&line(&step.response.to_string()), 160))?;
        }
    }
    let facts = words::facts(finding, MOST_NAMES);
    if !facts.is_empty() {
        writeln!(to, "  {}", line(&facts.join(" · ")))?;
    }
    for told in words::explained(finding) {
        writeln!(to, "  explains   {}", line(&told))?;
    }
    let mut commands = finding.curl.lines();
    writeln!(to, "  reproduce  {}", line(commands.next().unwrap_or_default()))?;
    for command in commands {
        writeln!(to, "             {}", line(command))?;
    }
    writeln!(to, "  replay     conformance replay {}", line(&finding.id))
}
