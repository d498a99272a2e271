//! Pages of rows.

use std::sync::Arc;

use schemas::{PageStyle, Pagination, ParameterLocation};
use serde_json::Value;

use super::RequestContext;
use super::pages::{FilledPage, PageForm};
use crate::answer::Answer;
use crate::clock::{format_ms, parse_bound};
use crate::refusal::kind;
use crate::store::{NO_OWNER, Row, RowState, State, filter_text};

/// Rows on a page whose size nobody says.
const USUAL_SIZE: usize = 20;

/// What a request selects.
#[derive(Debug, Default)]
struct Selected<'a> {
    /// Fields with the value that rows have.
    filters: Vec<(&'a str, String)>,
    /// Fields with values of which rows have one.
    several: Vec<(&'a str, Vec<String>)>,
    /// The key of the owner, where rows do not show it.
    owner: Option<i64>,
}

impl RequestContext<'_> {
    /// Answers a page.
    pub(super) fn list(&self) -> Result<Answer, Answer> {
        let state = self.workspace.state.read();
        let selected = self.selected(&state)?;
        let rule = self.prepared.operation.pages.as_ref();
        let filters: Vec<(&str, &str)> =
            selected.filters.iter().map(|(field, value)| (*field, value.as_str())).collect();
        let table = self.table(&state, self.prepared.resource)?;
        if let Some(template) = self.prepared.list.as_ref()
            && selected.several.is_empty()
            && selected.owner.is_none()
        {
            let before = self.cursor(rule)?;
            let page = table.page(&filters, before, self.page_size(rule));
            drop(state);
            return Ok(self.success_with(template.write(&page)));
        }
        let mut rows = table.matching(&filters, selected.owner);
        drop(state);
        if !selected.several.is_empty() {
            rows.retain(|row| {
                let row = row.value();
                selected.several.iter().all(|(field, wanted)| {
                    let has = |value: &Value| {
                        filter_text(value).is_some_and(|text| wanted.contains(&text.into_owned()))
                    };
                    match row.get(*field) {
                        Some(Value::Array(values)) => values.iter().any(has),
                        Some(value) => has(value),
                        None => false,
                    }
                })
            });
        }
        let form = self.prepared.pages.as_ref().ok_or_else(|| {
            let message = "The description does not say how a page of this operation is written.";
            self.refusals.of_kind(kind::INTERNAL, 500, message)
        })?;
        if !form.descending {
            rows.reverse();
        }
        let page = self.cut(&rows, rule, form)?;
        let (body, headers) = form.write(&page);
        let answer = self.success_with(body.to_string());
        Ok(headers.iter().fold(answer, |answer, (name, value)| answer.with_header(name, value)))
    }

    /// The filters that a request has, and the owner that its path names.
    fn selected<'s>(&'s self, state: &State) -> Result<Selected<'s>, Answer> {
        let mut selected = Selected::default();
        if let Some(owner) = self.owner(state)? {
            let parent = self.resource(self.prepared.resource)?.parent.as_ref().ok_or_else(|| self.lost())?;
            match parent.field.as_deref() {
                Some(field) => selected.filters.push((field, owner.id.to_string())),
                None => selected.owner = Some(owner.key).filter(|key| *key != NO_OWNER),
            }
        }
        for selector in &self.prepared.filters {
            let Some(text) = self.parameters.query(&selector.parameter) else {
                continue;
            };
            if selector.several {
                let mine = self.parameters.query.iter().filter(|(name, _)| *name == selector.parameter);
                let texts: Vec<&str> = mine.map(|(_, text)| text.as_str()).collect();
                let parameter =
                    self.prepared.operation.parameter(ParameterLocation::Query, &selector.parameter);
                let wanted = match parameter.map(|parameter| parameter.decode(&texts)) {
                    Some(Value::Array(values)) => {
                        values.iter().filter_map(filter_text).map(std::borrow::Cow::into_owned).collect()
                    }
                    _ => vec![text.to_owned()],
                };
                selected.several.push((&selector.field, wanted));
                continue;
            }
            let value = match selector.refers {
                // A reference may be named by either id; one that names nothing selects nothing.
                Some(resource) => {
                    let row =
                        self.table(state, resource)?.find(text).filter(|row| row.state != RowState::Deleted);
                    row.map_or_else(|| "\u{1}".to_owned(), |row| row.id.to_string())
                }
                None => text.to_owned(),
            };
            selected.filters.push((&selector.field, value));
        }
        Ok(selected)
    }

    /// How many rows a page has at the most.
    fn page_size(&self, rule: Option<&Pagination>) -> usize {
        match rule.and_then(|rule| rule.limit.as_ref()) {
            Some(limit) => {
                let asked = self.parameters.query(&limit.parameter).and_then(whole_number);
                let limit = asked.unwrap_or(limit.default).clamp(limit.minimum, limit.maximum);
                usize::try_from(limit).unwrap_or(usize::MAX)
            }
            None if rule.is_some_and(|rule| rule.style == PageStyle::Page) => USUAL_SIZE,
            None => usize::MAX,
        }
    }

    /// The key of the row that a cursor names.
    fn cursor(&self, rule: Option<&Pagination>) -> Result<Option<i64>, Answer> {
        let cursor = rule.and_then(|rule| rule.cursor.as_ref());
        let Some((cursor, text)) =
            cursor.and_then(|cursor| Some((cursor, self.parameters.query(&cursor.parameter)?)))
        else {
            return Ok(None);
        };
        let is_opaque = rule.is_some_and(|rule| rule.order.is_none());
        let number = || text.parse::<i64>().ok().filter(|_| is_opaque);
        // An empty cursor is none, where nobody says what one looks like.
        if is_opaque && text.is_empty() {
            return Ok(None);
        }
        let field = &cursor.parameter;
        let message = format!("{field} must be an ISO 8601 instant");
        let key = parse_bound(text).or_else(number);
        key.map(Some).ok_or_else(|| match &cursor.rejection {
            Some(rejection) => self.refusals.of(rejection, &message, Some(field)),
            None => {
                self.refusals.of_kind(kind::VALUE_FORMAT, 400, &format!("{field} is no cursor of this list"))
            }
        })
    }

    /// The page of some rows, which are in order, that a request asks for.
    fn cut(
        &self,
        rows: &[Arc<Row>],
        rule: Option<&Pagination>,
        form: &PageForm,
    ) -> Result<FilledPage, Answer> {
        let size = self.page_size(rule);
        let total = rows.len();
        let asked = |parameter: &str| self.parameters.query(parameter).and_then(whole_number);
        let (mut number, mut first) = (1, 1);
        let start = match rule {
            Some(Pagination { style: PageStyle::Cursor, .. }) => match self.cursor(rule)? {
                Some(key) => {
                    let is_past = |row: &Arc<Row>| {
                        if form.descending { row.key < key } else { row.key > key }
                    };
                    rows.iter().position(is_past).unwrap_or(total)
                }
                None => 0,
            },
            Some(Pagination { style: PageStyle::Offset, offset: Some(offset), .. }) => {
                let before = asked(&offset.parameter).unwrap_or(offset.first).saturating_sub(offset.first);
                usize::try_from(before).unwrap_or(usize::MAX)
            }
            Some(Pagination { style: PageStyle::Page, page: Some(page), .. }) => {
                (first, number) = (page.first, asked(&page.parameter).unwrap_or(page.first).max(page.first));
                usize::try_from(number - first).unwrap_or(usize::MAX).saturating_mul(size)
            }
            Some(Pagination { style: PageStyle::After, after: Some(after), .. }) => {
                match self.parameters.query(&after.parameter).filter(|text| !text.is_empty()) {
                    Some(id) => {
                        let last = rows.iter().position(|row| *row.id == *id);
                        let message = format!("{} names no row of this list", after.parameter);
                        let refused = || self.refusals.of_kind(kind::VALUE_FORMAT, 400, &message);
                        last.ok_or_else(refused)? + 1
                    }
                    None => 0,
                }
            }
            _ => 0,
        };
        let end = start.saturating_add(size).min(total);
        let start = start.min(total);
        let more = end < total;
        let by_number = rule.is_some_and(|rule| rule.style == PageStyle::Page);
        if !by_number && size > 0 && size < usize::MAX {
            number = 1 + (start / size) as u64;
        }
        let rows = rows.get(start..end).unwrap_or_default().to_vec();
        let (next, previous, next_cursor) = match rule {
            Some(rule) => {
                let last = rows.last().filter(|_| more);
                let token = last.and_then(|last| match rule.style {
                    PageStyle::Cursor => Some(self.token(rule, last.key)),
                    PageStyle::Offset => {
                        Some((end as u64 + rule.offset.as_ref().map_or(0, |offset| offset.first)).to_string())
                    }
                    PageStyle::Page => Some((number + 1).to_string()),
                    PageStyle::After => Some(last.id.to_string()),
                    PageStyle::None => None,
                });
                let back = match rule.style {
                    PageStyle::Offset if start > 0 => {
                        let first = rule.offset.as_ref().map_or(0, |offset| offset.first);
                        Some((start.saturating_sub(size) as u64 + first).to_string())
                    }
                    PageStyle::Page if number > first => Some((number - 1).to_string()),
                    _ => None,
                };
                let url = |token: Option<String>| Some(self.url_with(&[(rule.position()?, Some(token?))]));
                (url(token.clone()), url(back), token)
            }
            None => (None, None, None),
        };
        let size = if size == usize::MAX { rows.len() } else { size };
        let pages = total.div_ceil(size.max(1));
        Ok(FilledPage { rows, total, start, size, number, pages, more, next_cursor, next, previous })
    }

    /// The cursor after a row: its time, or its key where a cursor must be a number.
    fn token(&self, rule: &Pagination, key: i64) -> String {
        let parameter = rule
            .position()
            .and_then(|name| self.prepared.operation.parameter(ParameterLocation::Query, name));
        let time = format_ms(key);
        let fits = parameter.is_none_or(|parameter| parameter.schema.is_valid(&parameter.decode(&[&time])));
        if fits { time } else { key.to_string() }
    }
}

/// A whole number as JSON may write it: `5`, `5.0`, `5e0`.
fn whole_number(text: &str) -> Option<u64> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "held against the schema's bounds before"
    )]
    text.parse().ok().or_else(|| Some(text.parse::<f64>().ok()? as u64))
}
