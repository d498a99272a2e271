//! Whether a deleted row's value is free again is as stated.

use schemas::{AfterDelete, Standing};
use serde_json::Map;

use super::rules::{body_of, unique_rules};
use crate::contract::{Acceptance, Api, Operation, Refusal, Resource};
use crate::law::{Case, Family, Law};
use crate::scenario::{CaseContext, CaseError, CaseResult};

pub(crate) static LAW: Law = Law {
    id: "unique-after-delete",
    family: Family::Conflict,
    says: "whether a deleted row's value is free again is as stated",
    why: "Neither is promised; a difference is reported as a note.",
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    let mut cases = Vec::new();
    for rule in unique_rules(api) {
        let (Some(after), Some(delete)) = (rule.unique.after_delete, rule.resource.delete.clone()) else {
            continue;
        };
        let needs = delete.id.clone();
        let freed = Freed {
            resource: rule.resource.clone(),
            create: rule.create.clone(),
            delete,
            field: rule.field.to_owned(),
            refusal: rule.refusal().at_most(after.standing),
            after,
        };
        let run = async move |cx: &mut CaseContext| freed.run(cx).await;
        // A row, its delete, and another row.
        let case = Case::new(&LAW, rule.create, run).sends(3).creates(1, rule.resource);
        let case = case.variant(rule.field).standing(after.standing.max(Standing::Documented));
        cases.push(case.place(rule.place).needs(api.makers(rule.resource)).needs([needs]));
    }
    cases
}

struct Freed {
    resource: Resource,
    create: Operation,
    delete: Operation,
    field: String,
    refusal: Refusal,
    after: AfterDelete,
}

impl Freed {
    async fn run(&self, cx: &mut CaseContext) -> CaseResult {
        let field = &self.field;
        let value = cx
            .value(&self.create, field)
            .ok_or_else(|| CaseError::NotJudged(format!("no value of {field} can be made")))?;
        let fields = Map::from_iter([(field.clone(), value)]);
        let row = cx.create_row_with(&self.resource, None, fields).await?;
        let deleted = cx.send(row.request(&self.delete)).await?;
        cx.require_success(&deleted)?;
        let request = cx.create_request(&self.resource, None, body_of(&row, field))?;
        let again = cx.send(request).await?;
        let what = format!("a create with the {field} of a deleted row");
        if self.after.free {
            let place = self.refusal.place.clone();
            let acceptance = Acceptance::of(&self.create).at_most(self.after.standing).at(place);
            cx.accepted(&again, &acceptance, &what);
        } else {
            cx.refused(&again, &self.refusal, &what);
        }
        Ok(())
    }
}
