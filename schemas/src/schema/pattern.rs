//! Patterns of ECMA-262, as people write them, for the engine that matches them.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::iter::Peekable;
use std::str::CharIndices;
use std::sync::{Mutex, PoisonError};

use serde_json::json;

/// The longest pattern that is looked at.
const LONGEST: usize = 20_000;

/// The patterns of a description, each looked at once.
#[derive(Debug, Default)]
pub(super) struct Patterns(Mutex<HashMap<String, Option<String>>>);

impl Patterns {
    /// A pattern as the engine reads it; `None` where it is no regular expression, or too large a one.
    pub(super) fn usable(&self, pattern: &str) -> Option<String> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(usable) = known.get(pattern) {
            return usable.clone();
        }
        let usable = usable(pattern);
        known.insert(pattern.to_owned(), usable.clone());
        usable
    }
}

/// A pattern as the engine reads it.
pub(super) fn usable(pattern: &str) -> Option<String> {
    if pattern.len() > LONGEST {
        return None;
    }
    let compiles =
        |pattern: &str| jsonschema::options().offline().build(&json!({ "pattern": pattern })).is_ok();
    if compiles(pattern) {
        return Some(pattern.to_owned());
    }
    let plain = plain(pattern)?;
    compiles(&plain).then_some(plain)
}

/// The same pattern without what ECMA-262 allows beyond other dialects: octal escapes, escapes of characters that need none,
/// braces and brackets that stand for themselves, surrogate pairs.
fn plain(pattern: &str) -> Option<String> {
    let groups = count_groups(pattern);
    let mut result = String::with_capacity(pattern.len() + 16);
    let mut rest = pattern.char_indices().peekable();
    let mut in_class = false;
    while let Some((at, character)) = rest.next() {
        match character {
            '\\' => escape(&mut rest, in_class, groups, &mut result)?,
            '[' if in_class => result.push_str("\\["),
            '[' => {
                let after = &pattern[at + 1..];
                if after.starts_with("^]") {
                    result.push_str("[\\s\\S]");
                    rest.nth(1);
                } else if after.starts_with(']') {
                    result.push_str("(?!)");
                    rest.next();
                } else {
                    in_class = true;
                    result.push('[');
                }
            }
            ']' if in_class => {
                in_class = false;
                result.push(']');
            }
            ']' => result.push_str("\\]"),
            '-' if in_class && beside_class_escape(pattern, at) => result.push_str("\\-"),
            '{' if !in_class && !is_quantifier(&pattern[at..]) => result.push_str("\\{"),
            '}' if !in_class && !closes_quantifier(&pattern[..at]) => result.push_str("\\}"),
            other => result.push(other),
        }
    }
    (!in_class).then_some(result)
}

fn escape(
    rest: &mut Peekable<CharIndices<'_>>,
    in_class: bool,
    groups: usize,
    result: &mut String,
) -> Option<()> {
    let (_, character) = rest.next()?;
    match character {
        'd' | 'D' | 'w' | 'W' | 's' | 'S' | 'b' | 'B' | 'n' | 'r' | 't' | 'f' | 'v' | 'k' | 'p' | 'P'
        | 'c' => {
            // In a class it is a backspace.
            result.push_str(if in_class && character == 'b' { "\\x08" } else { "\\" });
            if !(in_class && character == 'b') {
                result.push(character);
            }
        }
        'A' if !in_class => result.push('^'),
        'Z' | 'z' if !in_class => result.push('$'),
        '0'..='7' => {
            let mut digits = String::from(character);
            while digits.len() < 3 && rest.peek().is_some_and(|(_, next)| ('0'..='7').contains(next)) {
                digits.extend(rest.next().map(|(_, next)| next));
            }
            let refers = digits.parse::<usize>().is_ok_and(|group| group > 0 && group <= groups);
            if refers && !in_class && character != '0' {
                let _ = write!(result, "\\{digits}");
            } else {
                let _ = write!(result, "\\x{{{:x}}}", u32::from_str_radix(&digits, 8).ok()? & 0xff);
            }
        }
        'x' => {
            let _ = match hex(rest, 2) {
                Some(code) => write!(result, "\\x{{{code:x}}}"),
                None => write!(result, "x"),
            };
        }
        'u' => unicode(rest, result)?,
        other if other.is_ascii_alphanumeric() => result.push(other),
        other if other.is_ascii() => {
            if ".^$*+?()[]{}|\\/-&~#".contains(other) && other != '/' {
                result.push('\\');
            }
            result.push(other);
        }
        other => result.push(other),
    }
    Some(())
}

