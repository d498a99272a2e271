//! An update to a taken value is refused.

use super::rules::{body_of, takes, unique_rules};
use crate::contract::Api;
use crate::law::support::TakenValue;
use crate::law::{Case, Explains, Family, Law};
use crate::scenario::{CaseContext, ExclusiveRow, Setup as _};

pub(crate) static LAW: Law = Law {
    id: "unique-on-update",
    family: Family::Conflict,
    says: "an update to a taken value is refused, and the answer names it",
    why: "Renaming is the way past a check that only creates have.",
    explains: &[
        Explains::on_resource("unique-own-value"),
        Explains::on_resource("unique-after-normalisation"),
    ],
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    let mut cases = Vec::new();
    for rule in unique_rules(api) {
        let Some(update) = rule.resource.update.clone().filter(|op| takes(op, rule.field)) else { continue };
        let (op, field, refusal) = (update.clone(), rule.field.to_owned(), rule.refusal());
        let what = format!("an update to a taken {field}{}", rule.scope());
        let standing = refusal.standing();
        let run = async move |cx: &mut CaseContext, (taken, row): &(TakenValue, ExclusiveRow)| {
            let first = taken.get(cx).await?;
            let second = row.get(cx).await?;
            let request = cx.update_request(&op, &second, body_of(&first, &field))?;
            let exchange = cx.send(request).await?;
            cx.refused(&exchange, &refusal, &what);
            Ok(())
        };
        let setups = (rule.taken(api), ExclusiveRow::of(api, rule.resource));
        let case = Case::given(&LAW, &update, setups, run).variant(rule.field);
        cases.push(case.standing(standing).place(rule.place).needs([update.id.clone()]));
    }
    cases
}
