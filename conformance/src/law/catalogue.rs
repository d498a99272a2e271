//! Every law there is.

use super::statement::Law;
use super::{auth, conflict, idempotency, input, odd, pages, rate, route, sequence, shape, state};
use crate::atlas::Atlas;

/// Every law, family by family.
pub(crate) fn catalogue() -> impl Iterator<Item = &'static Law> {
    [
        input::LAWS,
        odd::LAWS,
        auth::LAWS,
        shape::LAWS,
        state::LAWS,
        conflict::LAWS,
        pages::LAWS,
        idempotency::LAWS,
        rate::LAWS,
        route::LAWS,
        sequence::LAWS,
    ]
    .into_iter()
    .flatten()
}

/// A law by its name.
pub(crate) fn by_id(id: &str) -> Option<&'static Law> {
    catalogue().find(|law| law.id == id)
}

/// The names of the laws that a contract states.
pub(crate) fn judgeable(atlas: &Atlas) -> Vec<&'static str> {
    let stated =
        |law: &&Law| law.stated(atlas) || !by_id(law.id).is_none_or(|law| law.cases(atlas, 1).is_empty());
    catalogue().filter(stated).map(|law| law.id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_law_has_a_name_of_its_own_in_kebab_case() {
        let mut seen = std::collections::HashSet::new();
        for law in catalogue() {
            assert!(seen.insert(law.id), "{} twice", law.id);
            assert!(law.id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{}", law.id);
            assert!(law.says.len() > 20 && !law.says.ends_with('.'), "{}", law.id);
        }
    }
}
