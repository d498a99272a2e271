//! Lists: empty ones, pages, the order of rows, and wrong parameters.

use schemas::{Pagination, ParameterLocation};
use serde_json::Map;

use super::corner::{Corner, Fence, in_turn};
use crate::atlas::{Atlas, Kin, Op, Slot};
use crate::law::{page, page_call};
use crate::probe::Call;
use crate::record::recipe::{Recipe, Taken};
use crate::run::{Row, Scene, Stop};

/// Tries to see the newest rows of a list before somebody else makes one.
const TRIES: usize = 4;

pub(super) fn recipes(atlas: &Atlas) -> Vec<Recipe> {
    let mut found = Vec::new();
    for list in atlas.lists().filter(|op| atlas.reachable(op)) {
        let kin = atlas.kin_of(list).filter(|kin| kin.create.as_ref().is_some_and(|op| atlas.reachable(op)));
        if let Some(kin) = kin {
            if let Some(fence) = Fence::of(atlas, list, kin) {
                found.extend(in_corner(atlas, list, kin, &fence));
            }
            if !list.has_slot(Slot::Parent) {
                found.extend(newest(atlas, list, kin));
            }
        }
        found.extend(wrong(atlas, list));
    }
    found
}

/// What a page of a part of the list is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Page {
    Empty,
    Whole,
    First,
    Last,
    Beyond,
    Largest,
    Deleted,
    UnknownParameter,
}

fn in_corner(atlas: &Atlas, list: &Op, kin: &Kin, fence: &Fence) -> Vec<Recipe> {
    let mut pages = vec![
        ("empty", "a list of nothing", Page::Empty),
        ("rows", if fence.is_wide() { "a list of two rows" } else { "a list of one row" }, Page::Whole),
        ("unknown-parameter", "a parameter nobody knows", Page::UnknownParameter),
    ];
    if kin.delete.is_some() {
        pages.push(("deleted-row", "a list whose only row was deleted", Page::Deleted));
    }
    let paged = atlas.rules().pagination.as_ref().filter(|rule| takes(list, &rule.cursor.parameter));
    if paged.is_some() {
        pages.push(("largest-limit", "the greatest limit", Page::Largest));
        if fence.is_wide() {
            pages.push(("first-page", "the first page of two", Page::First));
            pages.push(("last-page", "the last page of two", Page::Last));
            pages.push(("beyond-the-end", "a cursor with nothing older", Page::Beyond));
        }
    }
    let all = pages.into_iter().map(|(name, class, which)| {
        let (target, rows, fence) = (list.clone(), kin.clone(), fence.clone());
        let act = async move |scene: &mut Scene| paging(scene, &target, &rows, &fence, which).await;
        Recipe::new(list, name, class, act).cost(if which == Page::Empty { 3 } else { 6 }).naming(atlas)
    });
    all.collect()
}

fn takes(op: &Op, name: &str) -> bool {
    op.parameter(ParameterLocation::Query, name).is_some()
}

async fn paging(scene: &mut Scene, list: &Op, kin: &Kin, fence: &Fence, which: Page) -> Taken {
    let corner = Corner::new(scene, list, kin, fence).await?;
    let count = match which {
        Page::Empty => 0,
        Page::Whole | Page::First | Page::Last if fence.is_wide() => 2,
        _ => 1,
    };
    let rows = corner.rows(scene, kin, count).await?;
    let call = corner.call.clone();
    let rule = scene.atlas().rules().pagination.clone();
    let limit =
        |most: bool| rule.as_ref().map(|rule| if most { rule.limit.maximum } else { rule.limit.minimum });
    let call = match which {
        Page::Empty | Page::Whole => call,
        Page::Deleted => {
            let delete = kin.delete.as_ref().zip(rows.first());
            let (delete, row) = delete.ok_or_else(|| Stop::NotJudged("nothing deletes it".to_owned()))?;
            let deleted = scene.send(Call::of(delete).own(&row.id)).await?;
            scene.must(&deleted)?;
            call
        }
        Page::UnknownParameter => call.query("conformance_unknown_parameter", "1"),
        Page::Largest => page_call(scene.atlas(), call, limit(true), None),
        Page::First => page_call(scene.atlas(), call, limit(false), None),
        Page::Last => {
            let first = page_call(scene.atlas(), call.clone(), limit(false), None);
            let first = scene.send(first).await?;
            scene.must(&first)?;
            let next = page(scene.atlas(), &first).and_then(|page| page.next.map(str::to_owned));
            let next = next.ok_or_else(|| Stop::NotJudged("the first page names no next one".to_owned()))?;
            page_call(scene.atlas(), call, limit(false), Some(&next))
        }
        Page::Beyond => {
            let cursor = created(rule.as_ref(), rows.first())?;
            page_call(scene.atlas(), call, None, Some(&cursor))
        }
    };
    scene.send(call).await
}

