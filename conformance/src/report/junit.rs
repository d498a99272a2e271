//! The report as CI servers read it.

use std::fmt::Write as _;

use super::finding::Severity;
use super::report::{LawVerdict, Report};

/// The report as JUnit XML: a suite per operation, a case per law.
pub fn junit(report: &Report, strict: bool) -> String {
    let mut operations: Vec<&str> = Vec::new();
    for line in &report.laws {
        if !operations.contains(&line.operation.as_str()) {
            operations.push(&line.operation);
        }
    }
    let mut xml =
        String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"conformance\">\n");
    for operation in operations {
        let lines: Vec<_> = report.laws.iter().filter(|line| line.operation == operation).collect();
        let mut cases = String::new();
        let (mut failures, mut skipped) = (0, 0);
        for line in &lines {
            let _ = write!(
                cases,
                "    <testcase classname=\"{}\" name=\"{}\"",
                escaped(operation),
                escaped(&line.law)
            );
            let broken = report.findings.iter().find(|finding| {
                let here =
                    finding.operation == operation || finding.also.iter().any(|also| also == operation);
                let fails = finding.severity == Severity::Violation
                    || (strict && finding.severity == Severity::Warning);
                finding.law == line.law && here && fails
            });
            match (broken, line.verdict) {
                (Some(finding), _) => {
                    failures += 1;
                    let text = format!("{}\n{}\n\n{}", finding.message, finding.contract, finding.curl);
                    let _ = writeln!(
                        cases,
                        "><failure type=\"{}\" message=\"{}\">{}</failure></testcase>",
                        finding.severity.as_str(),
                        escaped(&finding.message),
                        escaped(&text)
                    );
                }
                (None, LawVerdict::NotJudged) => {
                    skipped += 1;
                    let _ = writeln!(
                        cases,
                        "><skipped message=\"{}\"/></testcase>",
                        escaped(line.reason.as_deref().unwrap_or("not exercised"))
                    );
                }
                (None, LawVerdict::Passed | LawVerdict::Violated) => cases.push_str("/>\n"),
            }
        }
        let _ = writeln!(
            xml,
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{failures}\" skipped=\"{skipped}\">",
            escaped(operation),
            lines.len()
        );
        xml.push_str(&cases);
        xml.push_str("  </testsuite>\n");
    }
    xml.push_str("</testsuites>\n");
    xml
}

/// For attributes and text; what XML cannot hold becomes a question mark.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(letter),
            letter if letter.is_control() || ('\u{fffe}'..='\u{ffff}').contains(&letter) => out.push('?'),
            letter => out.push(letter),
        }
    }
    out
}
