//! Patterns for names: `*` stands for any letters, `?` for one.

/// Whether a name matches a pattern.
pub(crate) fn matches(pattern: &str, name: &str) -> bool {
    fn go(pattern: &[u8], name: &[u8]) -> bool {
        match (pattern.split_first(), name.split_first()) {
            (None, None) => true,
            (Some((b'*', rest)), _) => {
                go(rest, name) || name.split_first().is_some_and(|(_, tail)| go(pattern, tail))
            }
            (Some((b'?', rest)), Some((_, tail))) => go(rest, tail),
            (Some((one, rest)), Some((other, tail))) => one == other && go(rest, tail),
            (Some(_), None) | (None, Some(_)) => false,
        }
    }
    go(pattern.as_bytes(), name.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn stars_and_question_marks_stand_for_letters() {
        for (pattern, name, expected) in [
            ("*", "", true),
            ("auth-*", "auth-missing", true),
            ("*-thing", "create-thing", true),
            ("*-thing", "create-things", false),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("unique*on*create", "unique-on-create", true),
        ] {
            assert_eq!(matches(pattern, name), expected, "{pattern} {name}");
        }
    }
}
