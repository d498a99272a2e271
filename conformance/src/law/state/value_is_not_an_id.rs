//! A unique value in the place of an id finds nothing, wherever an id stands in a path.

use schemas::{Action, ParameterLocation};

use crate::contract::{Api, Operation, PathSlot, Resource};
use crate::law::support::{TakenValue, as_stated_by, creatable};
use crate::law::{Case, Family, Law};
use crate::scenario::{CaseContext, CaseError, Setup as _};

pub(crate) static LAW: Law = Law {
    id: "value-is-not-an-id",
    family: Family::State,
    says: "a unique value in the place of an id finds nothing",
    why: "Only the two ids name a row.",
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    let mut cases = Vec::new();
    for (resource, create) in creatable(api) {
        for field in resource.fields.values().filter(|field| field.rules.unique.is_some()) {
            let named = |op: &&Operation| names_row(api, op, resource) && takes_texts(op);
            for op in api.operations.iter().filter(|op| api.reachable(op)).filter(named) {
                cases.push(case(api, resource, create, op, &field.name));
            }
        }
    }
    cases
}

/// Whether an operation's path names a row of a resource.
fn names_row(api: &Api, op: &Operation, resource: &Resource) -> bool {
    // A delete that takes the value for an id would take the row from the other cases.
    let own = op.has_slot(PathSlot::Own)
        && op.action() != Action::Delete
        && api.resource_of(op).is_some_and(|acts_on| acts_on.name == resource.name);
    own || op.has_slot(PathSlot::Parent)
        && op.action() == Action::List
        && api.parent_of(op).is_some_and(|owner| owner.name == resource.name)
}

/// Whether any text may stand in the path for an id: another form is refused for its form, which says nothing here.
fn takes_texts(op: &Operation) -> bool {
    let stated = op.slots().filter(|(_, slot)| matches!(slot, PathSlot::Own | PathSlot::Parent));
    stated.filter_map(|(name, _)| op.parameter(ParameterLocation::Path, name)).all(|parameter| {
        parameter.schema.admits_type("string")
            && ["format", "pattern", "enum", "const"]
                .iter()
                .all(|name| parameter.schema.keyword(name).is_none())
    })
}

fn case(api: &Api, resource: &Resource, create: &Operation, op: &Operation, field: &str) -> Case {
    let refusal = as_stated_by(op, resource.unknown_row());
    let (target, name, told) = (op.clone(), field.to_owned(), refusal.clone());
    let run = async move |cx: &mut CaseContext, taken: &TakenValue| {
        let row = taken.get(cx).await?;
        let Some(text) = row.text(&name).map(str::to_owned) else {
            return Err(CaseError::NotJudged(format!("rows have no {name}")));
        };
        let request = cx.request_for(&target)?.own(&text);
        let request = if target.has_slot(PathSlot::Parent) { request.parent(&text) } else { request };
        let exchange = cx.send(request).await?;
        cx.refused(&exchange, &told, &format!("{} by {name}", target.id));
        Ok(())
    };
    let case = Case::given(&LAW, op, TakenValue::of(api, resource, create, field), run).variant(field);
    case.standing(refusal.standing()).place(refusal.place).needs(api.needs_rows(op))
}
