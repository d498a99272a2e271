//! One page, for whoever reviews a change in a browser.

use std::io::{self, Write};

use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, Value, context};
use serde::Serialize;

use super::fold::{Folded, folded, largest_first};
use super::words;
use crate::review::change::Seen;
use crate::review::comparison::Review;
use crate::review::verdict::Verdict;

const PAGE: &str = include_str!("page.html");

/// A section of the page.
#[derive(Serialize)]
struct Section {
    word: &'static str,
    entries: Vec<Entry>,
}

/// A change, and all the operations that see it.
#[derive(Serialize)]
struct Entry {
    rule: String,
    operations: Vec<String>,
    subject: String,
    values: String,
    says: String,
    why: String,
    place: String,
    was: bool,
    accepted: Option<String>,
    prints: Vec<String>,
}

/// Writes a comparison as one HTML page without anything outside of it, and without scripts.
pub fn print(review: &Review, to: &mut dyn Write) -> io::Result<()> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    let (open, accepted): (Vec<_>, Vec<_>) =
        folded(&review.changes).into_iter().partition(|one| one.first.accepted.is_none());
    let mut sections: Vec<Section> = Verdict::ALL
        .into_iter()
        .map(|verdict| {
            let ones = open.iter().filter(|one| one.first.verdict == verdict).collect();
            section(verdict.as_str(), ones)
        })
        .collect();
    sections.push(section("accepted", accepted.iter().collect()));
    sections.retain(|section| !section.entries.is_empty());
    let operations: Vec<(&str, &str)> =
        review.operations.iter().map(|line| (line.operation.as_str(), line.outcome.as_str())).collect();
    let values = context! {
        word => words::verdict(review).0,
        says => words::verdict(review).1,
        failed => review.has_failed(),
        counts => words::counts(review),
        base => &review.base.name,
        head => &review.head.name,
        version => review.advice.as_ref().map(words::version),
        notices => &review.notices,
        sections => Value::from(Serde(&sections)),
        operations => Value::from(Serde(&operations)),
    };
    // The template is part of the program and its values are plain: a test renders all of it.
    let page = environment
        .render_named_str("page.html", PAGE, values)
        .unwrap_or_else(|error| format!("<!doctype html><title>conformance</title><p>{error}"));
    to.write_all(page.as_bytes())
}

fn section(word: &'static str, ones: Vec<&Folded<'_>>) -> Section {
    Section { word, entries: largest_first(ones).into_iter().map(entry).collect() }
}

fn entry(one: &Folded<'_>) -> Entry {
    let change = one.first;
    let own = change.operation.as_ref().map(|_| words::operation(change));
    Entry {
        rule: change.rule.clone(),
        operations: own.into_iter().chain(one.others().into_iter().map(str::to_owned)).collect(),
        subject: change.subject.clone(),
        values: words::values(change),
        says: words::capital(&change.says),
        why: change.why.clone(),
        place: change.place.clone(),
        was: change.side == Seen::Base,
        accepted: change.accepted.clone(),
        prints: one.prints().into_iter().map(str::to_owned).collect(),
    }
}
