//! Pages in the form that a description gives them, whatever that is.

use std::sync::{Arc, OnceLock};

use http::header::LINK;
use schemas::{Operation, PageStyle, Pagination, Resource, Response, Sampler, Schema, Standing, pointer};
use serde_json::{Map, Value, json};

use super::shown::Shown;
use super::templates::PageTemplate;
use crate::store::Row;

/// How a page of a list is written.
#[derive(Debug)]
pub(crate) struct PageForm {
    schema: Schema,
    /// Where the rows stand.
    rows: String,
    rule: Option<Pagination>,
    /// How one row is shown.
    shown: Shown,
    /// Whether the newest row comes first.
    pub(crate) descending: bool,
    /// The page without its parts.
    around: OnceLock<Value>,
    /// Whether the header `Link` is described.
    linked: bool,
    /// Described headers that say how much there is.
    counted: Vec<(String, Counted)>,
}

/// What a header counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Counted {
    Rows,
    Pages,
    Page,
    Size,
}

/// A page that is to be written.
#[derive(Debug, Default)]
pub(crate) struct FilledPage {
    pub(crate) rows: Vec<Arc<Row>>,
    pub(crate) total: usize,
    /// How many rows come before it.
    pub(crate) start: usize,
    pub(crate) size: usize,
    /// Its number, and how many there are.
    pub(crate) number: u64,
    pub(crate) pages: usize,
    pub(crate) more: bool,
    pub(crate) next_cursor: Option<String>,
    pub(crate) next: Option<String>,
    pub(crate) previous: Option<String>,
}

impl PageForm {
    /// The quick way to write pages of rows as they are kept, where there is one, and the way for all pages.
    pub(crate) fn split(
        schema: Option<&Schema>,
        operation: &Operation,
        resource: &Resource,
        answer: Option<&Response>,
    ) -> (Option<PageTemplate>, Option<Self>) {
        let Some(schema) = schema else { return (None, None) };
        let rule = operation.pages.as_ref();
        let Some(rows) = rows_at(schema, rule, resource) else { return (None, None) };
        let listed = if rows.is_empty() { Some(schema.clone()) } else { schema.within(&rows) };
        let shown =
            match listed.and_then(|listed| listed.form_of("array")?.items().or_else(|| listed.items())) {
                Some(items) => Shown::new(&items, "", resource),
                None => Shown::Kept,
            };
        let headers = || answer.into_iter().flat_map(|answer| &answer.headers);
        let form = Self {
            descending: match rule.and_then(|rule| rule.order.as_ref()) {
                Some(order) => order.is_descending(),
                None => resource.standing == Standing::Documented,
            },
            linked: headers().any(|header| header.name.eq_ignore_ascii_case("link")),
            counted: headers()
                .filter_map(|header| Some((header.name.clone(), counted(&header.name)?)))
                .collect(),
            schema: schema.clone(),
            rows,
            rule: rule.cloned(),
            shown,
            around: OnceLock::new(),
        };
        let template = form.is_simple().then(|| PageTemplate::new(schema, rule)).flatten();
        (template, Some(form))
    }

    /// Whether its pages are rows as they are kept, newest first, beside a cursor at the most.
    fn is_simple(&self) -> bool {
        let parts = self.rule.as_ref().is_none_or(|rule| {
            let by_cursor = matches!(rule.style, PageStyle::Cursor | PageStyle::None);
            by_cursor
                && rule.envelope.parts().all(|(part, at)| {
                    let fits =
                        |value: Value| self.schema.within(at).is_none_or(|schema| schema.is_valid(&value));
                    match part {
                        "has_more" => fits(json!(true)),
                        "next_cursor" => fits(Value::Null),
                        _ => false,
                    }
                })
        });
        let bare = self.rule.is_some() || self.rows.is_empty();
        let plain = !self.linked && self.counted.is_empty();
        parts && bare && plain && self.descending && matches!(self.shown, Shown::Kept)
    }

    /// The page as JSON, with its headers.
    pub(crate) fn write(&self, page: &FilledPage) -> (Value, Vec<(String, String)>) {
        let rows: Value = page.rows.iter().map(|row| self.shown.value(row)).collect();
        let mut body = self.around.get_or_init(|| self.around()).clone();
        if self.rows.is_empty() {
            body = rows;
        } else {
            pointer::set(&mut body, &self.rows, rows);
        }
        for (part, at) in self.rule.iter().flat_map(|rule| rule.envelope.parts()) {
            let text = |text: &Option<String>| text.clone().map_or(Value::Null, Value::String);
            let value = match part {
                "has_more" => json!(page.more),
                "next_cursor" => text(&page.next_cursor),
                "next" => text(&page.next),
                "previous" => text(&page.previous),
                "total" => json!(page.total),
                "count" => json!(page.rows.len()),
                "page" => json!(page.number),
                "pages" => json!(page.pages),
                "offset" => json!(page.start),
                _ => json!(page.size),
            };
            self.set(&mut body, at, value);
        }
        if !self.schema.is_valid(&body) {
            body = Sampler::new(&self.schema).repaired(body).0;
        }
        (body, self.headers(page))
    }

