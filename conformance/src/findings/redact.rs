//! A report without secrets.

use serde_json::Value;

use super::explained::Explained;
use super::finding::{Finding, Merged, StepLine};
use super::law_line::LawLine;
use super::report::Report;
use super::unjudged_law::UnjudgedLaw;
use crate::http::Redactor;
use crate::session::Leftover;

/// Letters of an answer that is not JSON in a report.
const LONGEST_TEXT: usize = 600;

impl Report {
    /// The same without secrets.
    pub(crate) fn redacted(self, redactor: &Redactor) -> Self {
        // Every field is named, so that a new one is not forgotten.
        let Self {
            version,
            verdict,
            target,
            seed,
            tag,
            requests,
            throttled,
            duration_ms,
            leftovers,
            left,
            contract,
            shard,
            baseline,
            interrupted,
            summary,
            findings,
            laws,
            unjudged,
            coverage,
            error,
        } = self;
        Self {
            version,
            verdict,
            target: redactor.clean(target),
            seed,
            tag,
            requests,
            throttled,
            duration_ms,
            leftovers,
            left: left.into_iter().map(|left| leftover(left, redactor)).collect(),
            contract,
            shard,
            baseline,
            interrupted,
            summary,
            findings: findings.into_iter().map(|one| finding(one, redactor)).collect(),
            laws: laws.into_iter().map(|line| law_line(line, redactor)).collect(),
            unjudged: unjudged
                .into_iter()
                .map(|law| UnjudgedLaw { reason: redactor.clean(law.reason), ..law })
                .collect(),
            coverage,
            error: error.map(|error| redactor.clean(error)),
        }
    }
}

fn leftover(left: Leftover, redactor: &Redactor) -> Leftover {
    let Leftover { resource, id, reason } = left;
    Leftover { resource, id: redactor.clean(id), reason: redactor.clean(reason) }
}

fn law_line(line: LawLine, redactor: &Redactor) -> LawLine {
    let LawLine { law, operation, verdict, requests, reason, lost } = line;
    let reason = reason.map(|reason| redactor.clean(reason));
    LawLine { law, operation, verdict, requests, reason, lost }
}

fn finding(finding: Finding, redactor: &Redactor) -> Finding {
    // The rest is of the contract and the catalogue of laws.
    let explained = |one: Explained| Explained { message: redactor.clean(one.message), ..one };
    Finding {
        explains: finding.explains.into_iter().map(explained).collect(),
        merged: finding.merged.into_iter().map(|one| merged(one, redactor)).collect(),
        message: redactor.clean(finding.message),
        curl: redactor.clean(finding.curl),
        class: redactor.clean(finding.class),
        steps: finding.steps.into_iter().map(|line| step(line, redactor)).collect(),
        ..finding
    }
}

fn merged(one: Merged, redactor: &Redactor) -> Merged {
    let Merged { operation, message, steps, curl } = one;
    Merged {
        operation,
        message: redactor.clean(message),
        steps: steps.into_iter().map(|line| step(line, redactor)).collect(),
        curl: redactor.clean(curl),
    }
}

fn step(line: StepLine, redactor: &Redactor) -> StepLine {
    let StepLine {
        method,
        path,
        headers,
        caller,
        mut body,
        status,
        expected,
        expectation,
        mut response,
        here,
    } = line;
    redactor.value(&mut body);
    redactor.value(&mut response);
    if let Value::String(text) = &mut response
        && let Some((end, _)) = text.char_indices().nth(LONGEST_TEXT)
    {
        text.truncate(end);
        text.push('…');
    }
    let headers = headers.into_iter().map(|(name, value)| {
        let value = redactor.header(&name, &value);
        (redactor.clean(name), value)
    });
    StepLine {
        method,
        path: redactor.clean(path),
        headers: headers.collect(),
        caller,
        body,
        status,
        expected,
        expectation: redactor.clean(expectation),
        response,
        here,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::Severity;

    #[test]
    fn a_long_text_is_cut_and_json_is_not() {
        let mut finding = Finding::sample("1", "a-law", Severity::Violation);
        let mut report = Report::new("http://target", 1, "tag");
        let responses =
            |report: Report| report.redacted(&Redactor::default()).findings[0].steps[0].response.clone();
        finding.steps[0].response = Value::String("é".repeat(LONGEST_TEXT + 1));
        report.findings = vec![finding.clone()];
        assert_eq!(responses(report.clone()), Value::String("é".repeat(LONGEST_TEXT) + "…"));
        finding.steps[0].response = serde_json::json!({"a": "é".repeat(LONGEST_TEXT + 1)});
        report.findings = vec![finding.clone()];
        assert_eq!(responses(report), finding.steps[0].response);
    }
}
