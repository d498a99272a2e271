//! The report as CI servers read it.

use quick_junit::{NonSuccessKind, Report as Document, TestCase, TestCaseStatus, TestSuite, XmlString};

use super::words;
use crate::findings::{Finding, Severity};
use crate::findings::{LawLine, LawVerdict, Report};
use crate::shown::letters;

/// The suite of what concerns the run as a whole.
const RUN: &str = "conformance";
/// The suite of laws that were met on no operation.
const NOWHERE: &str = "(no operation)";

/// The report as JUnit XML: a suite per operation, a case per law. What is not judged is skipped with its reason;
/// findings that fail nothing stand in the output of their case.
pub fn junit(report: &Report, strict: bool) -> String {
    let mut document = Document::new(RUN);
    if let Some(suite) = whole(report) {
        document.add_test_suite(suite);
    }
    let mut operations: Vec<&str> = Vec::new();
    for line in &report.laws {
        if !operations.contains(&line.operation.as_str()) {
            operations.push(&line.operation);
        }
    }
    for operation in operations {
        let name = if operation.is_empty() { NOWHERE } else { operation };
        let mut suite = TestSuite::new(safe(name));
        for line in report.laws.iter().filter(|line| line.operation == operation) {
            suite.add_test_case(case(report, line, name, strict));
        }
        document.add_test_suite(suite);
    }
    // It is written into memory, which does not fail.
    document.to_string().unwrap_or_default()
}

/// What concerns the run as a whole: that it could not judge, that it was interrupted, laws that had to be judged.
fn whole(report: &Report) -> Option<TestSuite> {
    let mut suite = TestSuite::new(RUN);
    let mut add = |name: &str, kind, message: &str| {
        let mut status = TestCaseStatus::non_success(kind);
        status.set_message(safe(message)).set_type("run");
        let mut case = TestCase::new(safe(name), status);
        case.set_classname(RUN);
        suite.add_test_case(case);
    };
    if let Some(error) = &report.error {
        add("the target can be judged", NonSuccessKind::Error, error);
    }
    if report.interrupted {
        add("the run is not interrupted", NonSuccessKind::Error, "interrupted: the rest was not judged");
    }
    for unmet in &report.unjudged {
        let name = format!("{} is judged", unmet.law);
        let message = format!("{} ({}) was not judged: {}", unmet.law, unmet.pattern, unmet.reason);
        add(&name, NonSuccessKind::Failure, &message);
    }
    (suite.tests > 0).then_some(suite)
}

fn case(report: &Report, line: &LawLine, operation: &str, strict: bool) -> TestCase {
    let fails = |finding: &&Finding| {
        !finding.baselined
            && match finding.severity {
                Severity::Violation => true,
                Severity::Warning => strict,
                Severity::Note => false,
            }
    };
    let about: Vec<&Finding> = report.findings.iter().filter(|finding| finding.concerns(line)).collect();
    let status = match (about.iter().find(|finding| fails(finding)), line.verdict) {
        (Some(finding), _) => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status
                .set_type(finding.severity.as_str())
                .set_message(safe(&message(finding, line)))
                .set_description(safe(&story(finding)));
            status
        }
        (None, LawVerdict::NotJudged) => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(safe(line.reason.as_deref().unwrap_or("nothing exercised it")));
            status
        }
        (None, LawVerdict::Passed | LawVerdict::Violated) => TestCaseStatus::success(),
    };
    let mut case = TestCase::new(safe(&line.law), status);
    case.set_classname(safe(operation));
    let told: Vec<String> = about
        .iter()
        .filter(|finding| !fails(finding))
        .map(|finding| {
            let known = if finding.baselined { ", known to the baseline" } else { "" };
            format!("{}{known}: {}\n{}", finding.severity.as_str(), message(finding, line), story(finding))
        })
        .collect();
    if !told.is_empty() {
        case.set_system_out(safe(&told.join("\n")));
    }
    case
}

fn message(finding: &Finding, line: &LawLine) -> String {
    if finding.law == line.law {
        finding.message.clone()
    } else {
        format!("broken along with {}: {}", finding.law, finding.message)
    }
}

fn story(finding: &Finding) -> String {
    let mut facts = words::facts(finding, words::ALL);
    facts.push(format!("finding {}", finding.id));
    let explained = words::explained(finding);
    let explained: Vec<String> = explained.iter().map(|told| format!("explains {told}\n")).collect();
    let explained = explained.concat();
    format!(
        "{}\n{}\n{}\n{explained}{}\n",
        finding.contract,
        words::steps(finding),
        facts.join(" · "),
        finding.curl
    )
}

fn safe(text: &str) -> XmlString {
    XmlString::new(letters(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(finding: Finding, law: &str) -> Report {
        let mut report = Report::new("http://target", 1, "tag");
        report.laws = vec![LawLine {
            law: law.to_owned(),
            operation: "create-thing".to_owned(),
            verdict: LawVerdict::Violated,
            requests: 1,
            reason: None,
            lost: None,
        }];
        report.findings = vec![finding];
        report
    }

    #[test]
    fn only_what_fails_the_run_is_a_failure() {
        for (severity, baselined, strict, fails) in [
            (Severity::Violation, false, false, true),
            (Severity::Violation, true, false, false),
            (Severity::Warning, false, false, false),
            (Severity::Warning, false, true, true),
            (Severity::Note, false, true, false),
        ] {
            let finding = Finding { baselined, ..Finding::sample("1", "a-law", severity) };
            let xml = junit(&report(finding, "a-law"), strict);
            assert_eq!(xml.contains("<failure"), fails, "{severity:?} {baselined} {strict}: {xml}");
            assert_eq!(xml.contains("<system-out"), !fails, "{severity:?} {baselined} {strict}: {xml}");
        }
    }

    #[test]
    fn a_law_that_another_brings_down_fails_with_it() {
        let finding = Finding {
            also_laws: vec!["b-law".to_owned()],
            ..Finding::sample("1", "a-law", Severity::Violation)
        };
        let xml = junit(&report(finding, "b-law"), false);
        assert!(xml.contains("message=\"broken along with a-law: a-law is broken\""), "{xml}");
    }
}
