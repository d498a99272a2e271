//! An owner with rows to itself, which nobody changes: what lists are looked at with.

use std::time::Duration;

use serde_json::{Map, Value};

use crate::scenario::walk::{page, page_call};
use crate::contract::{Resource, Operation, PathSlot};
use crate::judge::{instant, is_whole_second};
use crate::http::Request;
use crate::scenario::{SetupResult, Row, CaseContext, CaseError};

/// Rows of the run's own that a list shows, the oldest first, with instants that differ: under an owner of their own
/// where they have one.
pub(super) async fn rows(cx: &mut CaseContext, list: &Operation, resource: &Resource) -> Result<(Request, Vec<Row>), CaseError> {
    let (owner, made) = family(cx, resource).await?;
    let request = match owner.filter(|_| list.has_slot(PathSlot::Parent)) {
        Some(owner) => Request::of(list).parent(&owner.id),
        None => Request::of(list),
    };
    Ok((request, made))
}

/// Rows in a list of the run's own.
pub(super) const ROWS: usize = 3;

/// The name of the act of creating an owner with rows, and what it takes.
pub(super) fn family_setup(resource: &Resource) -> (String, usize) {
    (format!("family/{}", resource.name), if resource.parent.is_some() { 2 * (ROWS + 1) } else { 2 * ROWS })
}

/// Rows that nobody changes, made one after the other, and the owner they have to themselves, where rows have one.
pub(super) async fn family(cx: &mut CaseContext, resource: &Resource) -> Result<(Option<Row>, Vec<Row>), CaseError> {
    let result = cx.act(&family_setup(resource).0, async |cx: &mut CaseContext| found(cx, resource).await).await?;
    let mut rows = result.rows;
    let owner = if rows.len() > ROWS { Some(rows.remove(0)) } else { None };
    Ok((owner, rows))
}

async fn found(cx: &mut CaseContext, resource: &Resource) -> Result<SetupResult, CaseError> {
    let owner = resource.parent.as_ref().and_then(|parent| cx.api().resource(&parent.resource)).cloned();
    let parent = match owner.filter(|owner| owner.create.is_some()) {
        Some(owner) => Some(cx.create_row(&owner).await?),
        None => None,
    };
    let mut made: Vec<Row> = Vec::new();
    let field =
        cx.api().rules().pagination.as_ref().map(|rule| rule.order.field.clone()).unwrap_or_default();
    let mut tries = 0;
    while made.len() < ROWS {
        let row = cx.create_row_with(resource, parent.as_ref(), Map::new()).await?;
        let at = |row: &Row| row.text(&field).and_then(instant);
        let tied = made.last().is_some_and(|last| at(last).is_some() && at(last) == at(&row));
        if !tied {
            made.push(row);
            cx.wait(Duration::from_millis(2)).await;
            continue;
        }
        tries += 1;
        if tries > 2 * ROWS {
            return Err(CaseError::NotJudged(
                "rows made one after the other have the same creation time".to_owned(),
            ));
        }
        // A clock of whole seconds: the row that ties is in the way of a cursor, so it goes. Another clock has had time
        // enough by now: what ties all the same is what a walk has to cope with.
        let whole = row.text(&field).is_some_and(is_whole_second);
        if !whole && tries > 1 {
            made.push(row);
            continue;
        }
        if let Some(delete) = &resource.delete {
            cx.send(Request::of(delete).own(&row.id)).await?;
        }
        cx.wait(Duration::from_millis(if whole { 1_050 } else { 25 })).await;
    }
    Ok(SetupResult { rows: parent.into_iter().chain(made).collect(), exchanges: Vec::new() })
}

/// Whether a clock of whole seconds makes one of some rows tie with a row that is none of them: then no cursor tells
/// them apart.
pub(super) async fn tied(cx: &mut CaseContext, list: &Request, made: &[Row]) -> Result<bool, CaseError> {
    let Some(rule) = cx.api().rules().pagination.clone() else { return Ok(false) };
    let request = page_call(cx.api(), list.clone(), Some(rule.limit.maximum), None);
    let exchange = cx.send(request).await?;
    let Some(page) = page(cx.api(), &exchange) else { return Ok(false) };
    let time = |row: &Value| row.get(&rule.order.field).and_then(Value::as_str).map(str::to_owned);
    let is_ours =
        |row: &Value| made.iter().any(|ours| ours.resource.id_of(row).as_deref() == Some(ours.id.as_str()));
    let others: Vec<String> = page.rows.iter().filter(|row| !is_ours(row)).filter_map(time).collect();
    let at = |text: &str| instant(text).filter(|_| is_whole_second(text));
    Ok(made
        .iter()
        .filter_map(|row| time(&row.value))
        .any(|ours| at(&ours).is_some_and(|ours| others.iter().any(|other| at(other) == Some(ours)))))
}
