//! Where in a text each JSON pointer stands.

use std::collections::HashMap;
use std::fmt::Write as _;

use saphyr_parser::{Event, Parser};

use crate::pointer;

/// The places of a text: pointer to line and column, both counted from one.
#[derive(Debug, Default)]
pub(crate) struct Places {
    known: HashMap<String, (usize, usize)>,
    /// Pointers at which an alias stands, with the pointer of its anchor.
    aliases: HashMap<String, String>,
}

impl Places {
    /// The place of the pointer or of its nearest known ancestor. Below an alias it is a place below the anchor.
    pub(crate) fn nearest(&self, pointer: &str) -> (usize, usize) {
        let beyond_alias = pointer::ancestors(pointer).skip(1).find_map(|ancestor| {
            let anchor = self.aliases.get(ancestor)?;
            let meant = format!("{anchor}{}", &pointer[ancestor.len()..]);
            (self.known.contains_key(&meant) || self.aliases.contains_key(&meant))
                .then(|| self.nearest(&meant))
        });
        beyond_alias
            .or_else(|| pointer::ancestors(pointer).find_map(|candidate| self.known.get(candidate)).copied())
            .unwrap_or((1, 1))
    }
}

enum Frame {
    Sequence { pointer: String, next: usize },
    Mapping { pointer: String, key: Option<String> },
}

/// Scans YAML, of which JSON is a part. Where the scanner gives up, what it saw till then is kept.
pub(crate) fn places(text: &str) -> Places {
    // The scanner wants spaces for indentation; JSON may bring tabs, one column each.
    let json = text.trim_start().starts_with(['{', '[']);
    let text = if json { without_pairs(&text.replace('\t', " ")) } else { text.to_owned() };
    let mut places = Places::default();
    let mut stack: Vec<Frame> = Vec::new();
    let mut anchors: HashMap<usize, String> = HashMap::new();
    for event in Parser::new_from_str(&text) {
        let Ok((event, span)) = event else { break };
        let at = (span.start.line(), span.start.col() + 1);
        match event {
            Event::Scalar(content, ..) => {
                if let Some(Frame::Mapping { pointer, key: key @ None }) = stack.last_mut() {
                    places.known.insert(pointer::join(pointer, &content), at);
                    *key = Some(content.into_owned());
                } else {
                    enter(&mut stack, &mut places, at);
                }
            }
            Event::Alias(anchor) => {
                if let Some(Frame::Mapping { key: key @ None, .. }) = stack.last_mut() {
                    // An alias as a key: nobody writes it, but the walk must keep step.
                    *key = Some(String::new());
                } else {
                    let pointer = enter(&mut stack, &mut places, at);
                    if let Some(meant) = anchors.get(&anchor) {
                        places.aliases.insert(pointer, meant.clone());
                    }
                }
            }
            Event::SequenceStart(anchor, _) => {
                let pointer = enter(&mut stack, &mut places, at);
                anchors.insert(anchor, pointer.clone());
                stack.push(Frame::Sequence { pointer, next: 0 });
            }
            Event::MappingStart(anchor, _) => {
                let pointer = enter(&mut stack, &mut places, at);
                anchors.insert(anchor, pointer.clone());
                stack.push(Frame::Mapping { pointer, key: None });
            }
            Event::SequenceEnd | Event::MappingEnd => {
                stack.pop();
            }
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => {}
        }
    }
    places
}

/// JSON escapes a letter beyond the first 65,536 as a pair of halves, YAML as one: `\ud83d\ude00` is `\U0001f600`.
fn without_pairs(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        written.push_str(before);
        let half = |from: usize| u16::from_str_radix(escape.get(from..from + 4)?, 16).ok();
        let pair = escape.starts_with("\\u").then(|| half(2)).flatten();
        let pair = pair.zip(escape.get(6..8).filter(|next| *next == "\\u").and_then(|_| half(8)));
        let letter = pair.and_then(|(high, low)| char::decode_utf16([high, low]).next()?.ok());
        // Another escape is kept as it is, with what it escapes: that may be a backslash.
        let length = if let Some(letter) = letter.filter(|letter| u32::from(*letter) > 0xffff) {
            let _ = write!(written, "\\U{:08x}", u32::from(letter));
            12
        } else {
            let length = 1 + escape.chars().nth(1).map_or(0, char::len_utf8);
            written.push_str(&escape[..length]);
            length
        };
        rest = &escape[length..];
    }
    written.push_str(rest);
    written
}

/// The pointer of the value that begins now; a mapping's value keeps the place of its key.
fn enter(stack: &mut [Frame], places: &mut Places, at: (usize, usize)) -> String {
    match stack.last_mut() {
        None => {
            places.known.insert(String::new(), at);
            String::new()
        }
        Some(Frame::Sequence { pointer, next }) => {
            let here = format!("{pointer}/{next}");
            *next += 1;
            places.known.insert(here.clone(), at);
            here
        }
        Some(Frame::Mapping { pointer, key }) => {
            let here = pointer::join(pointer, &key.take().unwrap_or_default());
            places.known.entry(here.clone()).or_insert(at);
            here
        }
    }
}
