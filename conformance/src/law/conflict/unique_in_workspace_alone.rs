//! A value taken in one workspace is free in another.

use schemas::Scope;

use super::rules::{UniqueRule, body_of, unique_rules};
use crate::contract::{Acceptance, Api};
use crate::http::Credential;
use crate::law::support::TakenValue;
use crate::law::{Case, ExtraKey, Family, Law};
use crate::scenario::{CaseContext, Setup as _};

pub(crate) static LAW: Law = Law {
    id: "unique-in-workspace-alone",
    family: Family::Conflict,
    says: "a value taken in one workspace is free in another",
    why: "Wants --other-key. A check over all workspaces tells one customer of another's rows.",
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    // Where no key is asked for, or nobody says that keys open workspaces, there is no other workspace.
    if api.rules().authentication.as_ref().is_none_or(|rules| rules.isolation.is_none()) {
        return Vec::new();
    }
    // Where a row needs an owner, the other workspace has none to create it under.
    let without_owner = |rule: &UniqueRule<'_>| {
        rule.unique.scope == Scope::Workspace
            && rule.resource.parent.is_none()
            && rule.create.slots().next().is_none()
            && !rule.create.open
    };
    let mut cases = Vec::new();
    for rule in unique_rules(api).into_iter().filter(without_owner) {
        let (resource, create, field, place) =
            (rule.resource.clone(), rule.create.clone(), rule.field.to_owned(), rule.place.clone());
        let standing = rule.unique.standing.weakest(rule.unique.scope_standing);
        let run = async move |cx: &mut CaseContext, taken: &TakenValue| {
            let first = taken.get(cx).await?;
            let request = cx.create_request(&resource, None, body_of(&first, &field))?;
            let second = cx.send(request.by(Credential::Other)).await?;
            let acceptance = Acceptance::of(&create).at_most(standing).at(place.clone());
            let what = format!("a create in another workspace with a {field} that is taken in this one");
            cx.accepted(&second, &acceptance, &what);
            Ok(())
        };
        let case = Case::given(&LAW, rule.create, rule.taken(api), run).creates(1, rule.resource);
        let case = case.variant(rule.field).standing(standing).place(rule.place);
        cases.push(case.extra_key(ExtraKey::OtherKey));
    }
    cases
}
