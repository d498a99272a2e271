//! Patterns for names: `*` stands for any letters, `?` for one.

use wildmatch::WildMatch;

/// Whether a name matches a pattern.
pub(crate) fn matches(pattern: &str, name: &str) -> bool {
    WildMatch::new(pattern).matches(name)
}

/// Whether a list of patterns admits a name: one of them matches it, or all of them say with a `!` what to leave out, and none
/// of those that do matches it.
pub(crate) fn admits(patterns: &[String], name: &str) -> bool {
    let (out, within): (Vec<&String>, Vec<&String>) =
        patterns.iter().partition(|pattern| pattern.starts_with('!'));
    let any =
        |patterns: &[&String]| patterns.iter().any(|pattern| matches(pattern.trim_start_matches('!'), name));
    (within.is_empty() || any(&within)) && !any(&out)
}

#[cfg(test)]
mod tests {
    use super::{admits, matches};

    #[test]
    fn what_a_list_leaves_out_it_does_not_admit() {
        let list = |patterns: &[&str]| patterns.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
        for (patterns, name, expected) in [
            (vec![], "a", true),
            (vec!["a*"], "ab", true),
            (vec!["a*"], "b", false),
            (vec!["!a*"], "ab", false),
            (vec!["!a*"], "b", true),
            (vec!["a*", "!ab"], "ab", false),
            (vec!["a*", "!ab"], "ac", true),
            (vec!["a*", "!ab"], "b", false),
        ] {
            assert_eq!(admits(&list(&patterns), name), expected, "{patterns:?} {name}");
        }
    }

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
