//! The one way out for texts that a target or a contract wrote.
//!
//! Whoever writes such a text where people or programs read it passes it through here: what would move a cursor, set a
//! title, reverse the direction of writing, end a line or begin a command of a CI server is shown as an escape instead.

use std::borrow::Cow;

/// A text in one line that neither a terminal nor a CI server acts upon.
pub(crate) fn line(text: &str) -> Cow<'_, str> {
    escaped(text, |letter| acts(letter) || is_break(letter), true)
}

/// The same of a text that may have several lines, each of which means nothing but itself.
pub(crate) fn lines(text: &str) -> Cow<'_, str> {
    escaped(text, |letter| acts(letter) && letter != '\t', true)
}

/// A text as files that are no output of a terminal hold it, XML and HTML among them: what they cannot hold, or what
/// would show it otherwise than it is, is an escape. Lines and tabs stay.
pub(crate) fn letters(text: &str) -> Cow<'_, str> {
    escaped(text, |letter| acts(letter) && letter != '\t', false)
}

/// Whether a letter does something to what shows it, or cannot be shown: control characters but for the line feed, marks
/// of direction, what separates lines and paragraphs, fillers without a width, and what is no character.
fn acts(letter: char) -> bool {
    if letter == '\n' {
        return false;
    }
    let has_no_width = matches!(
        letter,
        '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}'
    );
    let is_no_letter = matches!(letter, '\u{fdd0}'..='\u{fdef}' | '\u{fff9}'..='\u{fffb}')
        || (u32::from(letter) & 0xfffe) == 0xfffe;
    schemas::is_unprintable(letter) || has_no_width || is_no_letter
}

fn is_break(letter: char) -> bool {
    letter == '\n'
}

fn escaped(text: &str, hides: impl Fn(char) -> bool, commands: bool) -> Cow<'_, str> {
    // GitHub takes `::` for a command where a line begins so, and `##[` anywhere in it; Azure takes `##vso[` as well.
    let begins = |line: &str| line.trim_start().starts_with("::");
    let commanding = commands && (text.contains("##") || text.split(['\n', '\r']).any(begins));
    if !commanding && !text.chars().any(&hides) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    let mut rest = text;
    // Only blanks since the line began.
    let mut fresh = true;
    while let Some(letter) = rest.chars().next() {
        let command = commands && ((fresh && rest.starts_with("::")) || rest.starts_with("##"));
        if command || hides(letter) {
            if matches!(letter, '\t' | '\r' | '\n') {
                shown.extend(letter.escape_default());
            } else {
                shown.extend(letter.escape_unicode());
            }
        } else {
            shown.push(letter);
        }
        fresh = is_break(letter) || letter == '\r' || (fresh && letter.is_whitespace());
        rest = &rest[letter.len_utf8()..];
    }
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_is_shown_and_the_rest_stays() {
        for (text, expected) in [
            ("plain é 日本 👍 a:b ::c #1 # d", "plain é 日本 👍 a:b ::c #1 # d"),
            ("a\n\u{1b}[31mb\u{9b}é\u{7}", "a\\n\\u{1b}[31mb\\u{9b}é\\u{7}"),
            ("\u{1b}]0;title\u{7}\r\t\0\u{7f}", "\\u{1b}]0;title\\u{7}\\r\\t\\u{0}\\u{7f}"),
            (
                "a\u{202e}b\u{2066}c\u{200f}d\u{2028}e\u{feff}",
                "a\\u{202e}b\\u{2066}c\\u{200f}d\\u{2028}e\\u{feff}",
            ),
            ("::error::x", "\\u{3a}:error::x"),
            ("  ::error::x", "  \\u{3a}:error::x"),
            ("a\n::error::x", "a\\n\\u{3a}:error::x"),
            ("a ##[group]b ##vso[c]", "a \\u{23}#[group]b \\u{23}#vso[c]"),
            ("###[x]", "\\u{23}\\u{23}#[x]"),
        ] {
            assert_eq!(line(text), expected, "{text:?}");
        }
    }

    #[test]
    fn several_lines_stay_several_and_none_is_a_command() {
        assert_eq!(lines("a\n  help:\tb"), "a\n  help:\tb");
        assert_eq!(lines("a\n ::error::x\r::warning::y"), "a\n \\u{3a}:error::x\\r\\u{3a}:warning::y");
    }

    #[test]
    fn files_hold_lines_and_what_no_terminal_reads() {
        assert_eq!(letters("a\n\t::b ##[c]"), "a\n\t::b ##[c]");
        assert_eq!(
            letters("\r\u{0}\u{7f}\u{85}\u{fffe}\u{1ffff}é\u{1f980}\u{202e}"),
            "\\r\\u{0}\\u{7f}\\u{85}\\u{fffe}\\u{1ffff}é\u{1f980}\\u{202e}"
        );
    }
}
