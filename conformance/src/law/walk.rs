//! Walking over the pages of a list.

use serde_json::{Map, Value};

use crate::atlas::{Atlas, Kin, Op};
use crate::judge::instant;
use crate::probe::Call;
use crate::run::{Exchange, Found, Row, Scene, Stop};

/// Pages after which a walk is given up: the list is other people's too.
const MOST_PAGES: usize = 12;

/// The query parameters of a page.
pub(crate) fn page_call(atlas: &Atlas, call: Call, limit: Option<u64>, cursor: Option<&str>) -> Call {
    let Some(paging) = &atlas.rules().pagination else { return call };
    let takes = |name: &str| {
        call.op
            .as_ref()
            .is_some_and(|op: &Op| op.parameter(schemas::ParameterLocation::Query, name).is_some())
    };
    let limit = limit.filter(|_| takes(&paging.limit.parameter));
    let mut call = match limit {
        Some(limit) => call.query(&paging.limit.parameter, limit.to_string()),
        None => call,
    };
    if let Some(cursor) = cursor {
        call = call.query(&paging.cursor.parameter, cursor);
    }
    call
}

/// A page, taken apart.
pub(crate) struct Page<'a> {
    pub(crate) rows: &'a [Value],
    pub(crate) has_more: bool,
    pub(crate) next: Option<&'a str>,
}

/// Takes a page apart; without a rule of pages the body or its only array is the page.
pub(crate) fn page<'a>(atlas: &Atlas, exchange: &'a Exchange) -> Option<Page<'a>> {
    page_of(atlas, exchange.json.as_ref())
}

/// The same, of a body.
pub(crate) fn page_of<'a>(atlas: &Atlas, body: Option<&'a Value>) -> Option<Page<'a>> {
    let body = body?;
    let Some(paging) = &atlas.rules().pagination else {
        return Some(Page { rows: body.as_array()?, has_more: false, next: None });
    };
    let envelope = &paging.envelope;
    Some(Page {
        rows: body.pointer(&envelope.rows)?.as_array()?,
        has_more: body.pointer(&envelope.has_more).and_then(Value::as_bool).unwrap_or(false),
        next: body.pointer(&envelope.next_cursor).and_then(Value::as_str),
    })
}

/// Looks for rows in a list, by large pages, until they are found or cannot come any more.
pub(crate) async fn walk(scene: &mut Scene, list: Call, wanted: &[&Row]) -> Result<Found, Stop> {
    let most = scene.atlas().rules().pagination.as_ref().map(|paging| paging.limit.maximum);
    let order = scene.atlas().rules().pagination.as_ref().map(|paging| paging.order.field.clone());
    let oldest = wanted.iter().filter_map(|row| row.text(order.as_deref()?).and_then(instant)).min();
    let mut found = Found::default();
    let mut cursor: Option<String> = None;
    for _ in 0..MOST_PAGES {
        let call = page_call(scene.atlas(), list.clone(), most, cursor.as_deref());
        let exchange = scene.send(call).await?;
        scene.must(&exchange)?;
        found.step = exchange.step;
        let Some(page) = page(scene.atlas(), &exchange) else {
            return Err(Stop::NotJudged("a page cannot be read".to_owned()));
        };
        for row in page.rows {
            if let Some(known) =
                wanted.iter().find(|known| known.kin.id_of(row).as_deref() == Some(known.id.as_str()))
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
            Some(next) if cursor.as_deref() != Some(next) => cursor = Some(next.to_owned()),
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
    scene: &mut Scene,
    kin: &Kin,
    sent: &Map<String, Value>,
) -> Result<Option<(Vec<Value>, usize)>, Stop> {
    let Some(list) = kin.lists.first().cloned() else { return Ok(None) };
    let named = kin.fields.keys().any(|field| {
        sent.get(field).is_some_and(|value| {
            value.is_string() && kin.parent.as_ref().is_none_or(|parent| parent.field != *field)
        })
    });
    if !named {
        return Ok(None);
    }
    let most = scene.atlas().rules().pagination.as_ref().map(|rule| rule.limit.maximum);
    let call = page_call(scene.atlas(), scene.aim(&list)?, most, None);
    let exchange = scene.send(call).await?;
    scene.must(&exchange)?;
    let rows = page(scene.atlas(), &exchange)
        .map(|page| page.rows.iter().filter(|row| shows(row, sent)).cloned().collect());
    Ok(rows.map(|rows| (rows, exchange.step)))
}
