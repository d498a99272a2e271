//! Two schemas side by side.

use schemas::{Side, Standing, pointer};
use serde_json::Value;

use super::equal::Documents;
use super::standings::{Context, Contexts};
use super::view::{Start, View};
use crate::review::found::Found;
use crate::review::rule::Rule;

/// Two schemas to be compared below these.
#[derive(Debug)]
pub(in crate::review) struct Below {
    /// The step that leads there: a property's name, `*` for items.
    pub(in crate::review) step: String,
    pub(in crate::review) base: Vec<Start>,
    pub(in crate::review) head: Vec<Start>,
}

/// Two schemas side by side, and what was found about them.
#[derive(Debug)]
pub(in crate::review) struct Pair<'a, 'd> {
    pub(in crate::review) both: Documents<'d>,
    pub(in crate::review) contexts: &'a mut Contexts,
    pub(in crate::review) side: Side,
    pub(in crate::review) base: View<'d>,
    pub(in crate::review) head: View<'d>,
    pub(in crate::review) found: Vec<Found>,
    pub(in crate::review) below: Vec<Below>,
}

impl<'a, 'd> Pair<'a, 'd> {
    pub(in crate::review) fn new(
        both: Documents<'d>,
        contexts: &'a mut Contexts,
        side: Side,
        base: Vec<Start>,
        head: Vec<Start>,
    ) -> Self {
        let base = View::new(both.base, side, base, contexts);
        let head = View::new(both.head, side, head, contexts);
        Self { both, contexts, side, base, head, found: Vec::new(), below: Vec::new() }
    }

    /// The rule for this side of the wire.
    pub(in crate::review) fn pick(&self, request: &'static Rule, response: &'static Rule) -> &'static Rule {
        match self.side {
            Side::Request => request,
            Side::Response => response,
        }
    }

    /// A change of a keyword.
    pub(in crate::review) fn tell(
        &mut self,
        rule: &'static Rule,
        keyword: &str,
        before: Option<Value>,
        after: Option<Value>,
    ) {
        let standing = self.standing_of(keyword, keyword);
        self.tell_as(rule, keyword, before, after, standing);
    }

    /// A change of a keyword that is as sure as given.
    pub(in crate::review) fn tell_as(
        &mut self,
        rule: &'static Rule,
        keyword: &str,
        before: Option<Value>,
        after: Option<Value>,
        standing: Standing,
    ) {
        let found = Found::new(rule, keyword)
            .values(before, after)
            .was_at(self.base.place_of(keyword))
            .now_at(self.head.place_of(keyword))
            .standing(standing);
        self.found.push(found);
    }

    /// How sure the statement about a keyword was; where there was none, how sure the new one is.
    pub(in crate::review) fn standing_of(&self, keyword: &str, stated_by: &str) -> Standing {
        let context = match (self.base.stated(stated_by), self.head.stated(stated_by)) {
            (Some((part, _)), _) | (None, Some((part, _))) => part.context,
            (None, None) => self.base.context,
        };
        self.contexts.of(context, keyword)
    }

    /// How sure a property is, by what is said around and at it.
    pub(in crate::review) fn standing_at(
        &mut self,
        of_head: bool,
        starts: &[Start],
        keyword: &str,
    ) -> Standing {
        let document = if of_head { self.both.head } else { self.both.base };
        let standings = starts.iter().map(|start| {
            let mut at = start.pointer.clone();
            let mut context = start.context;
            for _ in 0..32 {
                let Some(value) = document.get(&at) else { break };
                context = self.contexts.within(context, value);
                match value.get("$ref").and_then(Value::as_str).and_then(pointer::of_reference) {
                    Some(target) => at = target,
                    None => break,
                }
            }
            self.contexts.of(context, keyword)
        });
        standings.min().unwrap_or_default()
    }

    /// Has two schemas compared that stand below these; where one is missing there is nothing to compare.
    pub(in crate::review) fn descend(&mut self, step: impl Into<String>, base: Vec<Start>, head: Vec<Start>) {
        if !base.is_empty() && !head.is_empty() {
            self.below.push(Below { step: step.into(), base, head });
        }
    }

    /// The context of the innermost part on each side.
    pub(in crate::review) fn own_contexts(&self) -> (Context, Context) {
        (self.base.own, self.head.own)
    }
}
