//! Asking for a page of a list, and reading it.

use schemas::ParameterLocation;
use serde_json::Value;

use crate::contract::{Api, Operation};
use crate::http::Request;

/// A request for a page, with as many rows and from where on as is asked for.
pub(crate) fn page_request(api: &Api, request: Request, limit: Option<u64>, cursor: Option<&str>) -> Request {
    let Some(paging) = &api.paging else { return request };
    let takes = |op: &Operation, name: &str| op.parameter(ParameterLocation::Query, name).is_some();
    let limit = limit.filter(|_| request.op.as_ref().is_some_and(|op| takes(op, &paging.limit.parameter)));
    let mut request = match limit {
        Some(limit) => request.query(&paging.limit.parameter, limit.to_string()),
        None => request,
    };
    if let Some(cursor) = cursor {
        request = request.query(&paging.cursor.parameter, cursor);
    }
    request
}

/// What a page says.
pub(crate) struct Page<'a> {
    pub(crate) rows: &'a [Value],
    pub(crate) has_more: bool,
    pub(crate) next: Option<&'a str>,
}

impl<'a> Page<'a> {
    /// Reads a body; without a rule of pages the body is a bare array of rows.
    pub(crate) fn read(api: &Api, body: Option<&'a Value>) -> Option<Self> {
        let body = body?;
        let Some(paging) = &api.paging else {
            return Some(Self { rows: body.as_array()?, has_more: false, next: None });
        };
        let envelope = &paging.envelope;
        Some(Self {
            rows: body.pointer(&envelope.rows)?.as_array()?,
            has_more: body.pointer(&envelope.has_more).and_then(Value::as_bool).unwrap_or(false),
            next: body.pointer(&envelope.next_cursor).and_then(Value::as_str),
        })
    }
}