    /// Sets a part as the schema wants it: a number as a text where it must be one, nothing where null may not be.
    fn set(&self, body: &mut Value, at: &str, value: Value) {
        let Some(schema) = self.schema.within(at) else { return pointer::set(body, at, value) };
        let candidates = match &value {
            Value::Null => vec![Value::Null, json!("")],
            Value::Number(number) => vec![value.clone(), json!(number.to_string())],
            Value::String(text) => {
                let number = text.parse::<u64>().ok().map(Value::from);
                std::iter::once(value.clone()).chain(number).collect()
            }
            _ => vec![value.clone()],
        };
        match candidates.into_iter().find(|candidate| schema.is_valid(candidate)) {
            Some(fitting) => pointer::set(body, at, fitting),
            None => remove(body, at),
        }
    }

    /// What of a page is no part of the rule: required properties, and what parts stand in.
    fn around(&self) -> Value {
        let Some(Value::Object(sampled)) = Sampler::new(&self.schema).best() else { return json!({}) };
        let required = self.schema.required();
        let parts: Vec<&str> =
            self.rule.iter().flat_map(|rule| rule.envelope.parts()).map(|(_, at)| at).collect();
        let kept = sampled.into_iter().filter(|(name, _)| {
            let below = format!("/{}/", pointer::escape(name));
            required.contains(name) || parts.iter().any(|part| part.starts_with(&below))
        });
        Value::Object(kept.collect::<Map<String, Value>>())
    }

    fn headers(&self, page: &FilledPage) -> Vec<(String, String)> {
        let mut headers: Vec<(String, String)> = Vec::new();
        for (name, counted) in &self.counted {
            let value = match counted {
                Counted::Rows => page.total as u64,
                Counted::Pages => page.pages as u64,
                Counted::Page => page.number,
                Counted::Size => page.size as u64,
            };
            headers.push((name.clone(), value.to_string()));
        }
        if self.linked {
            let link = |url: &Option<String>, relation: &str| {
                url.as_ref().map(|url| format!("<{url}>; rel=\"{relation}\""))
            };
            let links: Vec<String> =
                [link(&page.previous, "prev"), link(&page.next, "next")].into_iter().flatten().collect();
            if !links.is_empty() {
                headers.push((LINK.as_str().to_owned(), links.join(", ")));
            }
        }
        headers
    }
}

/// Where the rows of a page stand: where the rule says, or where the one list of such rows is.
fn rows_at(schema: &Schema, rule: Option<&Pagination>, resource: &Resource) -> Option<String> {
    if schema.admits_type("array") {
        return Some(String::new());
    }
    let is_list = |schema: &Schema| schema.admits_type("array");
    if let Some(rule) = rule
        && (schema.within(&rule.envelope.rows).is_none_or(|rows| is_list(&rows)))
    {
        return Some(rule.envelope.rows.clone());
    }
    let mut found = None;
    for property in schema.properties() {
        let items = property.schema.items().filter(|_| is_list(&property.schema));
        let fits = items.is_some_and(|items| {
            items.resolved().0 == resource.schema.resolved().0
                || items.property(&resource.identity.id).is_some()
        });
        if fits {
            let at = format!("/{}", pointer::escape(&property.name));
            found = if found.is_none() { Some(at) } else { return None };
        }
    }
    found
}

/// What a header counts, by its name.
fn counted(name: &str) -> Option<Counted> {
    let name = name.to_ascii_lowercase();
    let has = |word: &str| name.contains(word);
    if !(has("total") || has("page") || has("count")) {
        return None;
    }
    Some(match () {
        () if has("per-page") || has("page-size") || has("per_page") => Counted::Size,
        () if has("total-pages") || has("page-count") || has("pages") => Counted::Pages,
        () if has("total") || has("count") => Counted::Rows,
        () => Counted::Page,
    })
}

fn remove(body: &mut Value, at: &str) {
    let Some((owner, name)) = at.rsplit_once('/') else { return };
    if let Some(Value::Object(owner)) = body.pointer_mut(owner) {
        owner.shift_remove(&pointer::unescape(name));
    }
}
