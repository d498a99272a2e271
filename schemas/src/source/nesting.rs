//! Whether a text in YAML costs more than a description may, before it is read: how deep it is, and what its aliases repeat.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser};

use super::limits::{DEPTH, REPEATED_BYTES, REPEATED_VALUES};

/// Brackets that a text opens and does not close, at the most, whatever they stand in.
const MOST_BRACKETS: usize = 2_000;

/// Where it is too much, and what.
pub(super) type TooMuch = ((usize, usize), String);

/// A part of the text that is open, or one that an alias may name.
#[derive(Clone, Copy, Default)]
struct Part {
    anchor: usize,
    values: usize,
    bytes: usize,
    depth: usize,
}

impl Part {
    fn add(&mut self, other: Self) {
        self.values = self.values.saturating_add(other.values);
        self.bytes = self.bytes.saturating_add(other.bytes);
        self.depth = self.depth.max(other.depth + 1);
    }
}

/// Refuses a text that is too deep, or whose aliases repeat too much.
pub(super) fn check(text: &str) -> Result<(), TooMuch> {
    // A level may take no column of its own: half as many as there may be are looked at.
    if reaches(text, DEPTH / 2, true).is_none() && !may_repeat(text) {
        return Ok(());
    }
    // The scanner looks ahead to the end of what is open, at a cost that grows with the square of it.
    if let Some(at) = reaches(text, DEPTH, true) {
        walk(text.get(..at).unwrap_or_default())?;
    }
    let Some(at) = reaches(text, MOST_BRACKETS, false) else { return walk(text) };
    let before = text.get(..at).unwrap_or_default();
    walk(before)?;
    let line_start = before.rfind('\n').map_or(0, |end| end + 1);
    let place = (before.matches('\n').count() + 1, before[line_start..].chars().count());
    Err((place, format!("more than {MOST_BRACKETS} brackets are open")))
}

/// Goes over the parts of a text, as far as it can be read.
fn walk(text: &str) -> Result<(), TooMuch> {
    let mut open: Vec<Part> = Vec::new();
    let mut anchors: HashMap<usize, Part> = HashMap::new();
    let mut repeated = Part::default();
    for event in Parser::new_from_str(text) {
        // What cannot be read is told by the reader, in its own words.
        let Ok((event, span)) = event else { break };
        let at = (span.start.line(), span.start.col() + 1);
        let done = match event {
            Event::Scalar(content, _, anchor, _) => {
                Part { anchor, values: 1, bytes: content.len(), depth: 0 }
            }
            Event::Alias(anchor) => {
                let meant = anchors.get(&anchor).copied().unwrap_or_default();
                repeated.add(Part { depth: 0, ..meant });
                if repeated.values > REPEATED_VALUES || repeated.bytes > REPEATED_BYTES {
                    let what = format!(
                        "aliases repeat more than {REPEATED_VALUES} values or {} MB",
                        REPEATED_BYTES >> 20
                    );
                    return Err((at, what));
                }
                Part { anchor: 0, ..meant }
            }
            Event::SequenceStart(anchor, _) | Event::MappingStart(anchor, _) => {
                open.push(Part { anchor, values: 1, ..Part::default() });
                if open.len() > DEPTH {
                    return Err((at, too_deep()));
                }
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => open.pop().unwrap_or_default(),
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => continue,
        };
        if done.anchor > 0 {
            anchors.insert(done.anchor, done);
        }
        if open.len() + done.depth > DEPTH {
            return Err((at, too_deep()));
        }
        if let Some(around) = open.last_mut() {
            around.add(done);
        }
    }
    Ok(())
}

fn too_deep() -> String {
    format!("values stand more than {DEPTH} levels deep in each other")
}

/// Whether a text may have an anchor and an alias.
fn may_repeat(text: &str) -> bool {
    let marked = |mark: char| {
        text.match_indices(mark).any(|(at, _)| {
            let before = text[..at].chars().next_back().unwrap_or(' ');
            let after = text[at + 1..].chars().next().unwrap_or(' ');
            (before.is_whitespace() || "[,{:".contains(before)) && !after.is_whitespace()
        })
    };
    marked('*') && marked('&')
}

/// Where a text may have so many levels: by its brackets, whatever they stand in, and by what its lines begin with, if
/// that is to count.
fn reaches(text: &str, most: usize, lines: bool) -> Option<usize> {
    let mut brackets = 0_usize;
    let mut leading = 0_usize;
    let mut in_leading = true;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'[' | b'{' => brackets += 1,
            b']' | b'}' => brackets = brackets.saturating_sub(1),
            _ => {}
        }
        match byte {
            b'\n' => (leading, in_leading) = (0, true),
            b' ' | b'-' | b'?' | b':' if in_leading => leading += usize::from(lines),
            _ => in_leading = false,
        }
        // A level takes a bracket, or a column of the indentation.
        if brackets + leading > most {
            return Some(at + 1);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn what(text: &str) -> Option<String> {
        check(text).err().map(|(_, what)| what)
    }

    #[test]
    fn depth_is_bounded_however_it_is_written() {
        let deep =
            |open: &str, close: &str, times| format!("a: {}1{}", open.repeat(times), close.repeat(times));
        for (open, close) in [("[", "]"), ("{a: ", "}")] {
            assert_eq!(what(&deep(open, close, DEPTH - 1)), None, "{open}");
            assert_eq!(what(&deep(open, close, DEPTH)), Some(too_deep()), "{open}");
        }
        assert_eq!(what(&"[".repeat(1_000_000)), Some(too_deep()), "what is never closed as well");
        assert_eq!(what(&format!("a:\n {}1", "- ".repeat(DEPTH + 1))), Some(too_deep()));
        let lines: Vec<String> = (0..=DEPTH).map(|level| format!("{}a:", " ".repeat(level))).collect();
        assert_eq!(what(&lines.join("\n")), Some(too_deep()));
        assert_eq!(what(&format!("a: '{}'", "[".repeat(1_000))), None, "a text is no level");
        let brackets = format!("a: '{}'\n", "[".repeat(1_000_000));
        assert!(what(&brackets).is_some_and(|what| what.contains("brackets")));
    }

    #[test]
    fn an_alias_stands_for_all_that_its_anchor_holds() {
        let list = |values: usize, aliases: usize| {
            format!("a: &a [{}]\nb: [{}]\n", vec!["1"; values].join(", "), vec!["*a"; aliases].join(", "))
        };
        assert_eq!(what(&list(999, REPEATED_VALUES / 1_000)), None);
        assert!(what(&list(999, REPEATED_VALUES / 1_000 + 1)).is_some_and(|what| what.contains("aliases")));
        let text = format!("a: &a {}\nb: [{}]\n", "x".repeat(1 << 20), vec!["*a"; 65].join(", "));
        assert!(what(&text).is_some_and(|what| what.contains("64 MB")));
        let mut laughs = vec!["a0: &a0 [1, 2]".to_owned()];
        laughs.extend((1..40).map(|level| format!("a{level}: &a{level} [*a{0}, *a{0}]", level - 1)));
        assert!(what(&laughs.join("\n")).is_some(), "aliases of aliases");
        let mut chain = vec!["a0: &a0 [1]".to_owned()];
        chain.extend((1..=DEPTH).map(|level| format!("a{level}: &a{level} [*a{}]", level - 1)));
        assert_eq!(what(&chain.join("\n")), Some(too_deep()), "levels count through aliases");
    }
}
