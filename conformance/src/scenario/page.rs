//! Asking for a page of a list, and reading it.

use schemas::{PageStyle, Pagination, ParameterLocation};
use serde_json::Value;

use crate::contract::{Api, Operation, id_text};
use crate::http::Request;

/// A request for a page, with as many rows and from where on as is asked for: in the words of the list's own pages.
pub(crate) fn page_request(request: Request, limit: Option<u64>, from: Option<&str>) -> Request {
    let Some(paging) = request.op.as_ref().and_then(|op| op.pages.clone()) else { return request };
    let takes = |op: &Operation, name: &str| op.parameter(ParameterLocation::Query, name).is_some();
    let size = paging.limit.as_ref().zip(limit);
    let size = size.filter(|(size, _)| request.op.as_ref().is_some_and(|op| takes(op, &size.parameter)));
    let mut request = match size {
        Some((size, limit)) => {
            request.query(&size.parameter, limit.clamp(size.minimum, size.maximum).to_string())
        }
        None => request,
    };
    if let Some((parameter, from)) = paging.position().zip(from) {
        request = request.query(parameter, from);
    }
    request
}

/// What a page says.
#[derive(Debug)]
pub(crate) struct Page<'a> {
    pub(crate) rows: &'a [Value],
    pub(crate) has_more: bool,
    /// From where on the next page is: what [`page_request`] takes.
    pub(crate) next: Option<String>,
}

impl<'a> Page<'a> {
    /// Reads the answer to a request for a page; without a rule of pages the rows are an array, bare or the only one of
    /// an object.
    pub(crate) fn of(api: &Api, request: &Request, body: Option<&'a Value>) -> Option<Self> {
        let (op, body) = (request.op.as_ref()?, body?);
        let Some(paging) = &op.pages else {
            return Some(Self { rows: the_array(body)?, has_more: false, next: None });
        };
        let rows = body.pointer(&paging.envelope.rows)?.as_array()?;
        let next = next(api, request, paging, body, rows);
        let has_more = has_more(request, paging, body, rows.len(), next.is_some());
        Some(Self { rows, has_more, next })
    }
}

/// The rows of a list that is answered whole.
fn the_array(body: &Value) -> Option<&[Value]> {
    if let Some(rows) = body.as_array() {
        return Some(rows);
    }
    let mut arrays = body.as_object()?.values().filter_map(Value::as_array);
    arrays.next().filter(|_| arrays.next().is_none()).map(Vec::as_slice)
}

/// The value of a parameter that a request has, as a number.
fn number(request: &Request, parameter: &str) -> Option<u64> {
    request.query.iter().find(|(name, _)| name == parameter).and_then(|(_, value)| value.parse().ok())
}

/// From where on the page after one is.
fn next(api: &Api, request: &Request, paging: &Pagination, body: &Value, rows: &[Value]) -> Option<String> {
    match paging.style {
        PageStyle::None => None,
        PageStyle::Cursor => id_text(body.pointer(paging.envelope.next_cursor.as_deref()?)?),
        PageStyle::Offset => {
            let offset = paging.offset.as_ref()?;
            let from = number(request, &offset.parameter).unwrap_or(offset.first);
            Some((from + rows.len() as u64).to_string())
        }
        PageStyle::Page => {
            let page = paging.page.as_ref()?;
            Some((number(request, &page.parameter).unwrap_or(page.first) + 1).to_string())
        }
        PageStyle::After => api.resource_of(request.op.as_ref()?)?.id_of(rows.last()?),
    }
}

/// Whether there are rows after a page: as it says, else by how many there are, else where it is full.
fn has_more(request: &Request, paging: &Pagination, body: &Value, count: usize, goes_on: bool) -> bool {
    let at = |pointer: &Option<String>| pointer.as_deref().and_then(|pointer| body.pointer(pointer));
    if let Some(stated) = at(&paging.envelope.has_more).and_then(Value::as_bool) {
        return stated;
    }
    if paging.style == PageStyle::Cursor || !goes_on {
        return goes_on;
    }
    if count == 0 {
        return false;
    }
    if let Some(next) = paging.envelope.next.as_deref().and_then(|pointer| body.pointer(pointer)) {
        return !next.is_null();
    }
    let size = paging.limit.as_ref().map(|limit| number(request, &limit.parameter).unwrap_or(limit.default));
    let total = at(&paging.envelope.total).and_then(Value::as_u64);
    let before = match (paging.style, &paging.offset, &paging.page) {
        (PageStyle::Offset, Some(offset), _) => {
            Some(number(request, &offset.parameter).map_or(0, |from| from.saturating_sub(offset.first)))
        }
        (PageStyle::Page, _, Some(page)) => size.map(|size| {
            let turn = number(request, &page.parameter).map_or(0, |turn| turn.saturating_sub(page.first));
            turn.saturating_mul(size)
        }),
        _ => None,
    };
    if let Some((total, before)) = total.zip(before) {
        return before + (count as u64) < total;
    }
    size.is_none_or(|size| count as u64 >= size)
}
