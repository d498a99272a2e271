//! What GitHub shows of a run: annotations beside the contract, and a summary of the job.

use std::fmt::Write as _;

use super::place;
use super::words;
use crate::findings::{Finding, Severity};
use crate::findings::{Report, Verdict};
use crate::shown::{letters, line, lines};

/// GitHub shows ten annotations of a kind for each step.
const MOST_ANNOTATIONS: usize = 10;
/// GitHub refuses summaries of a mebibyte and more.
const LONGEST_SUMMARY: usize = 512 << 10;

/// The findings as workflow commands, the most severe first. What the baseline knows is left to the summary.
pub fn github_annotations(report: &Report, strict: bool) -> String {
    let mut text = String::new();
    if let Some(error) = &report.error {
        let _ = writeln!(text, "::error title=conformance::{}", data(error));
    }
    for unmet in &report.unjudged {
        let message = format!("{} ({}) was not judged: {}", unmet.law, unmet.pattern, unmet.reason);
        let _ = writeln!(text, "::error title=conformance::{}", data(&message));
    }
    for severity in [Severity::Violation, Severity::Warning, Severity::Note] {
        let command = match severity {
            Severity::Violation => "error",
            Severity::Warning if strict => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        let of_kind =
            report.findings.iter().filter(|finding| finding.severity == severity && !finding.baselined);
        for finding in of_kind.take(MOST_ANNOTATIONS) {
            let _ = writeln!(text, "::{command} {}", annotation(finding));
        }
    }
    text
}

fn annotation(finding: &Finding) -> String {
    let (file, row, column) = words::place(&finding.contract);
    let title = format!("{}[{}] {}", finding.severity.as_str(), finding.law, finding.operation);
    let message = format!("{}\n{}\n{}", finding.message, words::steps(finding), finding.curl);
    format!(
        "file={},line={row},col={column},title={}::{}",
        property(&place::relative(file)),
        property(&title),
        data(&message)
    )
}

/// The message of a workflow command.
fn data(text: &str) -> String {
    lines(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a workflow command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// The run in Markdown, for the summary of a job.
pub fn github_summary(report: &Report) -> String {
    let (mark, word) = match report.verdict {
        _ if report.interrupted => ("⚠️", "was interrupted"),
        Verdict::Pass => ("✅", "holds"),
        Verdict::Fail => ("❌", "does not hold"),
        Verdict::Error => ("⚠️", "could not be judged"),
    };
    let mut text = match &report.contract {
        Some(contract) => {
            format!("## {mark} {} {} {word}\n\n", markdown(&contract.title), markdown(&contract.version))
        }
        None => format!("## {mark} The contract {word}\n\n"),
    };
    let summary = &report.summary;
    text.push_str(
        "| violations | warnings | notes | baselined | laws passed | not judged | requests | left behind |\n",
    );
    text.push_str("|---:|---:|---:|---:|---:|---:|---:|---:|\n");
    let _ = writeln!(
        text,
        "| {} | {} | {} | {} | {} | {} | {} | {} |\n",
        summary.violations,
        summary.warnings,
        summary.notes,
        summary.baselined,
        summary.laws_passed,
        summary.laws_not_judged,
        report.requests,
        report.leftovers
    );
    let _ = writeln!(text, "Target {}, seed {}.\n", markdown(&report.target), report.seed);
    if let Some(error) = &report.error {
        let _ = writeln!(text, "{}", fenced(error));
    }
    for unmet in &report.unjudged {
        let _ = writeln!(
            text,
            "- {} had to be judged ({}) and was not: {}",
            markdown(&unmet.law),
            markdown(&unmet.pattern),
            markdown(&unmet.reason)
        );
    }
    if let Some(coverage) = &report.coverage {
        let figures = coverage.figures();
        let _ = writeln!(
            text,
            "Covered: {} operations, {} stated statuses, {} request properties sent valid and {} sent wrong, {} parameters, {} response properties.\n",
            figures.operations,
            figures.statuses,
            figures.sent_valid,
            figures.sent_wrong,
            figures.parameters,
            figures.response
        );
    }
    for (index, finding) in report.findings.iter().enumerate() {
        let told = details(finding);
        if text.len() + told.len() > LONGEST_SUMMARY {
            let _ = writeln!(text, "… and {} more findings.", report.findings.len() - index);
            break;
        }
        text.push_str(&told);
    }
    text
}

fn details(finding: &Finding) -> String {
    let facts = words::facts(finding, words::ALL);
    let explained = words::explained(finding);
    let explained: Vec<String> =
        explained.iter().map(|told| format!("- explains {}\n", markdown(told))).collect();
    format!(
        "<details><summary>{} <code>{}</code> {}: {}</summary>\n\n{} · finding <code>{}</code>{}{}\n\n{}{}{}\n{}\n</details>\n\n",
        finding.severity.as_str(),
        markdown(&finding.law),
        markdown(&finding.operation),
        markdown(&finding.message),
        markdown(&finding.contract),
        markdown(&finding.id),
        if facts.is_empty() { "" } else { " · " },
        markdown(&facts.join(" · ")),
        explained.concat(),
        if explained.is_empty() { "" } else { "\n" },
        fenced(&words::steps(finding)),
        fenced(&finding.curl)
    )
}

/// A text in Markdown and HTML that means nothing but itself.
fn markdown(text: &str) -> String {
    line(text).chars().fold(String::with_capacity(text.len()), |mut out, letter| {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '@' => {
                let _ = write!(out, "&#{};", u32::from(letter));
            }
            letter => out.push(letter),
        }
        out
    })
}

/// A block of code, fenced with more backticks than are in it.
fn fenced(text: &str) -> String {
    let (mut longest, mut run) = (2, 0);
    for letter in text.chars() {
        run = if letter == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let (fence, text) = ("`".repeat(longest + 1), letters(text));
    format!("{fence}text\n{}\n{fence}\n", text.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(findings: Vec<Finding>) -> Report {
        let mut report = Report::new("http://target", 1, "tag");
        report.verdict = Verdict::Fail;
        report.findings = findings;
        report
    }

    #[test]
    fn ten_annotations_of_a_kind_are_told_and_none_that_the_baseline_knows() {
        let many =
            |severity| (0..12).map(move |number| Finding::sample(&format!("{number}"), "a-law", severity));
        let mut findings: Vec<Finding> = many(Severity::Violation).chain(many(Severity::Warning)).collect();
        findings.push(Finding { baselined: true, ..Finding::sample("known", "b-law", Severity::Note) });
        let report = report(findings);
        let told = |strict: bool| {
            let text = github_annotations(&report, strict);
            ["::error ", "::warning ", "::notice "]
                .map(|command| text.lines().filter(|line| line.starts_with(command)).count())
        };
        assert_eq!(told(false), [10, 10, 0]);
        assert_eq!(told(true), [20, 0, 0]);
        let first = github_annotations(&report, false);
        let first = first.lines().next().expect("a line");
        assert!(
            first.starts_with(
                "::error file=api.yaml,line=3,col=4,title=violation[a-law] create-thing::a-law is broken%0A1"
            ),
            "{first}"
        );
    }

    #[test]
    fn a_summary_ends_before_github_refuses_it() {
        let long = |number: usize| Finding {
            curl: "x".repeat(100_000),
            ..Finding::sample(&format!("{number}"), "a-law", Severity::Violation)
        };
        let text = github_summary(&report((0..20).map(long).collect()));
        assert!(text.len() < LONGEST_SUMMARY + 100, "{}", text.len());
        assert!(text.ends_with("… and 15 more findings.\n"), "{}", &text[text.len() - 60..]);
    }

    #[test]
    fn commands_hold_what_would_end_them() {
        assert_eq!(data("100%\r\n::error::a,b\u{1b}"), "100%25\\r%0A\\u{3a}:error::a,b\\u{1b}");
        assert_eq!(property("a:b,c\n%"), "a%3Ab%2Cc%0A%25");
    }

    #[test]
    fn a_fence_is_longer_than_what_it_holds() {
        assert_eq!(fenced("a ```` b\n"), "`````text\na ```` b\n`````\n");
    }

    #[test]
    fn markdown_means_nothing_but_itself() {
        assert_eq!(markdown("<b>|`a`\n"), "&lt;b&gt;&#124;&#96;a&#96;&#92;n");
    }
}
