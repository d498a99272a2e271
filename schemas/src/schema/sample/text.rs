//! Texts of a format, a length, a pattern.

use regex_syntax::hir::{Class, Hir, HirKind};
use serde_json::{Map, Value, json};

use crate::schema::pattern;

/// The longest text that is made for a pattern.
const LONGEST: usize = 1 << 16;

/// The plainest text that fits; where none is found, one that fits the length, which is `longest` at the most.
pub(super) fn text(schema: &Map<String, Value>, longest: usize) -> String {
    let length =
        |key: &str| schema.get(key).and_then(Value::as_u64).and_then(|length| usize::try_from(length).ok());
    let least = length("minLength").unwrap_or(0).min(longest);
    let most = length("maxLength").unwrap_or(usize::MAX);
    let format = schema.get("format").and_then(Value::as_str).unwrap_or_default();
    let usual = sized(of_format(format), least, most);
    let Some(pattern) = schema.get("pattern").and_then(Value::as_str) else {
        return usual;
    };
    let Some(pattern) = pattern::usable(pattern) else { return usual };
    let rules = json!({"pattern": pattern, "minLength": least, "maxLength": most});
    let Ok(judge) = jsonschema::options().offline().build(&rules) else {
        return usual;
    };
    let fits = |text: &String| judge.is_valid(&json!(text));
    if fits(&usual) {
        return usual;
    }
    from_pattern(&pattern, least, most).into_iter().find(fits).unwrap_or(usual)
}

fn of_format(format: &str) -> &'static str {
    match format {
        "date-time" => "2026-01-01T00:00:00Z",
        "date" => "2026-01-01",
        "time" => "00:00:00Z",
        "duration" => "P1D",
        "email" | "idn-email" => "user@example.com",
        "uuid" => "00000000-0000-4000-8000-000000000000",
        "uri" | "url" | "iri" => "https://example.com/",
        "uri-reference" | "iri-reference" => "/",
        "hostname" | "idn-hostname" => "example.com",
        "ipv4" => "192.0.2.1",
        "ipv6" => "2001:db8::1",
        "byte" => "AA==",
        "json-pointer" => "/a",
        "relative-json-pointer" => "0",
        _ => "string",
    }
}

fn sized(text: &str, least: usize, most: usize) -> String {
    let short = least.saturating_sub(text.chars().count());
    text.chars().chain(std::iter::repeat_n('a', short)).take(most).collect()
}

/// Texts that a pattern may have been meant for; look-arounds are not looked at.
fn from_pattern(pattern: &str, least: usize, most: usize) -> Vec<String> {
    let mut parser = regex_syntax::ParserBuilder::new().utf8(true).build();
    let Ok(hir) = parser.parse(&without_looks(pattern)) else { return Vec::new() };
    let mut texts = Vec::new();
    let least = least.min(LONGEST);
    for variant in 0..4 {
        for growth in [0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 64, least] {
            let mut maker = Maker { variant, growth, text: String::new(), left: 10_000, chance: None };
            maker.add(&hir);
            let text = maker.text;
            let padded = sized(&text, least, usize::MAX);
            if padded != text {
                texts.push(padded);
            }
            if text.chars().count() <= most {
                texts.push(text);
            }
        }
    }
    texts
}

/// Texts of a pattern that differ from seed to seed.
pub(super) fn varied(pattern: &str, rules: &Value, seed: u64) -> Vec<String> {
    let length =
        |key: &str| rules.get(key).and_then(Value::as_u64).and_then(|length| usize::try_from(length).ok());
    let least = length("minLength").unwrap_or(0).min(LONGEST);
    let Some(pattern) = pattern::usable(pattern) else { return Vec::new() };
    let mut parser = regex_syntax::ParserBuilder::new().utf8(true).build();
    let Ok(hir) = parser.parse(&without_looks(&pattern)) else { return Vec::new() };
    // Many repetitions first: the more characters there are, the more texts differ.
    let made = [20, 12, 8, 4, 2, 1, 0, least].into_iter().map(|growth| {
        let chance = Some(seed.wrapping_mul(31).wrapping_add(growth as u64));
        let mut maker = Maker { variant: 0, growth, text: String::new(), left: 10_000, chance };
        maker.add(&hir);
        maker.text
    });
    made.collect()
}

