//! An owner with rows to itself, which nobody changes: what lists are looked at with.

use std::time::Duration;

use serde_json::{Map, Value};

use super::walk::{page, page_call};
use crate::atlas::{Kin, Op, Slot};
use crate::judge::{instant, is_whole_second};
use crate::probe::Call;
use crate::run::{Deed, Row, Scene, Stop};

/// Rows of the run's own that a list shows, the oldest first, with instants that differ: under an owner of their own
/// where they have one.
pub(super) async fn rows(scene: &mut Scene, list: &Op, kin: &Kin) -> Result<(Call, Vec<Row>), Stop> {
    let (owner, made) = family(scene, kin).await?;
    let call = match owner.filter(|_| list.has_slot(Slot::Parent)) {
        Some(owner) => Call::of(list).parent(&owner.id),
        None => Call::of(list),
    };
    Ok((call, made))
}

/// Rows in a list of the run's own.
pub(super) const ROWS: usize = 3;

/// The name of the act of making an owner with rows, and what it takes.
pub(super) fn founding(kin: &Kin) -> (String, usize) {
    (format!("family/{}", kin.name), if kin.parent.is_some() { 2 * (ROWS + 1) } else { 2 * ROWS })
}

/// Rows that nobody changes, made one after the other, and the owner they have to themselves, where rows have one.
pub(super) async fn family(scene: &mut Scene, kin: &Kin) -> Result<(Option<Row>, Vec<Row>), Stop> {
    let deed = scene.act(&founding(kin).0, async |scene: &mut Scene| found(scene, kin).await).await?;
    let mut rows = deed.rows;
    let owner = if rows.len() > ROWS { Some(rows.remove(0)) } else { None };
    Ok((owner, rows))
}

async fn found(scene: &mut Scene, kin: &Kin) -> Result<Deed, Stop> {
    let owner = kin.parent.as_ref().and_then(|parent| scene.atlas().kin(&parent.resource)).cloned();
    let parent = match owner.filter(|owner| owner.create.is_some()) {
        Some(owner) => Some(scene.make(&owner).await?),
        None => None,
    };
    let mut made: Vec<Row> = Vec::new();
    let field =
        scene.atlas().rules().pagination.as_ref().map(|rule| rule.order.field.clone()).unwrap_or_default();
    let mut tries = 0;
    while made.len() < ROWS {
        let row = scene.make_with(kin, parent.as_ref(), Map::new()).await?;
        let at = |row: &Row| row.text(&field).and_then(instant);
        let tied = made.last().is_some_and(|last| at(last).is_some() && at(last) == at(&row));
        if !tied {
            made.push(row);
            scene.rest(Duration::from_millis(2)).await;
            continue;
        }
        tries += 1;
        if tries > 2 * ROWS {
            return Err(Stop::NotJudged(
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
        if let Some(delete) = &kin.delete {
            scene.send(Call::of(delete).own(&row.id)).await?;
        }
        scene.rest(Duration::from_millis(if whole { 1_050 } else { 25 })).await;
    }
    Ok(Deed { rows: parent.into_iter().chain(made).collect(), exchanges: Vec::new() })
}

/// Whether a clock of whole seconds makes one of some rows tie with a row that is none of them: then no cursor tells
/// them apart.
pub(super) async fn tied(scene: &mut Scene, list: &Call, made: &[Row]) -> Result<bool, Stop> {
    let Some(rule) = scene.atlas().rules().pagination.clone() else { return Ok(false) };
    let call = page_call(scene.atlas(), list.clone(), Some(rule.limit.maximum), None);
    let exchange = scene.send(call).await?;
    let Some(page) = page(scene.atlas(), &exchange) else { return Ok(false) };
    let time = |row: &Value| row.get(&rule.order.field).and_then(Value::as_str).map(str::to_owned);
    let is_ours =
        |row: &Value| made.iter().any(|ours| ours.kin.id_of(row).as_deref() == Some(ours.id.as_str()));
    let others: Vec<String> = page.rows.iter().filter(|row| !is_ours(row)).filter_map(time).collect();
    let at = |text: &str| instant(text).filter(|_| is_whole_second(text));
    Ok(made
        .iter()
        .filter_map(|row| time(&row.value))
        .any(|ours| at(&ours).is_some_and(|ours| others.iter().any(|other| at(other) == Some(ours)))))
}
