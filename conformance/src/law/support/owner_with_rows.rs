//! The set-up that lists are looked at with: an owner with rows to itself, which nobody changes.

use std::time::Duration;

use serde_json::{Map, Value};

use crate::contract::{Api, Operation, PathSlot, Resource};
use crate::http::Request;
use crate::judge::{instant, is_whole_second};
use crate::scenario::{CaseContext, CaseError, Page, Row, Setup, SetupResult, SetupUse, page_request};

/// Rows that the owner has.
pub(crate) const ROWS: usize = 3;

/// Rows that nobody changes, created one after the other, and the owner that has them to itself, where rows have one.
#[derive(Debug, Clone)]
pub(crate) struct OwnerWithRows {
    resource: Resource,
    owner: Option<Resource>,
    setup: SetupUse,
}

impl OwnerWithRows {
    /// Rows of a resource.
    pub(crate) fn of(api: &Api, resource: &Resource) -> Self {
        let owner = resource.parent.as_ref().and_then(|parent| api.resource(&parent.resource)).cloned();
        let owner = owner.filter(|owner| owner.create.is_some());
        let owners = owner.as_ref().map_or(0, Resource::requests_per_row);
        let mut setup = SetupUse::of_rows(api, format!("family/{}", resource.name), ROWS, resource);
        setup.requests += owners;
        Self { resource: resource.clone(), owner, setup }
    }

    /// A request of a list that shows the rows, and the rows, the oldest first, with instants that differ.
    pub(crate) async fn listed_by(
        &self,
        cx: &mut CaseContext,
        list: &Operation,
    ) -> Result<(Request, Vec<Row>), CaseError> {
        let (owner, rows) = self.get(cx).await?;
        let request = match owner.filter(|_| list.has_slot(PathSlot::Parent)) {
            Some(owner) => owner.request_under(list),
            None => Request::of(list),
        };
        Ok((request, rows))
    }

    async fn create(&self, cx: &mut CaseContext) -> Result<SetupResult, CaseError> {
        let owner = match &self.owner {
            Some(owner) => Some(cx.create_row(owner).await?),
            None => None,
        };
        let order = cx.api().paging.as_ref().map(|rule| rule.order.field.clone());
        let order = order.unwrap_or_default();
        let mut rows: Vec<Row> = Vec::new();
        let mut ties = 0;
        while rows.len() < ROWS {
            let row = cx.create_row_with(&self.resource, owner.as_ref(), Map::new()).await?;
            let at = |row: &Row| row.text(&order).and_then(instant);
            let tied = rows.last().is_some_and(|last| at(last).is_some() && at(last) == at(&row));
            if !tied {
                rows.push(row);
                cx.wait(Duration::from_millis(2)).await;
                continue;
            }
            ties += 1;
            if ties > 2 * ROWS {
                let why = "rows made one after the other have the same creation time";
                return Err(CaseError::NotJudged(why.to_owned()));
            }
            // A clock of whole seconds: the row that ties is in the way of a cursor, so it is deleted. Another clock has
            // had time enough by now: what ties all the same is what a walk has to cope with.
            let whole = row.text(&order).is_some_and(is_whole_second);
            if !whole && ties > 1 {
                rows.push(row);
                continue;
            }
            if let Some(delete) = &self.resource.delete {
                cx.send(row.request(delete)).await?;
            }
            cx.wait(Duration::from_millis(if whole { 1_050 } else { 25 })).await;
        }
        Ok(SetupResult { rows: owner.into_iter().chain(rows).collect(), exchanges: Vec::new() })
    }
}

impl Setup for OwnerWithRows {
    type Output = (Option<Row>, Vec<Row>);

    fn describe(&self) -> SetupUse {
        self.setup.clone()
    }

    async fn get(&self, cx: &mut CaseContext) -> Result<Self::Output, CaseError> {
        let result = cx.once(&self.setup, async |cx: &mut CaseContext| self.create(cx).await).await?;
        let mut rows = result.rows;
        let owner = if rows.len() > ROWS { Some(rows.remove(0)) } else { None };
        Ok((owner, rows))
    }
}

/// Whether a clock of whole seconds makes one of some rows tie with a row that is none of them: then no cursor
/// distinguishes them.
pub(crate) async fn ties_with_others(
    cx: &mut CaseContext,
    list: &Request,
    rows: &[Row],
) -> Result<bool, CaseError> {
    let Some(rule) = cx.api().paging.clone() else { return Ok(false) };
    let request = page_request(list.clone(), Some(rule.limit.maximum), None);
    let exchange = cx.send(request).await?;
    let Some(page) = Page::of(cx.api(), &exchange.request, exchange.json.as_ref()) else { return Ok(false) };
    let time = |row: &Value| row.get(&rule.order.field).and_then(Value::as_str).map(str::to_owned);
    let is_ours =
        |row: &Value| rows.iter().any(|ours| ours.resource.id_of(row).as_deref() == Some(ours.id.as_str()));
    let others: Vec<String> = page.rows.iter().filter(|row| !is_ours(row)).filter_map(time).collect();
    let at = |text: &str| instant(text).filter(|_| is_whole_second(text));
    Ok(rows
        .iter()
        .filter_map(|row| time(&row.value))
        .any(|ours| at(&ours).is_some_and(|ours| others.iter().any(|other| at(other) == Some(ours)))))
}
