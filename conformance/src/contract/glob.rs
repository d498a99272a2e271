//! Patterns for names: `*` stands for any letters, `?` for one.

use wildmatch::WildMatch;

/// Whether a name matches a pattern.
pub(crate) fn matches(pattern: &str, name: &str) -> bool {
    WildMatch::new(pattern).matches(name)
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
