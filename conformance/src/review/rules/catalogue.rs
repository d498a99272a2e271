//! Every rule.

use crate::review::rule::Rule;

/// Every rule, area by area.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    [
        super::operations::ALL,
        super::sunset::ALL,
        super::parameters::ALL,
        super::bodies::ALL,
        super::responses::ALL,
        super::properties::ALL,
        super::types::ALL,
        super::values::ALL,
        super::bounds::ALL,
        super::text::ALL,
        super::composition::ALL,
        super::authentication::ALL,
        super::servers::ALL,
        super::calls::ALL,
        super::errors::ALL,
        super::pages::ALL,
        super::idempotency::ALL,
        super::rate::ALL,
        super::resources::ALL,
        super::statements::ALL,
        super::fields::ALL,
        super::standing::ALL,
        super::behaviour::ALL,
    ]
    .into_iter()
    .flatten()
    .copied()
}

/// A rule by its id.
pub fn find(id: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_every_reverse_is_a_rule_that_names_it_back() {
        let mut seen = std::collections::HashSet::new();
        for rule in all() {
            assert!(seen.insert(rule.id), "{} is there twice", rule.id);
            assert!(!rule.reverse.is_empty(), "{} has no reverse", rule.id);
            for other in rule.reverse {
                let other = find(other).unwrap_or_else(|| panic!("{} names {other}", rule.id));
                assert!(other.reverse.contains(&rule.id), "{} and {}", rule.id, other.id);
            }
        }
        assert!(seen.len() >= 60, "{}", seen.len());
    }

    #[test]
    fn what_is_said_is_written_alike() {
        for rule in all() {
            assert!(rule.says.starts_with(|letter: char| letter.is_ascii_lowercase()), "{}", rule.id);
            assert!(!rule.says.ends_with('.'), "{}", rule.id);
            assert!(rule.why.ends_with('.'), "{}", rule.id);
        }
    }
}
