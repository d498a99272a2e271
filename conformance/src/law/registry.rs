//! Every law there is.

use std::rc::Rc;

use super::law::{Check, Law, Role};
use super::{auth, conflict, idempotency, input, pages, rate, route, shape, state};
use crate::contract::Api;
use crate::judge::AnswerLaw;

/// Every law, family by family.
pub(crate) fn catalogue() -> impl Iterator<Item = &'static Law> {
    [
        input::LAWS,
        auth::LAWS,
        shape::LAWS,
        state::LAWS,
        conflict::LAWS,
        pages::LAWS,
        idempotency::LAWS,
        rate::LAWS,
        route::LAWS,
        state::SEQUENCES,
    ]
    .into_iter()
    .flatten()
    .copied()
}

/// A law by its id.
pub(crate) fn by_id(id: &str) -> Option<&'static Law> {
    catalogue().find(|law| law.id == id)
}

/// The law with a part that only one law plays.
pub(crate) fn by_role(role: Role) -> Option<&'static Law> {
    catalogue().find(|law| law.role == role)
}

/// The id of the law that every request is answered.
pub(crate) fn answered_law() -> &'static str {
    by_role(Role::Answered).map_or("", |law| law.id)
}

/// The ids of the laws that a contract states.
pub(crate) fn judgeable(api: &Api) -> Vec<&'static str> {
    catalogue()
        .filter(|law| law.stated(api).is_some() || !law.cases(api, 1).is_empty())
        .map(|law| law.id)
        .collect()
}

/// The laws that every answer is held to, in the order in which they are judged.
pub(crate) fn answer_laws() -> Rc<[AnswerLaw]> {
    let mut laws: Vec<_> = catalogue()
        .filter_map(|law| match law.check {
            Check::EveryAnswer { turn, check, .. } => Some((turn, AnswerLaw { law: law.id, check })),
            Check::Cases(_) | Check::SeededCases(_) => None,
        })
        .collect();
    laws.sort_by_key(|(turn, _)| *turn);
    laws.into_iter().map(|(_, law)| law).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_law_has_a_name_of_its_own_in_kebab_case() {
        let mut seen = HashSet::new();
        for law in catalogue() {
            assert!(seen.insert(law.id), "{} twice", law.id);
            assert!(law.id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{}", law.id);
            assert!(law.says.len() > 20 && !law.says.ends_with('.'), "{}", law.id);
        }
    }

    #[test]
    fn laws_explain_only_laws_that_exist() {
        for law in catalogue() {
            for explained in law.explains {
                assert!(by_id(explained.law).is_some(), "{} explains {}", law.id, explained.law);
            }
        }
    }
}
