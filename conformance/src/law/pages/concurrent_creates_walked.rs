//! A walk meets rows that were created at the same time, each once.

use serde_json::{Map, Value};

use super::paged_list::{ORDER, PAGES, paged_lists};
use crate::contract::{Api, Aspect, Expected, Operation, Paging, PathSlot, Resource};
use crate::judge::{instant, is_whole_second};
use crate::law::{Case, Family, Law};
use crate::scenario::{CaseContext, CaseError, CaseResult, Page, Row, page_request};

pub(crate) static LAW: Law = Law {
    id: "concurrent-creates-walked",
    family: Family::Pages,
    says: "a walk meets rows that were created at the same time, each once and in order",
    why: "Rows with one creation time cannot be told apart by a cursor: all but one of them are skipped.",
    ..Law::by_cases(cases)
};

/// Rows created at the same time.
const CONCURRENT: usize = 4;

/// The first list of rows with an owner to themselves will do: the same clock stamps all rows.
fn cases(api: &Api) -> Vec<Case> {
    let case = paged_lists(api).into_iter().find_map(|list| {
        let parent = list.resource.parent.as_ref().filter(|_| list.op.has_slot(PathSlot::Parent))?;
        let owner = api.resource(&parent.resource).filter(|owner| owner.create.is_some())?;
        list.resource.create.as_ref()?;
        let trial = Trial {
            list: list.op.clone(),
            resource: list.resource.clone(),
            owner: owner.clone(),
            rule: list.rule.clone(),
        };
        let run = async move |cx: &mut CaseContext| trial.run(cx).await;
        // The owner, its rows, a page for each.
        let case = Case::new(&LAW, list.op, run).sends(1 + 2 * CONCURRENT).creates(1, owner);
        let case = case.creates(CONCURRENT, list.resource).standing(list.rule.standing).place(PAGES);
        Some(case.needs(list.needs(api)).needs(api.makers(list.resource)))
    });
    case.into_iter().collect()
}

struct Trial {
    list: Operation,
    resource: Resource,
    owner: Resource,
    rule: Paging,
}

impl Trial {
    async fn run(&self, cx: &mut CaseContext) -> CaseResult {
        let Self { resource, owner, rule, .. } = self;
        let owner = cx.create_row(owner).await?;
        let mut requests = Vec::new();
        for _ in 0..CONCURRENT {
            requests.push(cx.create_request(resource, Some(&owner), Map::new())?);
        }
        let mut rows: Vec<Row> = Vec::new();
        for answer in &cx.send_all(requests).await? {
            cx.require_success(answer)?;
            rows.push(cx.row_of(resource, answer).await?);
        }
        // A clock of whole seconds cannot but make them tie; one that is finer shows a whole second now and then.
        let time = |row: &Row| row.text(&rule.order.field).map(str::to_owned);
        let shown: Option<Vec<String>> = rows.iter().map(time).collect();
        if shown.is_none_or(|shown| shown.into_iter().chain(time(&owner)).all(|time| is_whole_second(&time)))
        {
            return Err(CaseError::NotJudged("creation times show whole seconds".to_owned()));
        }
        self.walk(cx, &owner, &rows).await
    }

    /// Page by page of as few rows as may be asked for.
    async fn walk(&self, cx: &mut CaseContext, owner: &Row, rows: &[Row]) -> CaseResult {
        let Self { list, resource, rule, .. } = self;
        let mut seen: Vec<(String, String)> = Vec::new();
        let mut cursor: Option<String> = None;
        let mut step = 0;
        for _ in 0..=CONCURRENT {
            let request = owner.request_under(list);
            let request = page_request(request, Some(rule.limit.minimum.max(1)), cursor.as_deref());
            let exchange = cx.send(request).await?;
            cx.require_success(&exchange)?;
            step = exchange.step;
            let Some(page) = Page::of(cx.api(), &exchange.request, exchange.json.as_ref()) else {
                return Ok(());
            };
            let time = |row: &Value| {
                row.get(&rule.order.field).and_then(Value::as_str).unwrap_or_default().to_owned()
            };
            seen.extend(page.rows.iter().filter_map(|row| Some((resource.id_of(row)?, time(row)))));
            match page.next {
                Some(next) if page.has_more && cursor.as_ref() != Some(&next) => cursor = Some(next),
                _ => break,
            }
        }
        seen.retain(|(id, _)| rows.iter().any(|row| row.id == *id));
        let missing = rows.iter().filter(|row| seen.iter().all(|(id, _)| *id != row.id)).count();
        let descending = rule.order.direction == "descending";
        let in_order = |pair: &[(String, String)]| match (instant(&pair[0].1), instant(&pair[1].1)) {
            (Some(first), Some(second)) if descending => first >= second,
            (Some(first), Some(second)) => first <= second,
            _ => true,
        };
        let (aspect, place, message, expected) = if missing > 0 {
            let message = format!(
                "of {CONCURRENT} rows created at the same time, a walk over {} never meets {missing}",
                list.id
            );
            ("missing", PAGES, message, "every row")
        } else if seen.len() > rows.len() {
            ("twice", PAGES, format!("a walk over {} meets a row twice", list.id), "every row once")
        } else if !seen.windows(2).all(in_order) {
            let message = format!("a walk over {} meets rows created at the same time out of order", list.id);
            ("order", ORDER, message, "the stated order")
        } else {
            return Ok(());
        };
        let breach = cx.breach(step, Aspect::Other(aspect), message, Expected::words(expected));
        breach.standing(rule.standing).place(place);
        Ok(())
    }
}
