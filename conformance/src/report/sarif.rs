//! The report as code scanning reads it.

use serde_json::{Value, json};

use super::{place, words};
use crate::findings::{Finding, Severity};
use crate::findings::{Report, Verdict};
use crate::law;
use crate::shown::letters;

/// The report as SARIF 2.1.0: a rule for each law, a result for each finding, at its place in the contract.
pub fn sarif(report: &Report) -> String {
    let rules: Vec<&law::Law> = law::catalogue()
        .filter(|law| {
            report.laws.iter().any(|line| line.law == law.id)
                || report.findings.iter().any(|finding| finding.law == law.id)
        })
        .collect();
    let results: Vec<Value> = report.findings.iter().map(|finding| result(finding, &rules)).collect();
    let not_judged: Vec<&str> = report.not_judged().into_iter().flat_map(|(_, laws)| laws).collect();
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "conformance",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.iter().map(|law| rule(law)).collect::<Vec<_>>(),
            }},
            "automationDetails": {"id": automation(report)},
            "columnKind": "unicodeCodePoints",
            "invocations": [invocation(report)],
            "results": results,
            "properties": {
                "verdict": report.verdict,
                "target": report.target,
                "seed": report.seed,
                "requests": report.requests,
                "notJudged": not_judged,
            },
        }],
    });
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}

/// Results of one shard replace those of the same shard only.
fn automation(report: &Report) -> String {
    report.shard.map_or_else(
        || "conformance/".to_owned(),
        |shard| format!("conformance/shard-{}-of-{}/", shard.index, shard.of),
    )
}

/// Whether the run itself went well, whatever it found.
fn invocation(report: &Report) -> Value {
    let mut told: Vec<Value> = Vec::new();
    let mut tell =
        |level: &str, text: String| told.push(json!({"level": level, "message": {"text": letters(&text)}}));
    if let Some(error) = &report.error {
        tell("error", error.clone());
    }
    if report.interrupted {
        tell("error", "interrupted: the rest was not judged".to_owned());
    }
    for unmet in &report.unjudged {
        tell("error", format!("{} ({}) was not judged: {}", unmet.law, unmet.pattern, unmet.reason));
    }
    for left in &report.left {
        tell("warning", format!("left behind: {} {}: {}", left.resource, left.id, left.reason));
    }
    let fine = report.verdict != Verdict::Error && !report.interrupted;
    json!({"executionSuccessful": fine, "toolExecutionNotifications": told})
}

fn rule(law: &law::Law) -> Value {
    let name: String = law
        .id
        .split('-')
        .map(|word| {
            let mut letters = word.chars();
            letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect::<String>()
        })
        .collect();
    let says = sentence(law.says);
    json!({
        "id": law.id,
        "name": name,
        "shortDescription": {"text": says},
        "fullDescription": {"text": format!("{says} {}", sentence(law.why))},
        "help": {
            "text": format!(
                "{says} {}\n\n`conformance explain {}` shows where the contract states it and what is tried.",
                sentence(law.why), law.id
            ),
            "markdown": format!(
                "{says}\n\n{}\n\n`conformance explain {}` shows where the contract states it and what is tried.",
                sentence(law.why), law.id
            ),
        },
        "properties": {"tags": [law.family.to_string()]},
    })
}

fn result(finding: &Finding, rules: &[&law::Law]) -> Value {
    let (file, line, column) = words::place(&finding.contract);
    let level = match finding.severity {
        Severity::Violation => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let mut facts = words::facts(finding, words::ALL);
    facts.push(format!("finding {}", finding.id));
    let text = format!(
        "{}: {}\n\n{}\n{}\n\nReproduce:\n{}",
        finding.operation,
        finding.message,
        words::steps(finding),
        facts.join(" · "),
        finding.curl
    );
    let mut operations = vec![&finding.operation];
    operations.extend(&finding.also);
    let mut artifact = json!({"uri": place::uri(file)});
    if place::is_relative(file) {
        artifact["uriBaseId"] = json!("%SRCROOT%");
    }
    let mut result = json!({
        "ruleId": finding.law,
        "level": level,
        "message": {"text": letters(&text)},
        "locations": [{
            "physicalLocation": {
                "artifactLocation": artifact,
                "region": {"startLine": line, "startColumn": column},
            },
            "logicalLocations": operations
                .iter()
                .map(|operation| json!({"name": operation, "fullyQualifiedName": operation, "kind": "member"}))
                .collect::<Vec<_>>(),
        }],
        "partialFingerprints": {"conformanceFinding/v1": finding.id},
        "properties": {
            "standing": finding.standing,
            "confirmed": finding.confirmed,
            "pointer": finding.pointer,
            "alsoLaws": finding.also_laws,
        },
    });
    if let Some(index) = rules.iter().position(|law| law.id == finding.law) {
        result["ruleIndex"] = json!(index);
    }
    if finding.baselined {
        result["baselineState"] = json!("unchanged");
        result["suppressions"] = json!([{"kind": "external", "justification": "the baseline knows it"}]);
    }
    result
}

/// With a capital letter and a full stop.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let mut sentence: String =
        letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
    if !sentence.ends_with(['.', '!', '?']) {
        sentence.push('.');
    }
    sentence
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_baseline_knows_is_suppressed() {
        let mut report = Report::new("http://target", 1, "tag");
        report.findings = vec![
            Finding::sample("00000001", "auth-missing", Severity::Violation),
            Finding { baselined: true, ..Finding::sample("00000002", "auth-missing", Severity::Warning) },
        ];
        let sarif: Value = serde_json::from_str(&sarif(&report)).expect("it is JSON");
        let results = &sarif["runs"][0]["results"];
        assert!(results[0].get("suppressions").is_none());
        assert_eq!(results[1]["suppressions"][0]["kind"], "external");
        assert_eq!(sarif["runs"][0]["tool"]["driver"]["rules"][0]["name"], "AuthMissing");
    }

    #[test]
    fn a_sentence_begins_and_ends_as_one() {
        assert_eq!(sentence("every key is asked for"), "Every key is asked for.");
        assert_eq!(sentence("Is it?"), "Is it?");
    }
}
