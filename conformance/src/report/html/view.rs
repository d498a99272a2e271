//! What the page shows, ready to be filled in.

use indexmap::IndexMap;
use serde::Serialize;

use crate::findings::{Coverage, Figures, Summary};
use crate::findings::{Finding, StepLine};
use crate::findings::{LawVerdict, Report, Verdict};
use crate::law;
use crate::report::words;

/// What the page shows.
#[derive(Debug, Serialize)]
pub(super) struct View<'a> {
    title: String,
    word: &'static str,
    mark: &'static str,
    report: &'a Report,
    summary: Summary,
    seconds: String,
    findings: Vec<FindingView<'a>>,
    operations: Vec<&'a str>,
    families: Vec<Family>,
    not_judged: Vec<Reason>,
    coverage: Option<&'a Coverage>,
    figures: Option<Figures>,
    unseen: Vec<Gap>,
}

#[derive(Debug, Serialize)]
struct FindingView<'a> {
    finding: &'a Finding,
    says: &'static str,
    why: &'static str,
    facts: Vec<String>,
    explained: Vec<String>,
    steps: Vec<StepView<'a>>,
}

#[derive(Debug, Serialize)]
struct StepView<'a> {
    request: String,
    body: String,
    response: String,
    step: &'a StepLine,
}

/// Laws of one family, each with a cell for every operation.
#[derive(Debug, Serialize)]
struct Family {
    name: String,
    laws: Vec<Row>,
}

#[derive(Debug, Serialize)]
struct Row {
    law: String,
    says: &'static str,
    /// The verdicts in it, for the filter.
    verdicts: String,
    cells: Vec<Option<Cell>>,
}

#[derive(Debug, Clone, Serialize)]
struct Cell {
    verdict: &'static str,
    sign: &'static str,
    told: String,
    /// The finding with the details.
    finding: Option<String>,
}

/// Laws that were judged nowhere for one reason.
#[derive(Debug, Serialize)]
struct Reason {
    reason: String,
    laws: Vec<String>,
}

/// What of an operation was not met.
#[derive(Debug, Serialize)]
struct Gap {
    operation: String,
    called: bool,
    statuses: Vec<String>,
    sent: Vec<String>,
    parameters: Vec<String>,
    response: Vec<String>,
}

/// What the page shows of a report.
pub(super) fn of(report: &Report) -> View<'_> {
    let (word, mark) = match report.verdict {
        _ if report.interrupted => ("interrupted", "error"),
        Verdict::Pass => ("holds", "pass"),
        Verdict::Fail => ("does not hold", "fail"),
        Verdict::Error => ("could not be judged", "error"),
    };
    let title = report.contract.as_ref().map_or_else(
        || "Conformance".to_owned(),
        |contract| format!("{} {}", contract.title, contract.version),
    );
    let operations = operations(report);
    View {
        title,
        word,
        mark,
        report,
        summary: report.summary,
        seconds: format!("{:.1}", std::time::Duration::from_millis(report.duration_ms).as_secs_f64()),
        findings: report.findings.iter().map(finding).collect(),
        families: families(report, &operations),
        operations,
        not_judged: report
            .not_judged()
            .into_iter()
            .map(|(reason, laws)| Reason {
                reason: reason.to_owned(),
                laws: laws.into_iter().map(str::to_owned).collect(),
            })
            .collect(),
        coverage: report.coverage.as_ref(),
        figures: report.coverage.as_ref().map(Coverage::figures),
        unseen: report.coverage.as_ref().map(gaps).unwrap_or_default(),
    }
}

fn finding(finding: &Finding) -> FindingView<'_> {
    let law = law::by_id(&finding.law);
    FindingView {
        finding,
        says: law.map_or("", |law| law.says),
        why: law.map_or("", |law| law.why),
        facts: words::facts(finding, words::ALL),
        explained: words::explained(finding),
        steps: finding.steps.iter().map(step).collect(),
    }
}

fn step(step: &StepLine) -> StepView<'_> {
    let pretty = |value: &serde_json::Value| match value {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) => text.clone(),
        value => serde_json::to_string_pretty(value).unwrap_or_default(),
    };
    StepView {
        request: format!("{} {}", step.method, step.path),
        body: pretty(&step.body),
        response: pretty(&step.response),
        step,
    }
}

/// The operations in the order of the contract, else in that of the laws.
fn operations(report: &Report) -> Vec<&str> {
    let mut operations: Vec<&str> = Vec::new();
    let stated = report.coverage.iter().flat_map(|coverage| &coverage.operations);
    let judged = report.laws.iter().map(|line| line.operation.as_str());
    for operation in stated.map(|line| line.operation.as_str()).chain(judged) {
        if !operation.is_empty() && !operations.contains(&operation) {
            operations.push(operation);
        }
    }
    operations
}

fn families(report: &Report, operations: &[&str]) -> Vec<Family> {
    let mut lines: IndexMap<&str, IndexMap<&str, Cell>> = IndexMap::new();
    for line in &report.laws {
        let (verdict, sign) = match line.verdict {
            LawVerdict::Passed => ("passed", "✓"),
            LawVerdict::Violated => ("violated", "✗"),
            LawVerdict::NotJudged => ("not judged", "–"),
        };
        let mut told = format!("{} on {}: {verdict}", line.law, line.operation);
        if let Some(reason) = &line.reason {
            told.push_str(": ");
            told.push_str(reason);
        }
        let finding = (line.verdict == LawVerdict::Violated)
            .then(|| report.findings.iter().find(|finding| finding.concerns(line)))
            .flatten()
            .map(|finding| finding.id.clone());
        let cell = Cell { verdict, sign, told, finding };
        lines.entry(&line.law).or_default().insert(&line.operation, cell);
    }
    let mut families: IndexMap<String, Vec<Row>> = IndexMap::new();
    for law in law::catalogue() {
        let Some(cells) = lines.get(law.id) else { continue };
        let mut verdicts: Vec<&str> = cells.values().map(|cell| cell.verdict).collect();
        verdicts.sort_unstable();
        verdicts.dedup();
        families.entry(law.family.to_string()).or_default().push(Row {
            law: law.id.to_owned(),
            says: law.says,
            verdicts: verdicts.join("|"),
            cells: operations.iter().map(|operation| cells.get(operation).cloned()).collect(),
        });
    }
    families.into_iter().map(|(name, laws)| Family { name, laws }).collect()
}

fn gaps(coverage: &Coverage) -> Vec<Gap> {
    let mut gaps = Vec::new();
    for line in &coverage.operations {
        let statuses = line.statuses.iter().filter(|status| status.documented && status.seen == 0);
        let sent = line.request.iter().filter_map(|property| match (property.valid, property.wrong) {
            (0, 0) => Some(property.name.clone()),
            (0, _) => Some(format!("{} (only wrong)", property.name)),
            (_, 0) => Some(format!("{} (never wrong)", property.name)),
            _ => None,
        });
        let parameters = line.parameters.iter().filter(|parameter| parameter.valid + parameter.wrong == 0);
        let gap = Gap {
            operation: line.operation.clone(),
            called: line.requests > 0,
            statuses: statuses.map(|status| status.status.clone()).collect(),
            sent: sent.collect(),
            parameters: parameters.map(|one| format!("{} ({})", one.name, one.location)).collect(),
            response: line
                .response
                .iter()
                .filter(|one| one.seen == 0)
                .map(|property| property.name.clone())
                .collect(),
        };
        let whole = gap.statuses.is_empty() && gap.sent.is_empty() && gap.parameters.is_empty();
        if !(whole && gap.response.is_empty()) {
            gaps.push(gap);
        }
    }
    gaps
}
