//! The right name that was probably meant by a wrong one.

/// The shortest part of a name by which it is known.
const SHORTEST_PART: usize = 4;

/// The known name that is most like a wrong one, if it is like enough to be meant: a third of the letters differ at the
/// most, or one holds the other.
pub fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let known: Vec<&str> = known.into_iter().collect();
    let most = |name: &str| name.chars().count().max(3) / 3;
    within(wrong, known.iter().copied(), most).or_else(|| {
        let holds = |one: &str, other: &str| other.chars().count() >= SHORTEST_PART && one.contains(other);
        let alike = known.into_iter().filter(|name| holds(name, wrong) || holds(wrong, name));
        alike.min_by_key(|name| name.len().abs_diff(wrong.len()))
    })
}

/// Advice for a wrong name: the nearest right one, or all of them.
pub fn advice<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    match nearest(wrong, known.iter().copied()) {
        Some(name) => format!("Did you mean {name}?"),
        None if known.is_empty() => "There is none to choose from.".to_owned(),
        None => format!("Write one of {}.", known.join(", ")),
    }
}

/// The known name that a wrong one is a slip of the finger away from: one letter in five, at least one.
pub fn slip<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    within(wrong, known, |name| (name.chars().count() / 5).max(1))
}

/// The name at the least distance that is no further away than it may be; of several the first.
fn within<'a>(
    wrong: &str,
    known: impl IntoIterator<Item = &'a str>,
    most: impl Fn(&str) -> usize,
) -> Option<&'a str> {
    known
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(wrong, name), name))
        .filter(|(distance, name)| *distance <= most(name))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_near_and_another_word_is_not() {
        let known = ["standing", "status", "code"];
        assert_eq!(slip("statsu", known), Some("status"));
        assert_eq!(slip("standin", known), Some("standing"));
        assert_eq!(slip("mode", known), Some("code"));
        assert_eq!(slip("colour", known), None);
    }

    #[test]
    fn what_is_most_alike_was_meant() {
        assert_eq!(nearest("wrold", ["world", "examples"]), Some("world"));
        assert_eq!(nearest("tires", ["tier", "key"]), None);
        assert_eq!(nearest("max_request", ["max-requests", "max-time"]), Some("max-requests"));
        assert_eq!(nearest("leaks", ["rate-headers", "nothing-leaks"]), Some("nothing-leaks"));
        assert_eq!(nearest("", ["tier", "key"]), None, "nothing is like nothing");
    }

    #[test]
    fn the_word_that_was_meant_is_told_or_all_of_them() {
        assert_eq!(advice("sulg", ["slug", "status"]), "Did you mean slug?");
        assert_eq!(advice("banana", ["key", "tier"]), "Write one of key, tier.");
        assert_eq!(advice("banana", []), "There is none to choose from.");
    }
}
