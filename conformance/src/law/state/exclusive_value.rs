//! Of the rows of a scope at most one has the exclusive value.

use schemas::{Exclusive, Field, Standing};
use serde_json::{Map, Value};

use super::writes::writes;
use crate::contract::{Api, Expected, Operation, Resource};
use crate::generate::presence;
use crate::law::support::creatable;
use crate::law::{Case, Family, Law};
use crate::scenario::{CaseContext, CaseResult, Row};

pub(crate) static LAW: Law = Law {
    id: "exclusive-value",
    family: Family::State,
    says: "of the rows of a scope at most one has the exclusive value",
    why: "A second row takes it; the first is read again. The owner is new, so that its first row shows too.",
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    let mut cases = Vec::new();
    for (resource, create) in creatable(api) {
        let owner = resource.parent.as_ref().and_then(|parent| api.resource(&parent.resource));
        let (Some(read), Some(owner)) = (&resource.read, owner) else { continue };
        for field in resource.fields.values() {
            let Some(rule) = &field.rules.exclusive else { continue };
            for op in writes(resource, create) {
                if op.body.as_ref().is_some_and(|body| body.schema.property(&field.name).is_some()) {
                    let case = case(api, resource, owner, op, field, rule);
                    cases.push(case.needs([read.id.clone(), op.id.clone()]));
                }
            }
        }
    }
    cases
}

fn case(
    api: &Api,
    resource: &Resource,
    owner: &Resource,
    op: &Operation,
    field: &Field,
    rule: &Exclusive,
) -> Case {
    let update = Some(op).filter(|op| resource.create.as_ref() != Some(*op)).cloned();
    // An owner, two rows and a read; an update as well, where that is what takes the value.
    let requests = if update.is_some() { 5 } else { 4 };
    let create = resource.create.as_ref().and_then(|create| create.body.as_ref());
    let sent = create.and_then(|body| body.schema.property(&field.name));
    let taking = Taking {
        resource: resource.clone(),
        owner: owner.clone(),
        update,
        name: field.name.clone(),
        rule: rule.clone(),
        default: field.rules.default.as_ref().map(|default| (default.value.clone(), default.standing)),
        sure: sent.map_or(Standing::Assumed, |property| field.standing.weakest(presence(&property))),
    };
    let run = async move |cx: &mut CaseContext| taking.run(cx).await;
    let case = Case::new(&LAW, op, run).variant(field.name.clone()).standing(rule.standing);
    let case = case.sends(requests).creates(1, owner).creates(2, resource);
    case.place(field.pointer.clone()).needs(api.makers(resource))
}

struct Taking {
    resource: Resource,
    owner: Resource,
    /// Takes the value, where it is not a create that does.
    update: Option<Operation>,
    name: String,
    rule: Exclusive,
    /// What a row has that is created without the property, and how sure that is.
    default: Option<(Value, Standing)>,
    /// How sure it is that a create keeps the value.
    sure: Standing,
}

impl Taking {
    async fn run(&self, cx: &mut CaseContext) -> CaseResult {
        let Self { resource: rows, owner, update, name, rule, .. } = self;
        let parent = cx.create_row(owner).await?;
        let fields = Map::from_iter([(name.clone(), rule.value.clone())]);
        if let Some(update) = update {
            // The first row of an owner is a row like any other.
            let second = cx.create_row_with(rows, Some(&parent), Map::new()).await?;
            self.shows(cx, &second, self.default.as_ref(), "created without it");
            let first = cx.create_row_with(rows, Some(&parent), fields.clone()).await?;
            let taking = cx.send(cx.update_request(update, &second, fields)?).await?;
            cx.require_success(&taking)?;
            return self.released(cx, &first).await;
        }
        let first = cx.create_row_with(rows, Some(&parent), fields.clone()).await?;
        self.shows(cx, &first, Some(&(rule.value.clone(), self.sure)), "created with it");
        cx.create_row_with(rows, Some(&parent), fields).await?;
        self.released(cx, &first).await
    }

    /// Whether the first row of an owner shows what it was created with, or the default.
    fn shows(&self, cx: &mut CaseContext, row: &Row, wanted: Option<&(Value, Standing)>, how: &str) {
        let (Some((wanted, standing)), Some(shown)) = (wanted, row.get(&self.name)) else { return };
        if shown != wanted {
            let name = &self.name;
            let message = format!("the first {} of an owner, {how}, has {name} {shown}", self.resource.name);
            let expected = Expected::words(format!("{name} {wanted}"));
            let step = cx.story.last_step();
            cx.wrong_value(step, name, message, expected).standing(*standing);
        }
    }

    /// The first row has the value no longer.
    async fn released(&self, cx: &mut CaseContext, first: &Row) -> CaseResult {
        let Self { name, rule, .. } = self;
        let exchange = cx.read(first).await?;
        cx.require_success(&exchange)?;
        if exchange.property(name) == Some(&rule.value) {
            let message = format!("two rows have {name} {}", rule.value);
            let expected = Expected::words(format!("{name} no longer {}", rule.value));
            cx.wrong_value(exchange.step, name, message, expected).standing(rule.standing);
        }
        Ok(())
    }
}
