//! For a comment on a pull request.

use std::io::{self, Write};

use super::fold::{Folded, folded, largest_first, some};
use super::words;
use crate::review::change::Seen;
use crate::review::comparison::Review;
use crate::review::join::Outcome;
use crate::review::verdict::Verdict;
use crate::shown::letters;

/// Most bytes of a comment: GitHub takes 65,536 letters.
const MOST: usize = 65_000;
/// What is kept of that for what stands around the changes.
const KEPT: usize = 4_000;
/// Most operations, and most fingerprints, that are named of one change.
const NAMED: usize = 10;

/// Writes a comparison as Markdown: the verdict, what breaks, and the rest to be opened. It fits into a comment: what most
/// operations see comes first, and what no longer fits is counted.
pub fn print(review: &Review, to: &mut dyn Write) -> io::Result<()> {
    let sign = match (review.has_failed(), review.groups.breaking + review.groups.unclear) {
        (true, _) => "❌",
        (false, 0) => "✅",
        (false, _) => "⚠️",
    };
    writeln!(to, "### {sign} {}\n", words::verdict(review).1)?;
    write!(
        to,
        "**{}** from {} to {}",
        words::counts(review),
        code(&review.base.name),
        code(&review.head.name)
    )?;
    if let Some(advice) = &review.advice {
        write!(to, " · {}", escaped(&words::version(advice)))?;
    }
    writeln!(to, "\n")?;
    let mut end = Vec::new();
    operations(review, &mut end)?;
    for notice in review.notices.iter().take(NAMED) {
        writeln!(end, "> {}\n", escaped(notice))?;
    }
    if end.len() > MOST / 4 {
        end.clear();
        writeln!(
            end,
            "> The operations against their records no longer fit here; `--format json` has them.\n"
        )?;
    }
    let mut left = MOST - KEPT - end.len();
    let (open, accepted): (Vec<_>, Vec<_>) =
        folded(&review.changes).into_iter().partition(|one| one.first.accepted.is_none());
    for verdict in Verdict::ALL {
        let ones: Vec<&Folded<'_>> = open.iter().filter(|one| one.first.verdict == verdict).collect();
        section(verdict.as_str(), ones, verdict != Verdict::Allowed, &mut left, to)?;
    }
    section("accepted", accepted.iter().collect(), false, &mut left, to)?;
    to.write_all(&end)
}

/// Contract against behaviour.
fn operations(review: &Review, to: &mut dyn Write) -> io::Result<()> {
    if review.operations.is_empty() {
        return Ok(());
    }
    writeln!(to, "| | behaviour moved | behaviour as it was |\n|---|---|---|")?;
    let names = |outcome: Outcome| {
        let names: Vec<String> = review.of(outcome).map(|line| code(&line.operation)).collect();
        if names.is_empty() { "–".to_owned() } else { names.join(", ") }
    };
    writeln!(
        to,
        "| **the contract says so** | delivered: {} | undelivered: {} |",
        names(Outcome::Delivered),
        names(Outcome::Undelivered)
    )?;
    let still = review.of(Outcome::Nothing).count();
    writeln!(to, "| **the contract does not** | drift: {} | {still} operations |\n", names(Outcome::Drift))
}

fn section(
    word: &str,
    ones: Vec<&Folded<'_>>,
    open: bool,
    left: &mut usize,
    to: &mut dyn Write,
) -> io::Result<()> {
    if ones.is_empty() {
        return Ok(());
    }
    let state = if open { " open" } else { "" };
    writeln!(to, "<details{state}>\n<summary><b>{} {word}</b></summary>\n", ones.len())?;
    let count = ones.len();
    for (index, one) in largest_first(ones).into_iter().enumerate() {
        let entry = entry(one);
        if entry.len() > *left {
            // What is smaller no longer comes either: the order says what matters.
            *left = 0;
            writeln!(to, "- … and {} more that no longer fit here", count - index)?;
            break;
        }
        *left -= entry.len();
        to.write_all(entry.as_bytes())?;
    }
    writeln!(to, "\n</details>\n")
}

fn entry(one: &Folded<'_>) -> String {
    let change = one.first;
    let mut operations = vec![change.operation.as_ref().map(|_| code(&words::operation(change)))];
    let others = one.others();
    operations.extend(others.iter().take(NAMED).map(|name| Some(code(name))));
    let mut operations = operations.into_iter().flatten().collect::<Vec<_>>().join(", ");
    if let more @ 1.. = others.len().saturating_sub(NAMED) {
        operations = format!("{operations} and {more} more");
    }
    let subject = [operations, escaped(&change.subject)].join(" ");
    let side = if change.side == Seen::Base { ", as it was" } else { "" };
    let accepted = change.accepted.as_ref();
    let accepted =
        accepted.map_or_else(String::new, |reason| format!("  <br>Accepted: {}\n", escaped(reason)));
    format!(
        "- **{}** {} {}\n  <br>{}\n{accepted}  <br><sub>{}{side} · {}</sub>\n",
        change.rule,
        subject.trim(),
        escaped(&words::values(change)),
        escaped(&change.why),
        code(&change.place),
        some(&one.prints(), NAMED, " ")
    )
}

/// Text in which nothing is read as Markdown or HTML.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in letters(text).chars() {
        match letter {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '\n' | '\r' => escaped.push(' '),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '@' => {
                escaped.push('\\');
                escaped.push(letter);
            }
            other => escaped.push(other),
        }
    }
    escaped
}

/// Text in a fixed width.
pub(super) fn code(text: &str) -> String {
    format!("<code>{}</code>", escaped(text))
}
