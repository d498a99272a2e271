//! Walking over the pages of a list.

use schemas::Order;
use serde_json::{Map, Value};

use super::context::CaseContext;
use super::error::CaseError;
use super::page::{Page, page_request};
use super::row::Row;
use crate::contract::{Operation, Resource};
use crate::http::Request;
use crate::judge::instant;

/// Pages after which a walk is given up: the list is other people's too.
const MOST_PAGES: usize = 12;

/// What a walk over a list found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Ids of wanted rows, in the order they came, repeats included.
    pub(crate) ids: Vec<String>,
    /// The wanted rows.
    pub(crate) rows: Vec<Value>,
    /// The step whose response ended the walk.
    pub(crate) step: usize,
    /// The walk saw the end of the list, or rows older than all that were wanted.
    pub(crate) whole: bool,
    /// The last row of each page that was not the last.
    pub(crate) last_of_pages: Vec<Value>,
}

impl CaseContext {
    /// What the pages of a list say of some rows: which of them are there, and how often.
    pub(crate) async fn find(&mut self, list: Request, wanted: &[&Row]) -> Result<Found, CaseError> {
        walk(self, list, wanted).await
    }
}

/// Looks for rows in a list, by large pages, until they are found or cannot come any more.
async fn walk(cx: &mut CaseContext, list: Request, wanted: &[&Row]) -> Result<Found, CaseError> {
    let most = list.op.as_ref().and_then(Operation::biggest_page);
    let stated = list.op.as_ref().and_then(|op| op.pages.as_ref()?.order.clone());
    let order = stated.filter(Order::is_descending).map(|order| order.field);
    let oldest = wanted.iter().filter_map(|row| row.text(order.as_deref()?).and_then(instant)).min();
    let mut found = Found::default();
    let mut cursor: Option<String> = None;
    for _ in 0..MOST_PAGES {
        let request = page_request(list.clone(), most, cursor.as_deref());
        let exchange = cx.send(request).await?;
        cx.require_success(&exchange)?;
        found.step = exchange.step;
        let Some(page) = Page::of(cx.api(), &exchange.request, exchange.json.as_ref()) else {
            return Err(CaseError::NotJudged("a page cannot be read".to_owned()));
        };
        for row in page.rows {
            if let Some(known) =
                wanted.iter().find(|known| known.resource.id_of(row).as_deref() == Some(known.id.as_str()))
            {
                found.ids.push(known.id.clone());
                found.rows.push(row.clone());
            }
        }
        let last = page.rows.last().and_then(|row| row.get(order.as_deref()?)?.as_str()).and_then(instant);
        let passed = last.zip(oldest).is_some_and(|(last, oldest)| last < oldest);
        found.whole = passed || !page.has_more;
        if found.whole || wanted.iter().all(|row| found.ids.contains(&row.id)) {
            return Ok(found);
        }
        match page.next {
            Some(next) if cursor.as_ref() != Some(&next) => {
                cursor = Some(next);
                found.last_of_pages.extend(page.rows.last().cloned());
            }
            _ => break,
        }
    }
    Ok(found)
}

/// Whether a row shows the texts of a body.
fn shows(row: &Value, sent: &Map<String, Value>) -> bool {
    let mut texts = sent.iter().filter(|(_, value)| value.is_string()).peekable();
    texts.peek().is_some() && texts.all(|(name, value)| row.get(name).is_none_or(|shown| shown == value))
}

/// The rows that show the texts of a body, by the newest page of their first list, and the step that asked for it.
/// `None` where a body says nothing by which its row can be known again.
pub(crate) async fn rows_like(
    cx: &mut CaseContext,
    resource: &Resource,
    sent: &Map<String, Value>,
) -> Result<Option<(Vec<Value>, usize)>, CaseError> {
    let Some(list) = resource.lists.first().cloned() else { return Ok(None) };
    let named = resource.fields.keys().any(|field| {
        sent.get(field).is_some_and(|value| {
            value.is_string()
                && resource.parent.as_ref().is_none_or(|parent| parent.field.as_ref() != Some(field))
        })
    });
    if !named {
        return Ok(None);
    }
    let most = list.biggest_page();
    let request = page_request(cx.request_for(&list)?, most, None);
    let exchange = cx.send(request).await?;
    cx.require_success(&exchange)?;
    let rows = Page::of(cx.api(), &exchange.request, exchange.json.as_ref())
        .map(|page| page.rows.iter().filter(|row| shows(row, sent)).cloned().collect());
    Ok(rows.map(|rows| (rows, exchange.step)))
}
