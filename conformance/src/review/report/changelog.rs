//! For the changelog of the API: what clients have to know, by what it means to them.

use std::io::{self, Write};

use super::fold::{Folded, folded};
use super::markdown::{code, escaped};
use super::words;
use crate::review::comparison::Review;
use crate::review::verdict::Verdict;

/// Writes a section of a changelog in Markdown. What was accepted is told as well: clients meet it all the same.
pub fn print(review: &Review, to: &mut dyn Write) -> io::Result<()> {
    match &review.advice {
        Some(advice) if advice.base == advice.head => writeln!(to, "## {}\n", escaped(&advice.head))?,
        Some(advice) => writeln!(to, "## {} (from {})\n", escaped(&advice.head), escaped(&advice.base))?,
        None => writeln!(to, "## {} → {}\n", escaped(&review.base.name), escaped(&review.head.name))?,
    }
    let all = folded(&review.changes);
    if all.is_empty() {
        return writeln!(to, "Nothing changes for clients.");
    }
    for (verdict, title) in [
        (Verdict::Breaking, "Breaking"),
        (Verdict::Unclear, "To be looked at"),
        (Verdict::Allowed, "Compatible"),
    ] {
        let ones: Vec<&Folded<'_>> = all.iter().filter(|one| one.first.verdict == verdict).collect();
        if ones.is_empty() {
            continue;
        }
        writeln!(to, "### {title}\n")?;
        for one in ones {
            let change = one.first;
            let calls = one.calls().into_iter().map(code).collect::<Vec<_>>().join(", ");
            let calls = if calls.is_empty() { "The whole API".to_owned() } else { calls };
            // That an operation is there or not is said by its name.
            let is_all = change.subject.is_empty() && (change.before.is_none() || change.after.is_none());
            let values = if is_all { String::new() } else { words::values(change) };
            let parts: Vec<String> = [change.subject.as_str(), values.as_str()]
                .into_iter()
                .filter(|part| !part.is_empty())
                .map(escaped)
                .collect();
            let about = if parts.is_empty() { String::new() } else { format!(": {}", parts.join(" ")) };
            writeln!(to, "- {calls}: {}{about}", escaped(&change.says))?;
        }
        writeln!(to)?;
    }
    Ok(())
}
