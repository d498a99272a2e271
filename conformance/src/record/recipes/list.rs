//! Lists: empty ones, pages, the order of rows, and wrong parameters.

use schemas::ParameterLocation;
use serde_json::Map;

use super::corner::{Corner, Fence, in_turn};
use crate::contract::{Api, Operation, Paging, PathSlot, Resource};
use crate::http::Request;
use crate::record::recipe::{Recipe, Taken};
use crate::scenario::{CaseContext, CaseError, Page, Row, page_request};

/// Tries to see the newest rows of a list before somebody else makes one.
const TRIES: usize = 4;

pub(super) fn recipes(api: &Api) -> Vec<Recipe> {
    let mut found = Vec::new();
    for list in api.lists().filter(|op| api.reachable(op)) {
        let resource = api
            .resource_of(list)
            .filter(|resource| resource.create.as_ref().is_some_and(|op| api.reachable(op)));
        if let Some(resource) = resource {
            if let Some(fence) = Fence::of(api, list, resource) {
                found.extend(in_corner(api, list, resource, &fence));
            }
            if !list.has_slot(PathSlot::Parent) {
                found.extend(newest(api, list, resource));
            }
        }
        found.extend(wrong(api, list));
    }
    found
}

/// What a page of a part of the list is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PageKind {
    Empty,
    Whole,
    First,
    Last,
    Beyond,
    Largest,
    Deleted,
    UnknownParameter,
}

fn in_corner(api: &Api, list: &Operation, resource: &Resource, fence: &Fence) -> Vec<Recipe> {
    let mut pages = vec![
        ("empty", "a list of nothing", PageKind::Empty),
        ("rows", if fence.is_wide() { "a list of two rows" } else { "a list of one row" }, PageKind::Whole),
        ("unknown-parameter", "a parameter nobody knows", PageKind::UnknownParameter),
    ];
    if resource.delete.is_some() {
        pages.push(("deleted-row", "a list whose only row was deleted", PageKind::Deleted));
    }
    let paged = api.paging.as_ref().filter(|rule| takes(list, &rule.cursor.parameter));
    if paged.is_some() {
        pages.push(("largest-limit", "the greatest limit", PageKind::Largest));
        if fence.is_wide() {
            pages.push(("first-page", "the first page of two", PageKind::First));
            pages.push(("last-page", "the last page of two", PageKind::Last));
            pages.push(("beyond-the-end", "a cursor with nothing older", PageKind::Beyond));
        }
    }
    let all = pages.into_iter().map(|(name, class, which)| {
        let (target, rows, fence) = (list.clone(), resource.clone(), fence.clone());
        let act = async move |cx: &mut CaseContext| paging(cx, &target, &rows, &fence, which).await;
        Recipe::new(list, name, class, act).cost(if which == PageKind::Empty { 3 } else { 6 }).naming(api)
    });
    all.collect()
}

fn takes(op: &Operation, name: &str) -> bool {
    op.parameter(ParameterLocation::Query, name).is_some()
}

async fn paging(
    cx: &mut CaseContext,
    list: &Operation,
    resource: &Resource,
    fence: &Fence,
    which: PageKind,
) -> Taken {
    let corner = Corner::new(cx, list, resource, fence).await?;
    let count = match which {
        PageKind::Empty => 0,
        PageKind::Whole | PageKind::First | PageKind::Last if fence.is_wide() => 2,
        _ => 1,
    };
    let rows = corner.rows(cx, resource, count).await?;
    let request = corner.request.clone();
    let rule = cx.api().paging.clone();
    let limit =
        |most: bool| rule.as_ref().map(|rule| if most { rule.limit.maximum } else { rule.limit.minimum });
    let request = match which {
        PageKind::Empty | PageKind::Whole => request,
        PageKind::Deleted => {
            let delete = resource.delete.as_ref().zip(rows.first());
            let (delete, row) =
                delete.ok_or_else(|| CaseError::NotJudged("nothing deletes it".to_owned()))?;
            let deleted = cx.send(row.request(delete)).await?;
            cx.require_success(&deleted)?;
            request
        }
        PageKind::UnknownParameter => request.query("conformance_unknown_parameter", "1"),
        PageKind::Largest => page_request(request, limit(true), None),
        PageKind::First => page_request(request, limit(false), None),
        PageKind::Last => {
            let first = page_request(request.clone(), limit(false), None);
            let first = cx.send(first).await?;
            cx.require_success(&first)?;
            let next = Page::of(cx.api(), &first.request, first.json.as_ref()).and_then(|page| page.next);
            let next =
                next.ok_or_else(|| CaseError::NotJudged("the first page names no next one".to_owned()))?;
            page_request(request, limit(false), Some(&next))
        }
        PageKind::Beyond => {
            let cursor = created(rule.as_ref(), rows.first())?;
            page_request(request, None, Some(&cursor))
        }
    };
    cx.send(request).await
}

