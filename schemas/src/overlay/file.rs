//! One overlay: its actions, in their order.

use std::path::Path;

use super::action::Action;
use super::apply::apply;
use super::read;
use crate::error::{LoadError, Problem};
use crate::rule::Rule;
use crate::source::{Document, Files, Parsed};

/// One overlay, and which of its actions have found what they are for.
pub(crate) struct Overlay {
    parsed: Parsed,
    actions: Vec<Action>,
}

impl Overlay {
    /// Reads an overlay.
    pub(crate) fn read(path: &Path, files: &dyn Files) -> Result<Self, LoadError> {
        let (parsed, actions) = read::read(&path.display().to_string(), path, files)?;
        Ok(Self { parsed, actions })
    }

    /// Does what has not found anything so far, in order. A description is met twice: as it is written, and in the words of
    /// OpenAPI 3.1.
    pub(crate) fn apply(&mut self, document: &mut Document) -> Vec<Problem> {
        let mut problems = Vec::new();
        for index in 0..self.actions.len() {
            if !self.actions[index].done {
                problems.extend(apply(&self.parsed, &mut self.actions[index], index, document));
            }
        }
        problems
    }

    /// The actions that found nothing.
    pub(crate) fn idle(&self) -> Vec<Problem> {
        let idle = self.actions.iter().enumerate().filter(|(_, action)| !action.done);
        let told = idle.map(|(index, action)| {
            let at = format!("/actions/{index}/target");
            let what = format!("the target {} selects nothing; the action does nothing", action.shown);
            let help = "Correct the target, or take the action out.";
            Problem::new(Some(self.parsed.locate(&at)), at, what).with_help(help).under(Rule::OverlayIdle)
        });
        told.collect()
    }
}
