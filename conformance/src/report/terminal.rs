//! What people read.

use std::fmt::Write as _;
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use serde_json::Value;

use super::finding::{Finding, Severity, StepLine};
use super::report::{LawVerdict, Report, Verdict};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

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
    let told = report.findings.iter().filter(|finding| verbose || finding.severity != Severity::Note);
    for finding in told {
        print_finding(finding, to)?;
        writeln!(to)?;
    }
    let notes: Vec<&Finding> =
        report.findings.iter().filter(|finding| !verbose && finding.severity == Severity::Note).collect();
    for finding in &notes {
        let style = style(finding.severity);
        writeln!(
            to,
            "{style}note[{}]{style:#} {}  {DIM}{}{DIM:#}",
            finding.law, finding.message, finding.contract
        )?;
    }
    if !notes.is_empty() {
        writeln!(
            to,
            "{DIM}notes are differences where nobody promised anything; -v tells them whole{DIM:#}\n"
        )?;
    }
    unjudged(report, to)?;
    for left in &report.left {
        writeln!(to, "left behind: {} {}: {}", left.resource, left.id, left.reason)?;
    }
    let summary = &report.summary;
    let (word, color) = match report.verdict {
        _ if report.interrupted => ("interrupted", AnsiColor::Yellow),
        Verdict::Pass => ("holds", AnsiColor::Green),
        Verdict::Fail => ("does not hold", AnsiColor::Red),
        Verdict::Error => ("could not be judged", AnsiColor::Red),
    };
    let style = Style::new().bold().fg_color(Some(color.into()));
    writeln!(
        to,
        "{style}{word}{style:#}  {} violations, {} warnings, {} notes · {} laws passed, {} not judged · {} requests in {:.1} s · {} left behind · seed {}",
        summary.violations,
        summary.warnings,
        summary.notes,
        summary.laws_passed,
        summary.laws_not_judged,
        report.requests,
        std::time::Duration::from_millis(report.duration_ms).as_secs_f64(),
        report.leftovers,
        report.seed,
    )
}

/// Laws that were judged nowhere, by reason.
fn unjudged(report: &Report, to: &mut dyn Write) -> io::Result<()> {
    let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in report.laws.iter().filter(|line| line.verdict == LawVerdict::NotJudged) {
        let elsewhere =
            report.laws.iter().any(|other| other.law == line.law && other.verdict != LawVerdict::NotJudged);
        let told = reasons.iter().any(|(_, laws)| laws.contains(&line.law.as_str()));
        if elsewhere || told {
            continue;
        }
        let reason = line.reason.as_deref().unwrap_or("nothing exercised it");
        match reasons.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, laws)) => laws.push(&line.law),
            None => reasons.push((reason, vec![&line.law])),
        }
    }
    for (reason, laws) in reasons {
        writeln!(to, "{DIM}not judged: {reason}: {}{DIM:#}", laws.join(", "))?;
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
        finding.law,
        finding.message,
        finding.contract
    )?;
    let requests: Vec<String> = finding.steps.iter().map(request).collect();
    let width = requests.iter().map(|text| text.chars().count()).max().unwrap_or(0).min(96);
    for (index, (step, request)) in finding.steps.iter().zip(&requests).enumerate() {
        let mut line = format!("  {}  {request:<width$}   {}", index + 1, step.status);
        if !step.expectation.is_empty() {
            let _ = write!(line, "   expected {}", step.expectation);
        }
        if step.here {
            let _ = write!(line, "   {style}<- here{style:#}");
        }
        writeln!(to, "{line}")?;
        if step.here && !step.response.is_null() {
            writeln!(to, "     {DIM}{}{DIM:#}", short(&step.response, 160))?;
        }
    }
    let mut facts = Vec::new();
    if finding.of_repeats > 0 {
        let flaky = if finding.confirmed { "" } else { " (flaky)" };
        facts.push(format!("{} of {} repeats{flaky}", finding.repeats, finding.of_repeats));
    }
    if finding.cases > 1 {
        facts.push(format!("{} cases", finding.cases));
    }
    if !finding.also.is_empty() {
        facts.push(format!("also {}", finding.also.join(", ")));
    }
    if !finding.also_fields.is_empty() {
        facts.push(format!("also of {}", finding.also_fields.join(", ")));
    }
    if !finding.also_laws.is_empty() {
        facts.push(format!("with it {}", finding.also_laws.join(", ")));
    }
    if !facts.is_empty() {
        writeln!(to, "  {}", facts.join(" · "))?;
    }
    let mut lines = finding.curl.lines();
    writeln!(to, "  reproduce  {}", lines.next().unwrap_or_default())?;
    for line in lines {
        writeln!(to, "             {line}")?;
    }
    writeln!(to, "  replay     conformance replay {}", finding.id)
}

fn request(step: &StepLine) -> String {
    let mut text = format!("{} {}", step.method, step.path);
    match &step.body {
        Value::Null => {}
        Value::String(raw) => {
            let _ = write!(text, " {raw}");
        }
        body => {
            let _ = write!(text, " {}", short(body, 120));
        }
    }
    for (name, value) in &step.headers {
        let _ = write!(text, " ({name}: {})", shortened(value, 40));
    }
    if let Some(caller) = &step.caller {
        let _ = write!(text, " ({caller})");
    }
    text
}

fn short(value: &Value, most: usize) -> String {
    shortened(&value.to_string(), most)
}

fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(most).collect();
    short.push('…');
    short
}
