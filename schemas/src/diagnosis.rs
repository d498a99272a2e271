//! What is wrong with a description, written for people and for programs.

use std::fmt::Write as _;
use std::str::FromStr;

use serde_json::{Value, json};

use crate::error::Problem;
use crate::rule::Level;

/// How problems are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DiagnosisFormat {
    /// A line each, with the advice below it, and a count at the end.
    #[default]
    Text,
    /// One JSON object with all of them, and the counts.
    Json,
    /// Annotations of a GitHub job.
    Github,
}

impl FromStr for DiagnosisFormat {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            "github" => Ok(Self::Github),
            _ => Err("it is text, json or github".to_owned()),
        }
    }
}

impl std::fmt::Display for DiagnosisFormat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Github => "github",
        })
    }
}

/// Every problem of a description, written in a format. `subject` is the name of its file, `operations` how many of them are
/// played.
pub fn diagnosis(
    problems: &[Problem],
    subject: &str,
    operations: Option<usize>,
    format: DiagnosisFormat,
) -> String {
    let count = |level: Level| problems.iter().filter(|problem| problem.level == level).count();
    let (errors, skipped, notices) = (count(Level::Error), count(Level::Skipped), count(Level::Notice));
    match format {
        DiagnosisFormat::Text => {
            let mut text = String::new();
            for problem in problems {
                let _ = writeln!(text, "{problem}");
            }
            let loads = operations
                .map_or_else(|| "does not load".to_owned(), |count| format!("loads with {count} operations"));
            let _ =
                writeln!(text, "{subject} {loads}: {errors} errors, {skipped} skipped, {notices} notices");
            text
        }
        DiagnosisFormat::Json => {
            let whole = json!({
                "file": subject,
                "loads": operations.is_some(),
                "operations": operations,
                "errors": errors,
                "skipped": skipped,
                "notices": notices,
                "problems": problems.iter().map(one).collect::<Value>(),
            });
            format!("{whole:#}\n")
        }
        DiagnosisFormat::Github => {
            let lines: Vec<String> = problems.iter().map(|problem| annotation(problem, subject)).collect();
            if lines.is_empty() { String::new() } else { lines.join("\n") + "\n" }
        }
    }
}

fn one(problem: &Problem) -> Value {
    let place = problem.location.as_ref();
    json!({
        "level": problem.level.as_str(),
        "rule": problem.rule.map(crate::rule::Rule::id),
        "file": place.map(|place| &*place.file),
        "line": place.map(|place| place.line),
        "column": place.map(|place| place.column),
        "pointer": problem.pointer,
        "what": problem.what,
        "help": problem.help,
    })
}

fn annotation(problem: &Problem, subject: &str) -> String {
    let data = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let property = |text: &str| data(text).replace(':', "%3A").replace(',', "%2C");
    let word = match problem.level {
        Level::Error => "error",
        Level::Skipped => "warning",
        Level::Notice => "notice",
    };
    let place = match &problem.location {
        Some(place) => format!("file={},line={},col={},", property(&place.file), place.line, place.column),
        None => format!("file={},", property(subject)),
    };
    let rule = problem.rule.map_or("description", crate::rule::Rule::id);
    let help = problem.help.as_ref().map(|help| format!("\n{help}")).unwrap_or_default();
    format!("::{word} {place}title={}::{}", property(rule), data(&format!("{}{help}", problem.what)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::Rule;

    #[test]
    fn each_format_has_the_place_the_rule_and_the_advice() {
        let document = crate::Document::from_text("a.yaml", "openapi: 3.1.0\npaths: {}\n").expect("valid");
        let problem = document.problem("/paths", "50% wrong").with_help("Do.").under(Rule::PathForm);
        let text = diagnosis(std::slice::from_ref(&problem), "a.yaml", Some(2), DiagnosisFormat::Text);
        assert_eq!(
            text,
            "a.yaml:2:1: skipped[path-form]: 50% wrong (at /paths)\n  help: Do.\na.yaml loads with 2 operations: 0 \
             errors, 1 skipped, 0 notices\n"
        );
        let json = diagnosis(std::slice::from_ref(&problem), "a.yaml", None, DiagnosisFormat::Json);
        let json: Value = serde_json::from_str(&json).expect("JSON");
        assert_eq!(json["problems"][0]["rule"], "path-form");
        assert_eq!((&json["loads"], &json["problems"][0]["line"]), (&json!(false), &json!(2)));
        let line = diagnosis(&[problem], "a.yaml", None, DiagnosisFormat::Github);
        assert_eq!(line, "::warning file=a.yaml,line=2,col=1,title=path-form::50%25 wrong%0ADo.\n");
    }
}
