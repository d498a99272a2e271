//! What can be wrong with a description, reported so that it can be corrected.

use std::fmt;

use crate::location::Location;
use crate::printable::printable;
use crate::rule::{Level, Rule};

/// One thing that is wrong in a file: where, what, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// How much it stops.
    pub level: Level,
    /// The kind of problem, for those of a description.
    pub rule: Option<Rule>,
    /// The place, when one is known.
    pub location: Option<Location>,
    /// JSON pointer into the document, empty for the root.
    pub pointer: String,
    /// What is wrong, a lower-case fragment.
    pub what: String,
    /// What to do, a sentence.
    pub help: Option<String>,
}

impl Problem {
    /// A problem at a place.
    pub fn new(location: Option<Location>, pointer: impl Into<String>, what: impl Into<String>) -> Self {
        Self {
            level: Level::Error,
            rule: None,
            location,
            pointer: pointer.into(),
            what: what.into(),
            help: None,
        }
    }

    /// A problem that is not at any place in a file.
    pub fn say(what: impl Into<String>) -> Self {
        Self::new(None, "", what)
    }

    /// The same problem as one of a kind, which says how much it stops.
    #[must_use]
    pub fn under(mut self, rule: Rule) -> Self {
        self.rule = Some(rule);
        self.level = rule.level();
        self
    }

    /// The same problem with advice.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(location) = &self.location {
            write!(f, "{}: ", printable(&location.to_string()))?;
        }
        if let Some(rule) = self.rule {
            write!(f, "{}[{rule}]: ", self.level)?;
        }
        f.write_str(&printable(&self.what))?;
        if !self.pointer.is_empty() {
            write!(f, " (at {})", printable(&self.pointer))?;
        }
        if let Some(help) = &self.help {
            write!(f, "\n  help: {}", printable(help))?;
        }
        Ok(())
    }
}

/// A description that does not load: every problem found, in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct LoadError {
    /// What was being loaded: a path, or a name for something built in.
    pub subject: String,
    /// At least one.
    pub problems: Vec<Problem>,
}

impl LoadError {
    /// An error of one problem.
    pub fn one(subject: impl Into<String>, problem: Problem) -> Self {
        Self { subject: subject.into(), problems: vec![problem] }
    }

    /// The same error, with problems that have no kind of their own put under one.
    pub(crate) fn under(mut self, rule: Rule) -> Self {
        for problem in self.problems.iter_mut().filter(|problem| problem.rule.is_none()) {
            *problem = problem.clone().under(rule);
        }
        self
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "failed to load {}", printable(&self.subject))?;
        for problem in &self.problems {
            write!(f, "\n{problem}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_of_a_file_reaches_the_terminal_as_an_instruction() {
        let problem = Problem::new(None, "/a\u{1b}[2J", "b\nerror: c\u{202e}").with_help("d\u{9b}");
        assert_eq!(
            LoadError::one("e\u{7}", problem).to_string(),
            "failed to load e\\u{7}\nb\\nerror: c\\u{202e} (at /a\\u{1b}[2J)\n  help: d\\u{9b}"
        );
    }
}
