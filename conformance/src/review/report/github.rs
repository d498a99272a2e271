//! Annotations for a GitHub workflow.

use std::io::{self, Write};

use super::fold::{folded, some};
use super::words;
use crate::review::change::Seen;
use crate::review::comparison::Review;
use crate::review::verdict::Verdict;
use crate::shown::lines;

/// Writes an annotation for each change that is neither allowed nor accepted, and a line of counts.
pub fn print(review: &Review, to: &mut dyn Write) -> io::Result<()> {
    for one in folded(&review.changes) {
        let change = one.first;
        let level = match (change.accepted.is_some(), change.verdict) {
            (true, _) | (_, Verdict::Allowed) => continue,
            (_, Verdict::Breaking) => "error",
            (_, Verdict::Unclear) => "warning",
        };
        let mut others = some(&one.others(), 12, ", ");
        if !others.is_empty() {
            others = format!(" (also {others})");
        }
        // The rule is the title already.
        let told = words::told(change);
        let told = told.strip_prefix(&format!("{}: ", change.rule)).unwrap_or(&told);
        let message = format!("{told}{others}. {}", change.why);
        writeln!(
            to,
            "::{level} {}title={}::{}",
            place(&change.place, change.side),
            property(&change.rule),
            data(&message)
        )?;
    }
    for notice in &review.notices {
        writeln!(to, "::notice::{}", data(notice))?;
    }
    let mut last = words::counts(review);
    if let Some(advice) = &review.advice {
        last = format!("{last}; {}", words::version(advice));
    }
    writeln!(to, "::notice::{}", data(&last))
}

/// File, line and column, as far as they mean something in the checked-out tree: what is gone has no line there.
fn place(place: &str, side: Seen) -> String {
    let mut parts = place.rsplitn(3, ':');
    let (column, line, file) = (parts.next(), parts.next(), parts.next());
    let numbers =
        |text: Option<&str>| text.is_some_and(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    let (file, position) = if numbers(column) && numbers(line) {
        (file.unwrap_or(place), format!("line={},col={},", line.unwrap_or("1"), column.unwrap_or("1")))
    } else {
        (place, String::new())
    };
    // A file of a revision is called REVISION:PATH.
    let (revision, file) = file.split_once(':').map_or((false, file), |(_, path)| (true, path));
    let position = if side == Seen::Base || revision { String::new() } else { position };
    format!("file={},{position}", property(file))
}

fn data(text: &str) -> String {
    lines(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_of_the_checked_out_tree() {
        assert_eq!(place("a/b.yaml:3:7", Seen::Head), "file=a/b.yaml,line=3,col=7,");
        assert_eq!(place("a/b.yaml:3:7", Seen::Base), "file=a/b.yaml,");
        assert_eq!(place("main:a/b.yaml:3:7", Seen::Base), "file=a/b.yaml,");
        assert_eq!(place("records/op/class.snap", Seen::Head), "file=records/op/class.snap,");
        assert_eq!(place("a,b.yaml:1:1", Seen::Head), "file=a%2Cb.yaml,line=1,col=1,");
    }

    #[test]
    fn a_message_cannot_begin_another_command() {
        assert_eq!(data("50%\n::error::x"), "50%25%0A\\u{3a}:error::x");
    }
}
