//! A simple model of a resource's rows, and what it says of each response.

use schemas::{Scope, Standing, Unique};
use serde_json::{Map, Value};

use crate::contract::{Acceptance, Aspect, Expected, Refusal, Resource};
use crate::judge::difference;
use crate::law::support::{as_stated_by, kept};
use crate::scenario::{CaseContext, CaseResult, Row};

/// A row as it should be.
pub(super) struct ModelRow {
    pub(super) row: Row,
    pub(super) value: Value,
    pub(super) alive: bool,
}

/// The property that no two rows may share and a create can set.
pub(super) fn unique(resource: &Resource) -> Option<(&str, &Unique)> {
    let body = resource.create.as_ref()?.body.as_ref()?;
    resource.fields.values().find_map(|field| {
        let unique = field.rules.unique.as_ref()?;
        body.schema.property(&field.name).map(|_| (field.name.as_str(), unique))
    })
}

/// A value of its own for what no two rows may share, so that another create can take it.
pub(super) fn fresh_unique(cx: &CaseContext, resource: &Resource) -> Map<String, Value> {
    let value = unique(resource)
        .zip(resource.create.as_ref())
        .and_then(|((field, _), create)| cx.value(create, field).map(|value| (field.to_owned(), value)));
    Map::from_iter(value)
}

/// A create with the unique value of a row that is there is refused. Of one that was, nobody says.
pub(super) async fn create_taken(cx: &mut CaseContext, resource: &Resource, known: &ModelRow) -> CaseResult {
    let Some((field, rule)) = unique(resource) else { return Ok(()) };
    let Some(value) = known.value.get(field).filter(|value| known.alive && value.is_string()) else {
        return Ok(());
    };
    let request = cx.create_request(resource, None, Map::from_iter([(field.to_owned(), value.clone())]))?;
    let exchange = cx.send(request).await?;
    let place = resource.fields[field].pointer.clone();
    let refusal = Refusal::new(rule.rejection.clone(), place).at_most(rule.standing).blaming(field);
    let scope = if rule.scope == Scope::Parent { " under the same owner" } else { "" };
    cx.refused(&exchange, &refusal, &format!("a create with a taken {field}{scope}"));
    Ok(())
}

/// A row reads as it is; a deleted one is gone.
pub(super) async fn read(
    cx: &mut CaseContext,
    resource: &Resource,
    known: &ModelRow,
    by_number: bool,
) -> CaseResult {
    let id = known.row.display.clone().filter(|_| by_number).unwrap_or_else(|| known.row.id.clone());
    let exchange = cx.read_by(&known.row, &id).await?;
    if !known.alive {
        let Some(standing) = resource.deletion.read_gone else { return Ok(()) };
        let refusal =
            resource.read.as_ref().map_or_else(|| resource.unknown_row(), |op| resource.unknown_row_of(op));
        let refusal = refusal.at_most(standing);
        cx.refused(&exchange, &refusal, &format!("a read of a deleted {}", resource.name));
        return Ok(());
    }
    let Some(op) = resource.read.as_ref() else { return Ok(()) };
    if cx.accepted(&exchange, &Acceptance::of(op), &format!("a read of {}", resource.one())) {
        let shown = exchange.json.clone().unwrap_or_default();
        if let Some(field) = difference(resource, &known.value, &shown, &[]) {
            let wanted = known.value.get(&field).cloned().unwrap_or_default();
            let message = format!("{} reads with another {field} than was last answered", resource.one());
            cx.wrong_value(exchange.step, &field, message, Expected::words(format!("{field} {wanted}")));
        }
    }
    Ok(())
}

/// An update changes what is sent and nothing else; a deleted row cannot be updated.
pub(super) async fn update(
    cx: &mut CaseContext,
    resource: &Resource,
    known: &mut ModelRow,
    body: &Map<String, Value>,
) -> CaseResult {
    let Some(op) = resource.update.clone() else { return Ok(()) };
    let body = if body.is_empty() { cx.change(&op)?.0 } else { cx.update_body(&op, body.clone())? };
    let exchange = cx.send(known.row.change(&op, body.clone())).await?;
    if !known.alive {
        let refusal = as_stated_by(&op, resource.unknown_row());
        cx.refused(&exchange, &refusal, &format!("an update of a deleted {}", resource.name));
        return Ok(());
    }
    cx.require_success(&exchange)?;
    let shown = exchange.json.clone().unwrap_or_default();
    let mut may_move = dependent(resource);
    may_move.extend(body.keys().map(String::as_str));
    if let Some(field) =
        difference(resource, &known.value, &shown, &may_move).filter(|_| !op.writes_whole_rows())
    {
        let wanted = known.value.get(&field).cloned().unwrap_or_default();
        let message = format!("{} changed {field}, which was not sent", op.id);
        cx.wrong_value(exchange.step, &field, message, Expected::words(format!("{field} {wanted}")));
    }
    for field in body.keys() {
        if !kept(cx, &op, &exchange, field, &body, Standing::Documented) {
            break;
        }
    }
    known.value = shown;
    Ok(())
}

/// Properties that an update may change without naming them.
fn dependent(resource: &Resource) -> Vec<&str> {
    let ruled = resource.fields.values().filter(|field| {
        let rules = &field.rules;
        rules.derived.is_some()
            || rules.exclusive.is_some()
            || rules.server_set.is_some()
            || !rules.stamp.is_empty()
    });
    let deciding = resource.fields.values().filter_map(|field| field.rules.derived.as_ref());
    ruled
        .map(|field| field.name.as_str())
        .chain(deciding.map(|rule| rule.from.as_str()))
        .chain(resource.updated.as_deref())
        .collect()
}

/// A delete is accepted; a second one where that is stated.
pub(super) async fn delete(cx: &mut CaseContext, resource: &Resource, known: &mut ModelRow) -> CaseResult {
    let Some(op) = resource.delete.clone() else { return Ok(()) };
    let exchange = cx.send(known.row.request(&op)).await?;
    if known.alive {
        cx.require_success(&exchange)?;
    } else if let Some(standing) = resource.deletion.repeatable {
        let acceptance = Acceptance::of(&op).at_most(standing);
        cx.accepted(&exchange, &acceptance, &format!("deleting {} again", resource.one()));
    }
    known.alive = false;
    Ok(())
}

/// A list shows the rows that are there and none that was deleted.
pub(super) async fn list(cx: &mut CaseContext, resource: &Resource, model: &[ModelRow]) -> CaseResult {
    let Some(op) = resource.lists.first().cloned() else { return Ok(()) };
    let rows: Vec<&Row> = model.iter().map(|known| &known.row).collect();
    let request = cx.request_to(&op)?;
    let found = cx.find(request, &rows).await?;
    for known in model {
        let listed = found.ids.contains(&known.row.id);
        if known.alive && !listed && found.whole {
            let message = format!("{} leaves out {} that is there", op.id, resource.one());
            cx.breach(found.step, Aspect::Absent, message, Expected::words("every row that is there"));
            break;
        }
        if let (false, true, Some(standing)) = (known.alive, listed, resource.deletion.unlisted) {
            let message = format!("{} shows a deleted {}", op.id, resource.name);
            cx.breach(found.step, Aspect::Listed, message, Expected::words("no deleted row"))
                .standing(standing);
            break;
        }
    }
    Ok(())
}
