//! What to do about a word that is not known.

/// What to do: the word that was meant, or all there are.
pub(super) fn help<'a>(near: Option<&str>, known: impl Iterator<Item = &'a str>) -> String {
    match near {
        Some(name) => format!("Did you mean {name}?"),
        None => format!("Known here: {}.", known.collect::<Vec<_>>().join(", ")),
    }
}
