//! Ids that come from a target, in paths.

use percent_encoding::percent_decode_str;

/// Bytes of an id that a path can hold.
pub(crate) const LONGEST_ID: usize = 2_000;

/// Why an id may not stand for one segment of a path, if it may not. Percent-encoding makes any text one segment but for
/// three: nothing, `.` and `..`, which every client takes for a shorter path, encoded or not. What `writes` is held to
/// more: servers and proxies differ in when they decode, and a slash, a backslash or a line break that one of them takes
/// for itself makes another request of it.
pub(crate) fn unfit(id: &str, writes: bool) -> Option<&'static str> {
    let decoded = percent_decode_str(id).decode_utf8_lossy();
    let shortens = |id: &str| matches!(id, "." | "..");
    let parts = |letter: char| matches!(letter, '/' | '\\' | '\u{2028}' | '\u{2029}') || letter.is_control();
    match id {
        "" => Some("it is empty"),
        _ if id.len() > LONGEST_ID => Some("it is too long for a path"),
        _ if shortens(id) || shortens(&decoded) => Some("it would shorten the path"),
        _ if writes && (id.contains(parts) || decoded.contains(parts)) => {
            Some("it holds a slash, a backslash or a control character")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_change_the_path_is_no_segment_of_it() {
        for id in ["", ".", "..", "%2e", "%2E%2e", ".%2E"] {
            assert!(unfit(id, false).is_some() && unfit(id, true).is_some(), "{id}");
        }
        for id in
            ["a/b", "/", "../..", "a\\b", "..\\", "a\nb", "a\r", "\0", "a\u{85}b", "a%2Fb", "%0d", "\u{2028}"]
        {
            assert!(unfit(id, false).is_none() && unfit(id, true).is_some(), "{id:?}");
        }
        for id in ["a", "...", ".a", "a..b", "%", "100%", "a b", "é", "a?b#c;d", "%252e", "~", "1.5"] {
            assert!(unfit(id, false).is_none() && unfit(id, true).is_none(), "{id}");
        }
    }
}