struct Maker {
    /// Which of several possibilities is taken.
    variant: usize,
    /// How many more than the least number of repetitions are made.
    growth: usize,
    text: String,
    left: usize,
    /// What possibilities are drawn by, where they are drawn.
    chance: Option<u64>,
}

impl Maker {
    /// The possibility that is taken next: the stated one, or one that is drawn (by `SplitMix64`).
    fn which(&mut self, stated: usize) -> usize {
        let Some(chance) = &mut self.chance else { return stated };
        *chance = chance.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = *chance;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) >> 33).unwrap_or_default()
    }

    fn add(&mut self, hir: &Hir) {
        let Some(left) = self.left.checked_sub(1) else { return };
        self.left = left;
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => {}
            HirKind::Literal(literal) => self.text.push_str(&String::from_utf8_lossy(&literal.0)),
            HirKind::Class(class) => {
                // Later variants take another character each time.
                let turn = if self.variant < 2 { 0 } else { self.text.len() * 9 };
                let which = self.which(self.variant * 7 + turn);
                self.text.extend(member(class, which));
            }
            HirKind::Repetition(repetition) => {
                let least = repetition.min as usize;
                let most = repetition.max.map_or(usize::MAX, |most| most as usize);
                for _ in 0..least.saturating_add(self.growth).min(most).min(LONGEST) {
                    self.add(&repetition.sub);
                }
            }
            HirKind::Capture(capture) => self.add(&capture.sub),
            HirKind::Concat(parts) => parts.iter().for_each(|part| self.add(part)),
            HirKind::Alternation(parts) => {
                let which = self.which(self.variant);
                if let Some(part) = parts.get(which % parts.len().max(1)) {
                    self.add(part);
                }
            }
        }
    }
}

/// A character of a class: a letter before a digit before anything else.
fn member(class: &Class, which: usize) -> Option<char> {
    let ranges: Vec<(char, char)> = match class {
        Class::Unicode(class) => class.ranges().iter().map(|range| (range.start(), range.end())).collect(),
        Class::Bytes(class) => {
            class.ranges().iter().map(|range| (char::from(range.start()), char::from(range.end()))).collect()
        }
    };
    let has = |wanted: &char| ranges.iter().any(|(start, end)| (start..=end).contains(&wanted));
    let mut preferred: Vec<char> = ('a'..='z').chain('A'..='Z').chain('0'..='9').filter(has).collect();
    preferred.extend("-_. /".chars().filter(has));
    if preferred.is_empty() {
        preferred.extend(('!'..='~').filter(has));
    }
    let first = ranges.first().map(|(start, _)| *start);
    preferred.get(which % preferred.len().max(1)).copied().or(first)
}

/// A pattern without its look-arounds.
fn without_looks(pattern: &str) -> String {
    let mut result = String::with_capacity(pattern.len());
    let mut rest = pattern;
    while let Some(start) = ["(?=", "(?!", "(?<=", "(?<!"].iter().filter_map(|look| rest.find(look)).min() {
        result.push_str(&rest[..start]);
        let mut depth = 0_usize;
        let mut escaped = false;
        let end = rest[start..].char_indices().find_map(|(at, character)| {
            match character {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '(' => depth += 1,
                ')' => depth -= 1,
                _ => {}
            }
            (depth == 0).then_some(start + at + 1)
        });
        rest = end.map_or("", |end| &rest[end..]);
    }
    result.push_str(rest);
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_fit_patterns_and_lengths() {
        for schema in [
            json!({"pattern": "^[0-9a-f]{6}$"}),
            json!({"pattern": "^[A-Z]{2}-\\d{3,}$", "minLength": 9}),
            json!({"pattern": "^(?!a)[a-z]+$"}),
            json!({"pattern": "^(foo|bar)\\.[^/]+$"}),
            json!({"pattern": "x", "minLength": 5}),
            json!({"pattern": "^\\+?[1-9]\\d{1,14}$"}),
            json!({"pattern": "^$|^[a-z]{3}$", "minLength": 1}),
            json!({"pattern": "^s", "format": "uri", "minLength": 3}),
            json!({"pattern": "^(?=.*[0-9])[a-z0-9]{8}$"}),
        ] {
            let Value::Object(map) = &schema else { unreachable!() };
            let text = text(map, 1_000);
            assert!(jsonschema::is_valid(&schema, &json!(text)), "{schema} {text}");
        }
    }
}