fn created(rule: Option<&Pagination>, row: Option<&Row>) -> Result<String, Stop> {
    let text = rule.zip(row).and_then(|(rule, row)| row.text(&rule.order.field));
    text.map(str::to_owned)
        .ok_or_else(|| Stop::NotJudged("the rows do not tell when they were made".to_owned()))
}

/// The newest rows of a list that is everybody's.
fn newest(atlas: &Atlas, list: &Op, kin: &Kin) -> Vec<Recipe> {
    let Some(rule) = atlas.rules().pagination.clone().filter(|rule| takes(list, &rule.limit.parameter))
    else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for second in [false, true] {
        let (target, rows, rule) = (list.clone(), kin.clone(), rule.clone());
        let (name, class) = if second {
            ("second-newest", "the second page of one row each")
        } else {
            ("newest", "the first page of one row")
        };
        let act = async move |scene: &mut Scene| look(scene, &target, &rows, &rule, second).await;
        found.push(Recipe::new(list, name, class, act).cost(7).alone().naming(atlas));
    }
    found
}

async fn look(scene: &mut Scene, list: &Op, kin: &Kin, rule: &Pagination, second: bool) -> Taken {
    for _ in 0..TRIES {
        // One more than is looked at, so that there is more in any case.
        let made = in_turn(scene, kin, if second { 3 } else { 2 }, None, &Map::new()).await?;
        let wanted = &made[made.len() - 1 - usize::from(second)];
        let cursor = if second { Some(created(Some(rule), made.last())?) } else { None };
        let call = page_call(scene.atlas(), Call::of(list), Some(rule.limit.minimum), cursor.as_deref());
        let exchange = scene.send(call).await?;
        let foreign = page(scene.atlas(), &exchange)
            .is_some_and(|page| page.rows.iter().all(|row| kin.id_of(row).as_deref() != Some(&wanted.id)));
        if !foreign || !exchange.is_success() {
            return Ok(exchange);
        }
        let ours = page(scene.atlas(), &exchange).is_some_and(|page| {
            page.rows.iter().any(|row| made.iter().any(|made| kin.id_of(row).as_deref() == Some(&made.id)))
        });
        // Rows of ours in another order, or none although nobody else is there, are what is to be recorded.
        if ours {
            return Ok(exchange);
        }
    }
    Err(Stop::NotJudged(
        "others make rows all the time, so the newest ones are not the recording's own".to_owned(),
    ))
}

fn wrong(atlas: &Atlas, list: &Op) -> Vec<Recipe> {
    let mut values: Vec<(String, String, String, String)> = Vec::new();
    if let Some(rule) = &atlas.rules().pagination {
        let limit = &rule.limit.parameter;
        if takes(list, limit) {
            let mut add = |name: &str, class: &str, value: String| {
                values.push((format!("{limit}-{name}"), format!("{limit} is {class}"), limit.clone(), value));
            };
            if let Some(under) = rule.limit.minimum.checked_sub(1) {
                add("too-small", "just under its least", under.to_string());
            }
            add("too-big", "just over its most", (rule.limit.maximum + 1).to_string());
            add("no-number", "no number", "many".to_owned());
        }
        let cursor = &rule.cursor.parameter;
        if takes(list, cursor) {
            let class = format!("{cursor} is no instant");
            values.push((format!("{cursor}-bad"), class, cursor.clone(), "not-a-cursor".to_owned()));
        }
    }
    values.extend(super::filter::wrong_values(atlas, list));
    let crowded = !list.has_slot(Slot::Parent);
    values
        .into_iter()
        .map(|(name, class, parameter, value)| {
            let target = list.clone();
            let act = async move |scene: &mut Scene| {
                let call = scene.aim(&target)?.query(&parameter, &value);
                scene.send(call).await
            };
            Recipe::refusal(list, name, class, act).crowded(crowded).naming(atlas)
        })
        .collect()
}
