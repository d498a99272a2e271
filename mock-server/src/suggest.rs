//! What to write in place of a wrong name.

use schemas::nearest;

/// Advice for a wrong name: the nearest right one, or all of them.
pub(crate) fn advice<'a>(wrong: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    let candidates: Vec<&str> = candidates.into_iter().collect();
    match nearest(wrong, candidates.iter().copied()) {
        Some(name) => format!("Did you mean {name}?"),
        None if candidates.is_empty() => "There is none to choose from.".to_owned(),
        None => format!("Write one of {}.", candidates.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_that_was_meant_is_told_or_all_of_them() {
        assert_eq!(advice("sulg", ["slug", "status"]), "Did you mean slug?");
        assert_eq!(advice("banana", ["a", "b"]), "Write one of a, b.");
        assert_eq!(advice("banana", []), "There is none to choose from.");
    }
}
