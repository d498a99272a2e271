//! What a reviewer leaves out, and verdicts of their own.

use std::str::FromStr;

use super::change::Change;
use super::rules;
use super::verdict::Verdict;
use crate::contract::matches;

/// What is left out of a review: changes of some paths, tags or rules. `*` is any text, `?` any letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exclusion {
    part: Part,
    pattern: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Path,
    Tag,
    Rule,
}

impl FromStr for Exclusion {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (part, pattern) = match text.split_once('=') {
            Some(("path", pattern)) => (Part::Path, pattern),
            Some(("tag", pattern)) => (Part::Tag, pattern),
            Some(("rule", pattern)) => (Part::Rule, pattern),
            _ => return Err("write path=PATTERN, tag=PATTERN or rule=PATTERN".to_owned()),
        };
        if pattern.is_empty() {
            return Err("the pattern is empty".to_owned());
        }
        if part == Part::Rule && !rules::all().any(|rule| matches(pattern, rule.id)) {
            return Err("it matches no rule; `conformance diff --rules` lists them".to_owned());
        }
        Ok(Self { part, pattern: pattern.to_owned() })
    }
}

impl std::fmt::Display for Exclusion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let part = match self.part {
            Part::Path => "path",
            Part::Tag => "tag",
            Part::Rule => "rule",
        };
        write!(f, "{part}={}", self.pattern)
    }
}

impl Exclusion {
    fn excludes(&self, change: &Change) -> bool {
        match self.part {
            Part::Path => {
                let path = change.call.as_deref().and_then(|call| call.rsplit(' ').next());
                path.is_some_and(|path| matches(&self.pattern, path))
            }
            Part::Tag => change.tags.iter().any(|tag| matches(&self.pattern, tag)),
            Part::Rule => matches(&self.pattern, &change.rule),
        }
    }
}

/// Leaves changes out; gives a sentence for each exclusion, also where it left nothing out.
pub(super) fn exclude(changes: &mut Vec<Change>, exclusions: &[Exclusion]) -> Vec<String> {
    let mut notices = Vec::new();
    for exclusion in exclusions {
        let before = changes.len();
        changes.retain(|change| !exclusion.excludes(change));
        notices.push(match before - changes.len() {
            0 => format!("exclude {exclusion} leaves nothing out"),
            1 => format!("exclude {exclusion} leaves 1 change out"),
            count => format!("exclude {exclusion} leaves {count} changes out"),
        });
    }
    notices
}

/// Another verdict for all changes of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Severity {
    rule: &'static str,
    verdict: Verdict,
}

impl FromStr for Severity {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (id, word) = text.split_once('=').ok_or("write RULE=breaking, RULE=unclear or RULE=allowed")?;
        let verdict = Verdict::ALL.into_iter().find(|verdict| verdict.as_str() == word);
        let verdict = verdict.ok_or_else(|| format!("{word} is none of breaking, unclear and allowed"))?;
        let rule = rules::find(id).ok_or_else(|| {
            let near = schemas::nearest(id, rules::all().map(|rule| rule.id));
            let near = near.map_or_else(String::new, |near| format!("; did you mean {near}?"));
            format!("there is no rule {id}{near}")
        })?;
        Ok(Self { rule: rule.id, verdict })
    }
}

impl Severity {
    /// Gives the changes of the rule its verdict.
    pub(super) fn apply(&self, changes: &mut [Change]) {
        for change in changes.iter_mut().filter(|change| change.rule == self.rule) {
            if change.verdict != self.verdict {
                change.why = format!("{} By choice {}, not {}.", change.why, self.verdict, change.verdict);
                change.verdict = self.verdict;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_misspelt_is_refused_with_what_to_write() {
        let why = |text: &str| text.parse::<Exclusion>().expect_err(text);
        assert!(why("paths=/a").contains("path=PATTERN"));
        assert!(why("path=").contains("empty"));
        assert!(why("rule=no-such-*").contains("matches no rule"));
        let why = |text: &str| text.parse::<Severity>().expect_err(text);
        assert!(why("operation-moved").contains("RULE=breaking"));
        assert!(why("operation-moved=bad").contains("none of breaking"));
        assert!(why("operation-move=allowed").contains("did you mean operation-moved?"));
    }
}
