//! For a comment on a pull request.

use std::io::{self, Write};

use super::fold::{Folded, folded};
use super::words;
use crate::review::change::Seen;
use crate::review::comparison::Review;
use crate::review::join::Outcome;
use crate::review::verdict::Verdict;

/// Writes a comparison as Markdown: a summary, what breaks, and the rest to be opened.
pub fn print(review: &Review, to: &mut dyn Write) -> io::Result<()> {
    let title = match (review.has_failed(), review.changes.is_empty()) {
        (true, _) => "❌ The change breaks clients",
        (false, true) => "✅ No change for clients",
        (false, false) => "✅ The change keeps the promise",
    };
    writeln!(to, "### {title}\n")?;
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
    let (open, accepted): (Vec<_>, Vec<_>) =
        folded(&review.changes).into_iter().partition(|one| one.first.accepted.is_none());
    for verdict in Verdict::ALL {
        let ones: Vec<&Folded<'_>> = open.iter().filter(|one| one.first.verdict == verdict).collect();
        section(verdict.as_str(), &ones, verdict == Verdict::Breaking, to)?;
    }
    section("accepted", &accepted.iter().collect::<Vec<_>>(), false, to)?;
    if !review.operations.is_empty() {
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
        writeln!(
            to,
            "| **the contract does not** | drift: {} | {still} operations |\n",
            names(Outcome::Drift)
        )?;
    }
    for notice in &review.notices {
        writeln!(to, "> {}\n", escaped(notice))?;
    }
    Ok(())
}

fn section(word: &str, ones: &[&Folded<'_>], open: bool, to: &mut dyn Write) -> io::Result<()> {
    if ones.is_empty() {
        return Ok(());
    }
    let state = if open { " open" } else { "" };
    writeln!(to, "<details{state}>\n<summary><b>{} {word}</b></summary>\n", ones.len())?;
    for one in ones {
        let change = one.first;
        let mut operations = change.operation.iter().map(|name| code(name)).collect::<Vec<_>>();
        operations.extend(one.others().into_iter().map(code));
        let subject = [operations.join(", "), escaped(&change.subject)].join(" ");
        writeln!(to, "- **{}** {} {}", change.rule, subject.trim(), escaped(&words::values(change)))?;
        let side = if change.side == Seen::Base { ", as it was" } else { "" };
        writeln!(to, "  <br>{}", escaped(&change.why))?;
        if let Some(reason) = &change.accepted {
            writeln!(to, "  <br>Accepted: {}", escaped(reason))?;
        }
        writeln!(to, "  <br><sub>{}{side} · {}</sub>", code(&change.place), one.prints())?;
    }
    writeln!(to, "\n</details>\n")
}

/// Text in which nothing is read as Markdown or HTML.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
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
fn code(text: &str) -> String {
    format!("<code>{}</code>", escaped(text))
}