fn created(rule: Option<&Paging>, row: Option<&Row>) -> Result<String, CaseError> {
    let text = rule.zip(row).and_then(|(rule, row)| row.text(&rule.order.field));
    text.map(str::to_owned)
        .ok_or_else(|| CaseError::NotJudged("the rows do not tell when they were made".to_owned()))
}

/// The newest rows of a list that is everybody's.
fn newest(api: &Api, list: &Operation, resource: &Resource) -> Vec<Recipe> {
    let Some(rule) = api.paging.clone().filter(|rule| takes(list, &rule.limit.parameter)) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for second in [false, true] {
        let (target, rows, rule) = (list.clone(), resource.clone(), rule.clone());
        let (name, class) = if second {
            ("second-newest", "the second page of one row each")
        } else {
            ("newest", "the first page of one row")
        };
        let act = async move |cx: &mut CaseContext| look(cx, &target, &rows, &rule, second).await;
        found.push(Recipe::new(list, name, class, act).cost(7).alone().naming(api));
    }
    found
}

async fn look(
    cx: &mut CaseContext,
    list: &Operation,
    resource: &Resource,
    rule: &Paging,
    second: bool,
) -> Taken {
    for _ in 0..TRIES {
        // One more than is looked at, so that there is more in any case.
        let made = in_turn(cx, resource, if second { 3 } else { 2 }, None, &Map::new()).await?;
        let wanted = &made[made.len() - 1 - usize::from(second)];
        let cursor = if second { Some(created(Some(rule), made.last())?) } else { None };
        let request = page_request(Request::of(list), Some(rule.limit.minimum), cursor.as_deref());
        let exchange = cx.send(request).await?;
        let foreign = Page::of(cx.api(), &exchange.request, exchange.json.as_ref()).is_some_and(|page| {
            page.rows.iter().all(|row| resource.id_of(row).as_deref() != Some(&wanted.id))
        });
        if !foreign || !exchange.is_success() {
            return Ok(exchange);
        }
        let ours = Page::of(cx.api(), &exchange.request, exchange.json.as_ref()).is_some_and(|page| {
            page.rows
                .iter()
                .any(|row| made.iter().any(|made| resource.id_of(row).as_deref() == Some(&made.id)))
        });
        // Rows of ours in another order, or none although nobody else is there, are what is to be recorded.
        if ours {
            return Ok(exchange);
        }
    }
    Err(CaseError::NotJudged(
        "others make rows all the time, so the newest ones are not the recording's own".to_owned(),
    ))
}

fn wrong(api: &Api, list: &Operation) -> Vec<Recipe> {
    let mut values: Vec<(String, String, String, String)> = Vec::new();
    if let Some(rule) = &api.paging {
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
    values.extend(super::filter::wrong_values(api, list));
    let crowded = !list.has_slot(PathSlot::Parent);
    values
        .into_iter()
        .map(|(name, class, parameter, value)| {
            let target = list.clone();
            let act = async move |cx: &mut CaseContext| {
                let request = cx.request_for(&target)?.query(&parameter, &value);
                cx.send(request).await
            };
            Recipe::refusal(list, name, class, act).crowded(crowded).naming(api)
        })
        .collect()
}
