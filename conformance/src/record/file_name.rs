//! Ids of operations and names of classes as names of files, and back.
//!
//! Such an id is any text: one with slashes, as `repos/get`, must not become a path of its own, and one that no file can be
//! called must be written all the same. What a name cannot hold is percent-encoded, so most names are as they are.

use std::borrow::Cow;
use std::fmt::Write as _;

use percent_encoding::percent_decode_str;

/// The name of nothing.
const NOTHING: &str = "%";

/// A text as the name of a file, without its ending.
pub(super) fn encoded(text: &str) -> String {
    if text.is_empty() {
        return NOTHING.to_owned();
    }
    let last = text.chars().count() - 1;
    let reserved = is_device(text);
    let mut name = String::with_capacity(text.len());
    for (at, letter) in text.chars().enumerate() {
        let fine = letter.is_alphanumeric()
            || (letter.is_ascii_graphic()
                && !matches!(letter, '<' | '>' | ':' | '"' | '/' | '\\' | '|' | '?' | '*' | '%'))
            || letter == ' ';
        // A dot in front hides a file, a dot or a space at the end is dropped by Windows.
        let edge = (at == 0 && letter == '.') || (at == last && matches!(letter, '.' | ' '));
        if fine && !edge && !(at == 0 && reserved) {
            name.push(letter);
        } else {
            for byte in letter.encode_utf8(&mut [0; 4]).bytes() {
                let _ = write!(name, "%{byte:02X}");
            }
        }
    }
    name
}

/// The text of which a name is; a name that is of none stands for itself.
pub(super) fn decoded(name: &str) -> Cow<'_, str> {
    if name == NOTHING {
        return Cow::Borrowed("");
    }
    match percent_decode_str(name).decode_utf8() {
        Ok(text) if encoded(&text) == name => text,
        _ => Cow::Borrowed(name),
    }
}

/// What Windows takes for a device, whatever its ending.
fn is_device(text: &str) -> bool {
    let stem = text.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let numbered =
        |name: &str| stem.strip_prefix(name).is_some_and(|number| matches!(number.as_bytes(), [b'0'..=b'9']));
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$")
        || numbered("COM")
        || numbered("LPT")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_has_a_name_of_its_own_and_is_read_back() {
        for (text, name) in [
            ("list-customers", "list-customers"),
            ("getCustomer_v2.1", "getCustomer_v2.1"),
            ("größe", "größe"),
            ("repos/get", "repos%2Fget"),
            ("/etc/passwd", "%2Fetc%2Fpasswd"),
            ("..", "%2E%2E"),
            (".", "%2E"),
            ("../../x", "%2E.%2F..%2Fx"),
            ("C:\\x", "C%3A\\x".replace('\\', "%5C").as_str()),
            ("a%2Fb", "a%252Fb"),
            ("a b.", "a b%2E"),
            ("a ", "a%20"),
            ("con", "%63on"),
            ("Lpt1.x", "%4Cpt1.x"),
            ("console", "console"),
            ("a\n\u{202e}b", "a%0A%E2%80%AEb"),
            ("", "%"),
        ] {
            assert_eq!(encoded(text), name, "{text:?}");
            assert_eq!(decoded(name), text, "{name}");
        }
    }

    #[test]
    fn a_name_that_is_of_no_text_stands_for_itself() {
        for name in ["50%", "50%-off", "a%2fb", "%61", "%FF"] {
            assert_eq!(decoded(name), name);
        }
    }
}
