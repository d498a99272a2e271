//! Findings in plain words, for reports that hold text.

use std::fmt::Write as _;

use serde_json::Value;

use crate::findings::{Finding, StepLine};
use crate::shown::line;

/// The steps, a line each: what was sent, what came, what should have.
pub(super) fn steps(finding: &Finding) -> String {
    let mut text = String::new();
    for (index, step) in finding.steps.iter().enumerate() {
        let _ = write!(text, "{}  {}   {}", index + 1, request(step), step.came());
        if !step.expectation.is_empty() {
            let _ = write!(text, "   expected {}", step.expectation);
        }
        if step.here {
            text.push_str("   <- here");
        }
        text.push('\n');
        if step.here && !step.response.is_null() {
            let _ = writeln!(text, "   {}", shortened(&step.response.to_string(), 400));
        }
    }
    text
}

/// What a finding explains, a line each.
pub(super) fn explained(finding: &Finding) -> Vec<String> {
    let told = finding.explains.iter();
    let mut lines: Vec<String> =
        told.map(|one| format!("{} on {}: {}", one.law, one.operation, one.message)).collect();
    if finding.explains_more > 0 {
        lines.push(format!("and {} more", finding.explains_more));
    }
    lines
}

/// No list is cut.
pub(super) const ALL: usize = usize::MAX - 1;

/// What is known of a finding besides its steps; of each list no more than `most` names are shown.
pub(super) fn facts(finding: &Finding, most: usize) -> Vec<String> {
    let listed = |names: &[String]| match names.get(..most).filter(|_| names.len() > most + 1) {
        Some(first) => format!("{} and {} more", first.join(", "), names.len() - most),
        None => names.join(", "),
    };
    let mut facts = Vec::new();
    if finding.of_repeats > 0 {
        let flaky = if finding.confirmed { "" } else { " (flaky)" };
        facts.push(format!("{} of {} repeats{flaky}", finding.repeats, finding.of_repeats));
    } else if !finding.confirmed {
        facts.push("not repeated".to_owned());
    }
    if finding.cases > 1 {
        facts.push(format!("{} cases", finding.cases));
    }
    if !finding.also.is_empty() {
        facts.push(format!("also {}", listed(&finding.also)));
    }
    if !finding.also_fields.is_empty() {
        facts.push(format!("also of {}", listed(&finding.also_fields)));
    }
    if !finding.also_laws.is_empty() {
        facts.push(format!("with it {}", listed(&finding.also_laws)));
    }
    if finding.baselined {
        facts.push("known to the baseline".to_owned());
    }
    facts
}

/// A number and what it counts.
pub(super) fn counted(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// A request in one line.
pub(super) fn request(step: &StepLine) -> String {
    let mut text = format!("{} {}", step.method, step.path);
    match &step.body {
        Value::Null => {}
        Value::String(raw) => {
            let _ = write!(text, " {}", shortened(&line(raw), 120));
        }
        body => {
            let _ = write!(text, " {}", shortened(&body.to_string(), 120));
        }
    }
    for (name, value) in &step.headers {
        let _ = write!(text, " ({name}: {})", shortened(&line(value), 40));
    }
    if let Some(caller) = &step.caller {
        let _ = write!(text, " ({caller})");
    }
    text
}

/// The beginning of a text.
pub(super) fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// A place in the contract: file, line and column.
pub(super) fn place(contract: &str) -> (&str, usize, usize) {
    let mut parts = contract.rsplitn(3, ':');
    let column = parts.next().and_then(|text| text.parse().ok());
    let line = parts.next().and_then(|text| text.parse().ok());
    match (parts.next(), line, column) {
        (Some(file), Some(line), Some(column)) => (file, line, column),
        _ => (contract, 1, 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_is_told_shortly() {
        let mut finding = Finding::sample("1", "a-law", crate::findings::Severity::Note);
        let names = |count: usize| (0..count).map(|number| format!("n{number}")).collect::<Vec<_>>();
        for (count, told) in [(3, "also n0, n1, n2"), (4, "also n0, n1 and 2 more")] {
            finding.also = names(count);
            assert_eq!(facts(&finding, 2), ["3 of 3 repeats", told]);
        }
        assert_eq!(facts(&finding, ALL)[1], "also n0, n1, n2, n3");
    }

    #[test]
    fn a_number_agrees_with_what_it_counts() {
        assert_eq!([counted(0, "law"), counted(1, "law"), counted(2, "law")], ["0 laws", "1 law", "2 laws"]);
    }

    #[test]
    fn a_place_is_read_from_its_end() {
        assert_eq!(place("openapi.yaml:12:3"), ("openapi.yaml", 12, 3));
        assert_eq!(place(r"C:\api\openapi.yaml:12:3"), (r"C:\api\openapi.yaml", 12, 3));
        assert_eq!(place("openapi.yaml"), ("openapi.yaml", 1, 1));
    }

    #[test]
    fn a_text_is_cut_between_letters() {
        assert_eq!(shortened("äöü", 2), "äö…");
        assert_eq!(shortened("äöü", 3), "äöü");
    }
}
