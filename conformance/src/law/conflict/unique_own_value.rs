//! A row's own value may be set again.

use super::rules::{body_of, unique_rules};
use crate::contract::{Acceptance, Api};
use crate::generate::presence;
use crate::law::support::TakenValue;
use crate::law::{Case, Family, Law};
use crate::scenario::{CaseContext, Setup as _};

pub(crate) static LAW: Law = Law {
    id: "unique-own-value",
    family: Family::Conflict,
    says: "a row's own value may be set again",
    why: "A check that forgets to leave the row itself out refuses every form that is saved unchanged.",
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    let mut cases = Vec::new();
    for rule in unique_rules(api) {
        let Some(update) = rule.resource.update.clone() else { continue };
        let property = update.body.as_ref().and_then(|body| body.schema.property(rule.field));
        let (Some(property), Some(stated)) = (property, rule.unique.own_value) else { continue };
        let standing = stated.weakest(presence(&property));
        let (op, field, place) = (update.clone(), rule.field.to_owned(), rule.place.clone());
        let run = async move |cx: &mut CaseContext, taken: &TakenValue| {
            let row = taken.get(cx).await?;
            let request = cx.update_request(&op, &row, body_of(&row, &field))?;
            let exchange = cx.send(request).await?;
            let acceptance = Acceptance::of(&op).at_most(standing).at(place.clone());
            cx.accepted(&exchange, &acceptance, &format!("setting a row's own {field} again"));
            Ok(())
        };
        let case = Case::given(&LAW, &update, rule.taken(api), run).variant(rule.field);
        cases.push(case.standing(standing).place(rule.place).needs([update.id.clone()]));
    }
    cases
}
