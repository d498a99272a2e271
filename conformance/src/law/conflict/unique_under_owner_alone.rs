//! A value taken under one owner is free under another.

use schemas::Scope;

use super::rules::{UniqueRule, body_of, unique_rules};
use crate::contract::{Acceptance, Api};
use crate::law::support::TakenValue;
use crate::law::{Case, Family, Law};
use crate::scenario::{CaseContext, CaseError, Setup as _};

pub(crate) static LAW: Law = Law {
    id: "unique-under-owner-alone",
    family: Family::Conflict,
    says: "a value taken under one owner is free under another, where the scope is the owner",
    why: "A check over all owners refuses what the contract allows, and tells what others have.",
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    let mut cases = Vec::new();
    for rule in unique_rules(api).into_iter().filter(|rule| rule.unique.scope == Scope::Parent) {
        let UniqueRule { resource, create, field, unique, .. } = &rule;
        let parent = resource.parent.as_ref().and_then(|parent| api.resource(&parent.resource));
        let Some(owner) = parent.filter(|owner| owner.create.is_some()).cloned() else { continue };
        let standing = unique.standing.weakest(unique.scope_standing);
        let (rows, op, name) = ((*resource).clone(), (*create).clone(), (*field).to_owned());
        let (place, makers) = (rule.place.clone(), api.makers(&owner));
        let run = async move |cx: &mut CaseContext, taken: &TakenValue| {
            let first = taken.get(cx).await?;
            let other = cx.spare(&owner)?;
            if other.id == cx.base(&owner)?.id {
                return Err(CaseError::NotJudged(format!("there is no second {}", owner.name)));
            }
            let request = cx.create_request(&rows, Some(&other), body_of(&first, &name))?;
            let second = cx.send(request).await?;
            let acceptance = Acceptance::of(&op).at_most(standing).at(place.clone());
            let what = format!("a create with a {name} that is taken under another {}", owner.name);
            cx.accepted(&second, &acceptance, &what);
            Ok(())
        };
        let case = Case::given(&LAW, create, rule.taken(api), run).creates(1, resource);
        cases.push(case.variant(rule.field).standing(standing).place(rule.place).needs(makers));
    }
    cases
}
