//! The word that was probably meant.

/// The nearest of the known words, if it is near enough to be a slip: one in five letters, at least one.
pub(super) fn of<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .map(|name| (strsim::damerau_levenshtein(word, name), name))
        .filter(|(distance, name)| *distance <= (name.len() / 5).max(1))
        .min()
        .map(|(_, name)| name)
}

/// What to do: the word that was meant, or all there are.
pub(super) fn help<'a>(near: Option<&str>, known: impl Iterator<Item = &'a str>) -> String {
    match near {
        Some(name) => format!("Did you mean {name}?"),
        None => format!("Known here: {}.", known.collect::<Vec<_>>().join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_near_and_another_word_is_not() {
        let known = ["standing", "status", "code"];
        assert_eq!(of("statsu", known.into_iter()), Some("status"));
        assert_eq!(of("standin", known.into_iter()), Some("standing"));
        assert_eq!(of("mode", known.into_iter()), Some("code"));
        assert_eq!(of("colour", known.into_iter()), None);
    }
}
