//! An owner that is not there is answered so.

use schemas::{Action, Property, Standing};
use serde_json::Value;

use crate::contract::{Api, Operation, PathSlot, Refusal, Resource, id_value};
use crate::http::Request;
use crate::law::support::{DeletedRow, as_stated_by, references, unknown_id_of, unknown_reference};
use crate::law::{Case, Explains, Family, Law, Precedence};
use crate::scenario::{CaseContext, CaseError};

pub(crate) static LAW: Law = Law {
    id: "parent-must-exist",
    family: Family::State,
    says: "an owner that does not exist is answered with the stated error",
    why: "In the path and in the body.",
    precedence: Precedence::Rule,
    explains: &[Explains::on_resource("auth-isolation"), Explains::on_resource("value-is-not-an-id")],
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    let mut cases = Vec::new();
    for op in api.operations.iter().filter(|op| api.reachable(op)) {
        cases.extend(unknown_in_path(api, op));
        cases.extend(deleted(api, op));
        let references = references(api, op).into_iter();
        cases.extend(references.map(|(owner, property)| unknown_in_body(api, op, owner, &property)));
    }
    cases
}

/// The owner that an operation's path names.
fn owner_in_path<'a>(api: &'a Api, op: &Operation) -> Option<&'a Resource> {
    api.parent_of(op).filter(|_| op.has_slot(PathSlot::Parent))
}

/// A request whose body names a row by an id.
fn naming(cx: &CaseContext, op: &Operation, property: &str, id: &str) -> Result<Request, CaseError> {
    let request = cx.request_for(op)?;
    let mut body = request.body().cloned().unwrap_or_default();
    let schema =
        op.body.as_ref().and_then(|body| body.schema.property(property)).map(|property| property.schema);
    let id = schema.map_or_else(|| Value::from(id), |schema| id_value(&schema, id));
    body.insert(property.to_owned(), id);
    Ok(request.json(body))
}

fn unknown_in_path(api: &Api, op: &Operation) -> Option<Case> {
    let owner = owner_in_path(api, op)?;
    let refusal = as_stated_by(op, owner.unknown_row());
    let (owners, target, told) = (owner.clone(), op.clone(), refusal.clone());
    let run = async move |cx: &mut CaseContext| {
        let id = unknown_id_of(cx, &owners)?;
        let exchange = cx.send(cx.request_for(&target)?.parent(&id)).await?;
        cx.refused(&exchange, &told, &format!("{} under an unknown {}", target.id, owners.name));
        Ok(())
    };
    let case = Case::new(&LAW, op, run).variant("path").standing(refusal.standing());
    Some(case.place(refusal.place).needs(api.needs_rows(op)))
}

fn unknown_in_body(api: &Api, op: &Operation, owner: &Resource, property: &Property) -> Case {
    let refusal = unknown_reference(op, owner, property);
    let (owners, target, told, field) = (owner.clone(), op.clone(), refusal.clone(), property.name.clone());
    let run = async move |cx: &mut CaseContext| {
        let id = unknown_id_of(cx, &owners)?;
        let exchange = cx.send(naming(cx, &target, &field, &id)?).await?;
        cx.refused(&exchange, &told, &format!("{} with an unknown {field}", target.id));
        Ok(())
    };
    let case = Case::new(&LAW, op, run).variant(property.name.clone()).standing(refusal.standing());
    case.place(refusal.place).needs(api.needs_rows(op))
}

/// The owner that a create names, the property that names it where it is not the path, and how it is answered where there
/// is no such owner.
fn named_owner<'a>(api: &'a Api, op: &Operation) -> Option<(&'a Resource, Option<String>, Refusal)> {
    if let Some(owner) = owner_in_path(api, op) {
        return Some((owner, None, as_stated_by(op, owner.unknown_row())));
    }
    let (owner, property) = references(api, op).into_iter().find(|(_, property)| property.required)?;
    let refusal = unknown_reference(op, owner, &property);
    Some((owner, Some(property.name), refusal))
}

/// Nothing is created under an owner that was deleted. Nobody says so in as many words: it is gone.
fn deleted(api: &Api, op: &Operation) -> Option<Case> {
    let created = api.resource_of(op).filter(|_| op.action() == Action::Create)?;
    let (owner, field, refusal) = named_owner(api, op)?;
    let delete = owner.delete.as_ref()?;
    let refusal = refusal.at_most(owner.deletion.read_gone?.weakest(Standing::Inferred));
    let (told, target) = (refusal.clone(), op.clone());
    let what = format!("making {} under a deleted {}", created.one(), owner.name);
    let run = async move |cx: &mut CaseContext, deleted: &DeletedRow| {
        let (gone, _) = deleted.to_write_to(cx).await?;
        let request = match &field {
            Some(field) => naming(cx, &target, field, &gone.id)?,
            None => cx.request_for(&target)?.owned_by(&gone.path()),
        };
        let exchange = cx.send(request).await?;
        cx.refused(&exchange, &told, &what);
        Ok(())
    };
    let case = Case::given(&LAW, op, DeletedRow::of(api, owner, delete), run).variant("deleted");
    Some(case.standing(refusal.standing()).place(refusal.place).needs(api.needs_rows(op)))
}
