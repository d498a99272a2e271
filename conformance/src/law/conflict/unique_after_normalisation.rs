//! Values are compared after normalisation.

use schemas::Normalization;
use serde_json::{Map, Value};

use super::rules::{takes, unique_rules};
use crate::contract::Api;
use crate::law::support::TakenValue;
use crate::law::{Case, Explains, Family, Law};
use crate::scenario::{CaseContext, ExclusiveRow, Setup as _};

pub(crate) static LAW: Law = Law {
    id: "unique-after-normalisation",
    family: Family::Conflict,
    says: "values are compared after normalisation",
    why: "The same value in another case is the same value, where the contract says so.",
    explains: &[Explains::on_resource("normalised-on-write")],
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    let mut cases = Vec::new();
    for rule in unique_rules(api) {
        let changes = &rule.resource.fields[rule.field].rules.normalize;
        let Some(lower) = changes.iter().find(|change| change.to == Normalization::Lowercase) else {
            continue;
        };
        let ops = std::iter::once(rule.create).chain(rule.resource.update.as_ref());
        for op in ops.filter(|op| takes(op, rule.field)) {
            let creating = op == rule.create;
            let (resource, field) = (rule.resource.clone(), rule.field.to_owned());
            let refusal = rule.refusal().at_most(lower.standing);
            let verb = if creating { "a create with" } else { "an update to" };
            let what = format!("{verb} a taken {field} in capitals");
            let (standing, target) = (refusal.standing(), op.clone());
            let run = async move |cx: &mut CaseContext, (taken, row): &(TakenValue, Option<ExclusiveRow>)| {
                let first = taken.get(cx).await?;
                let capitals = first.text(&field).unwrap_or_default().to_uppercase();
                let fields = Map::from_iter([(field.clone(), Value::String(capitals))]);
                let request = match row {
                    Some(row) => {
                        let row = row.get(cx).await?;
                        cx.update_request(&target, &row, fields)?
                    }
                    None => cx.create_request(&resource, None, fields)?,
                };
                let second = cx.send(request).await?;
                cx.refused(&second, &refusal, &what);
                Ok(())
            };
            let row = (!creating).then(|| ExclusiveRow::of(api, rule.resource));
            let case = Case::given(&LAW, op, (rule.taken(api), row), run).variant(rule.field);
            cases.push(case.standing(standing).place(rule.place.clone()).needs([op.id.clone()]));
        }
    }
    cases
}
