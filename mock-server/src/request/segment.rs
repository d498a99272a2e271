//! One segment of a path template.

use super::parameters::decode_path;

/// A part of a segment.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Literal(String),
    Parameter,
}

/// A segment: text, a parameter, or several of both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Segment(Vec<Part>);

impl Segment {
    /// A segment as the template writes it.
    pub(super) fn new(text: &str) -> Self {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, (_, after))) =
            rest.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?)))
        {
            if !before.is_empty() {
                parts.push(Part::Literal(decode_path(before).into_owned()));
            }
            parts.push(Part::Parameter);
            rest = after;
        }
        if !rest.is_empty() || parts.is_empty() {
            parts.push(Part::Literal(decode_path(rest).into_owned()));
        }
        Self(parts)
    }

    /// A segment without parameters, whatever its characters.
    pub(super) fn literal(text: &str) -> Self {
        Self(vec![Part::Literal(decode_path(text).into_owned())])
    }

    /// The text of a segment without parameters.
    pub(super) fn as_literal(&self) -> Option<&str> {
        match self.0.as_slice() {
            [Part::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// How much of it is text; of equal ones, fewer parameters say more.
    pub(super) fn literalness(&self) -> (usize, std::cmp::Reverse<usize>) {
        let text = |part: &Part| match part {
            Part::Literal(text) => text.len(),
            Part::Parameter => 0,
        };
        (self.0.iter().map(text).sum(), std::cmp::Reverse(self.0.len()))
    }

    /// Whether a decoded segment of a request fits; its values are added. A value has at least one character, and ends where the
    /// text after it first occurs.
    pub(super) fn fit(&self, text: &str, values: &mut Vec<String>) -> bool {
        let length = values.len();
        let fits = fit(&self.0, text, values);
        if !fits {
            values.truncate(length);
        }
        fits
    }
}

fn fit(parts: &[Part], text: &str, values: &mut Vec<String>) -> bool {
    match parts {
        [] => text.is_empty(),
        [Part::Literal(literal), rest @ ..] => {
            text.strip_prefix(literal.as_str()).is_some_and(|text| fit(rest, text, values))
        }
        [Part::Parameter] => {
            values.push(text.to_owned());
            !text.is_empty()
        }
        [Part::Parameter, rest @ ..] => {
            let length = values.len();
            text.char_indices().skip(1).map(|(end, _)| end).chain([text.len()]).filter(|end| *end > 0).any(
                |end| {
                    values.truncate(length);
                    values.push(text[..end].to_owned());
                    // Nothing but the text that comes next can end the value.
                    starts(rest, &text[end..]) && fit(rest, &text[end..], values)
                },
            )
        }
    }
}

fn starts(parts: &[Part], text: &str) -> bool {
    match parts.first() {
        Some(Part::Literal(literal)) => text.starts_with(literal.as_str()),
        Some(Part::Parameter) | None => true,
    }
}
