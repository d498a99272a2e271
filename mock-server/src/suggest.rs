//! The nearest right name for a wrong one.

/// The candidate most like `wrong`, when one is like enough to be meant.
pub(crate) fn nearest<'a>(wrong: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(wrong, candidate), candidate))
        .filter(|(distance, candidate)| *distance > 0 && *distance <= candidate.chars().count().max(3) / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

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
    fn a_slip_of_the_finger_finds_the_word_meant() {
        assert_eq!(nearest("sulg", ["slug", "status"]), Some("slug"));
        assert_eq!(nearest("banana", ["slug", "status"]), None);
        assert_eq!(advice("banana", ["a", "b"]), "Write one of a, b.");
        assert_eq!(advice("banana", []), "There is none to choose from.");
    }
}