/// `\uXXXX`, `\u{…}` and pairs of surrogates.
fn unicode(rest: &mut Peekable<CharIndices<'_>>, result: &mut String) -> Option<()> {
    if rest.peek().is_some_and(|(_, next)| *next == '{') {
        let digits: String = rest.skip(1).map_while(|(_, next)| (next != '}').then_some(next)).collect();
        let _ = write!(result, "\\x{{{digits}}}");
        return Some(());
    }
    let Some(first) = hex(rest, 4) else {
        result.push('u');
        return Some(());
    };
    if !(0xd800..0xe000).contains(&first) {
        let _ = write!(result, "\\x{{{first:x}}}");
        return Some(());
    }
    // Half of a pair alone is no character that a text can hold.
    (rest.next()?.1 == '\\' && rest.next()?.1 == 'u').then_some(())?;
    let second = hex(rest, 4).filter(|second| (0xdc00..0xe000).contains(second) && first < 0xdc00)?;
    let _ = write!(result, "\\x{{{:x}}}", 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00));
    Some(())
}

fn hex(rest: &mut Peekable<CharIndices<'_>>, count: usize) -> Option<u32> {
    let mut ahead = rest.clone();
    let mut code = 0;
    for _ in 0..count {
        code = code * 16 + ahead.next()?.1.to_digit(16)?;
    }
    *rest = ahead;
    Some(code)
}

fn beside_class_escape(pattern: &str, at: usize) -> bool {
    let is_class = |pair: &str| {
        let mut pair = pair.chars();
        pair.next() == Some('\\') && pair.next().is_some_and(|next| "dDwWsS".contains(next))
    };
    let before = at.checked_sub(2).and_then(|start| pattern.get(start..at)).is_some_and(is_class);
    before || pattern.get(at + 1..at + 3).is_some_and(is_class)
}

/// `{2}`, `{2,}` and `{2,5}`.
fn is_quantifier(text: &str) -> bool {
    let Some((inside, _)) = text.strip_prefix('{').and_then(|rest| rest.split_once('}')) else {
        return false;
    };
    let (least, most) = inside.split_once(',').unwrap_or((inside, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    !least.is_empty() && digits(least) && digits(most)
}

fn closes_quantifier(before: &str) -> bool {
    before.rfind('{').is_some_and(|start| {
        is_quantifier(&format!("{}}}", &before[start..])) && !before[..start].ends_with('\\')
    }) || before
        .rfind("\\p{")
        .or_else(|| before.rfind("\\P{"))
        .is_some_and(|start| !before[start..].contains('}'))
        || before
            .rfind("\\x{")
            .or_else(|| before.rfind("\\u{"))
            .is_some_and(|start| !before[start..].contains('}'))
}

fn count_groups(pattern: &str) -> usize {
    let named =
        |rest: &str| rest.starts_with("(?<") && !rest.starts_with("(?<=") && !rest.starts_with("(?<!");
    pattern
        .match_indices('(')
        .filter(|(at, _)| !pattern[*at..].starts_with("(?") || named(&pattern[*at..]))
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, text: &str) -> bool {
        let usable = usable(pattern).unwrap_or_else(|| panic!("{pattern} is not usable"));
        jsonschema::is_valid(&json!({ "pattern": usable }), &json!(text))
    }

    #[test]
    fn what_ecma_262_allows_is_matched() {
        for (pattern, good, bad) in [
            (r"^[^/:|\000-\037]+$", "abc", "a\u{1}"),
            (r"^[^\w-]$", "!", "-"),
            (r"^[\w-.]+$", "a-b.c", "a b"),
            (r"^(?!bad).*$", "good", "bad"),
            (r"^(?<=^)a$", "a", "b"),
            (r"^\d+$", "12", "\u{0661}"),
            (r"^\@\_\'\:$", "@_':", "x"),
            (r"^{a}$", "{a}", "a"),
            (r"^a]$", "a]", "a"),
            (r"^[^]$", "x", ""),
            (r"^\u00e9$", "é", "e"),
            (r"^\uD83D\uDE00$", "\u{1f600}", "x"),
            (r"^\p{Lu}{2}$", "AB", "ab"),
            (r"^(a)\1$", "aa", "ab"),
            (r"^[a-z&&b]+$", "a&b", "A"),
            (r"^\x41{2}$", "AA", "A"),
            (r"^a{,3}$", "a{,3}", "aa"),
            (r"\Aab\Z", "ab", "abc"),
        ] {
            assert!(matches(pattern, good), "{pattern} {good}");
            assert!(!matches(pattern, bad), "{pattern} {bad}");
        }
    }

    #[test]
    fn what_is_no_pattern_or_too_large_a_one_is_not_used() {
        for pattern in ["(", "[a", "*", "((a{1000}){1000}){1000}", r"\uD83D", "(?<n>a)(?<n>b)"] {
            assert_eq!(usable(pattern), None, "{pattern}");
        }
        assert_eq!(usable(&"a".repeat(LONGEST + 1)), None);
    }
}
