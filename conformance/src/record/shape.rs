//! The answer of a record: literal where it means the same in every recording, a placeholder elsewhere.

use schemas::{Action, Schema};
use serde_json::{Map, Value};

use super::format::Record;
use super::headers::headers;
use super::literal::is_word;
use super::memory::Known;
use super::placeholder::{Numbers, instant_key};
use super::request;
use super::shot::Shot;
use crate::contract::Resource;
use crate::judge::{instant, same_value};

struct Painter<'a> {
    shot: &'a Shot<'a>,
    resource: Option<&'a Resource>,
    sent: Map<String, Value>,
    numbers: Numbers,
}

/// The record of an answer.
pub(super) fn record(shot: &Shot<'_>, class: &str) -> Record {
    let request = &shot.exchange.request;
    let mut numbers = Numbers::default();
    let line = request::line(shot.api, shot.memory, &mut numbers, request);
    let sends = request::body(shot.api, shot.memory, &mut numbers, request);
    let resource = request.op.as_ref().and_then(|op| shot.api.resource_of(op));
    let mut painter = Painter { shot, resource, sent: request.body().cloned().unwrap_or_default(), numbers };
    Record {
        request: line,
        class: class.to_owned(),
        sends,
        status: shot.exchange.status,
        headers: headers(shot.api, shot.exchange),
        body: painter.body(),
    }
}

impl Painter<'_> {
    fn body(&mut self) -> Option<Value> {
        let exchange = self.shot.exchange;
        let Some(json) = &exchange.json else {
            let text = String::from_utf8_lossy(&exchange.bytes);
            return match text.trim() {
                "" => None,
                text if crate::judge::is_web_page(text) => Some("<web page>".into()),
                _ => Some("<no JSON>".into()),
            };
        };
        let response = exchange.request.op.as_ref().and_then(|op| op.response(exchange.status));
        let schema = response.and_then(|response| response.schema.clone());
        let error = || self.shot.api.contract.error_schema().cloned().filter(|_| !exchange.is_success());
        let schema = schema.or_else(error);
        Some(self.value(json, "", schema.as_ref()))
    }

    fn value(&mut self, value: &Value, at: &str, schema: Option<&Schema>) -> Value {
        match value {
            Value::Object(map) => self.object(map, at, schema),
            Value::Array(items) => self.array(items, at, schema),
            Value::Null | Value::Bool(_) => value.clone(),
            Value::String(_) | Value::Number(_) => self.scalar(value, at, schema, None),
        }
    }

    /// Properties in the order of the contract, those it does not know after them by name.
    fn object(&mut self, map: &Map<String, Value>, at: &str, schema: Option<&Schema>) -> Value {
        let properties = schema.map(Schema::properties).unwrap_or_default();
        let mut names: Vec<&String> = map.keys().collect();
        names.sort_by_key(|name| {
            let place = properties.iter().position(|property| property.name == **name);
            (place.unwrap_or(usize::MAX), (*name).clone())
        });
        let row = self.identity(map).and_then(|id| self.shot.memory.row(&id)).cloned();
        let mut shown = Map::new();
        for name in names {
            let property = properties.iter().find(|property| property.name == *name);
            let below = schemas::pointer::join(at, name);
            let schema = property.map(|property| &property.schema);
            let label = match property {
                None if self.shot.memory.row(name).is_some() => self.numbers.of("id", name),
                None if self.shot.memory.is_made_up(name) => "<text>".to_owned(),
                _ => name.clone(),
            };
            shown.insert(label, self.property(name, &map[name], &below, schema, row.as_ref()));
        }
        Value::Object(shown)
    }

    fn identity(&self, map: &Map<String, Value>) -> Option<String> {
        let mut names = self.shot.api.resources.iter().map(|resource| &resource.identity.id);
        names.find_map(|name| map.get(name)?.as_str()).map(str::to_owned)
    }

    fn property(
        &mut self,
        name: &str,
        value: &Value,
        at: &str,
        schema: Option<&Schema>,
        row: Option<&Known>,
    ) -> Value {
        if let Some(shown) = self.of_page(value, at) {
            return shown;
        }
        if value.is_null() || value.is_boolean() {
            return value.clone();
        }
        if let Some(shown) = self.name_of_row(name, value, row) {
            return shown;
        }
        if let Value::String(text) = value
            && is_word(self.shot, self.resource, name, at, text, schema)
        {
            return value.clone();
        }
        if let Some(word) = self.as_sent(name, value, row) {
            return Value::String(word);
        }
        let default = self.resource.and_then(|resource| resource.fields.get(name)?.rules.default.as_ref());
        match value {
            Value::Object(_) | Value::Array(_) => self.value(value, at, schema),
            Value::Number(_) if default.is_some_and(|default| default.value == *value) => value.clone(),
            _ => self.scalar(value, at, schema, Some(name)),
        }
    }

    /// The parts of a page that follow from what others made.
    fn of_page(&self, value: &Value, at: &str) -> Option<Value> {
        let paging = self.shot.api.paging.as_ref().filter(|_| self.shot.crowded)?;
        if at == paging.envelope.has_more && value.is_boolean() {
            return Some("<boolean>".into());
        }
        let cursor = at == paging.envelope.next_cursor && (value.is_null() || value.is_string());
        cursor.then(|| "<date-time or null>".into())
    }

    /// Ids and numbers of rows.
    fn name_of_row(&mut self, name: &str, value: &Value, row: Option<&Known>) -> Option<Value> {
        let resources = &self.shot.api.resources;
        match value {
            Value::String(text) => {
                let names_one = resources.iter().any(|resource| {
                    resource.identity.id == name
                        || resource
                            .parent
                            .as_ref()
                            .is_some_and(|parent| parent.field.as_deref() == Some(name))
                });
                let refers = self
                    .resource
                    .and_then(|resource| resource.fields.get(name))
                    .is_some_and(|field| field.rules.references.is_some());
                let known = self.shot.memory.row(text).is_some();
                if !(known || names_one || refers) {
                    return None;
                }
                let again = self.is_create()
                    && row.is_some()
                    && resources.iter().any(|resource| resource.identity.id == name);
                Some(if again {
                    "<id of the row made before>".into()
                } else {
                    self.numbers.of("id", text).into()
                })
            }
            Value::Number(number) => {
                let names_one =
                    resources.iter().any(|resource| resource.identity.display.as_deref() == Some(name));
                let resource = row
                    .map(|row| row.resource.as_str())
                    .or(self.resource.map(|resource| resource.name.as_str()));
                names_one.then(|| {
                    request::number(&mut self.numbers, resource.unwrap_or(name), &number.to_string()).into()
                })
            }
            _ => None,
        }
    }

    fn is_create(&self) -> bool {
        self.shot.exchange.request.op.as_ref().is_some_and(|op| op.action() == Action::Create)
    }

    /// What was sent for it: in this request, or in one that made or changed the row before.
    fn as_sent(&self, name: &str, value: &Value, row: Option<&Known>) -> Option<String> {
        if value.as_array().is_some_and(Vec::is_empty) {
            return None;
        }
        let before = row.map(|row| &row.sent);
        for (word, sent) in [("sent", Some(&self.sent)), ("kept", before)] {
            let Some(sent) = sent.and_then(|sent| sent.get(name)) else { continue };
            if same_value(sent, value) {
                return Some(format!("<{word}>"));
            }
            if self.normalised(name, sent).is_some_and(|sent| same_value(&sent, value)) {
                return Some(format!("<{word}, normalised>"));
            }
        }
        let text = value.as_str().filter(|text| self.shot.memory.is_made_up(text))?;
        for (word, sent) in [("sent", Some(&self.sent)), ("kept", before)] {
            let other = sent.into_iter().flatten().find(|(_, sent)| *sent == text);
            if let Some((other, _)) = other {
                return Some(format!("<{word} {other}>"));
            }
        }
        None
    }

    fn normalised(&self, name: &str, sent: &Value) -> Option<Value> {
        let rules = &self.resource?.fields.get(name)?.rules;
        let text =
            rules.normalize.iter().fold(sent.as_str()?.to_owned(), |text, change| change.to.apply(&text));
        (!rules.normalize.is_empty()).then_some(Value::String(text))
    }

    /// Rows of the recording's own, in their order; of other things one of each shape, however many there are.
    fn array(&mut self, items: &[Value], at: &str, schema: Option<&Schema>) -> Value {
        let items_schema = schema.and_then(Schema::items);
        let paging = self.shot.api.paging.as_ref();
        let page = paging.is_some_and(|paging| paging.envelope.rows == at);
        let of_rows = page || items.iter().any(|item| self.is_own(item));
        if of_rows {
            let own: Vec<&Value> = items.iter().filter(|item| self.is_own(item)).collect();
            return own.into_iter().map(|item| self.value(item, at, items_schema.as_ref())).collect();
        }
        let objects = items.iter().any(Value::is_object)
            || items_schema.as_ref().is_some_and(|schema| schema.admits_type("object"));
        if objects && self.shot.exchange.request.method == "GET" {
            return "<rows>".into();
        }
        let mut shapes: Vec<Value> = Vec::new();
        for item in items {
            let shape = self.value(item, at, items_schema.as_ref());
            if !shapes.contains(&shape) {
                shapes.push(shape);
            }
        }
        Value::Array(shapes)
    }

    fn is_own(&self, item: &Value) -> bool {
        item.as_object()
            .and_then(|map| self.identity(map))
            .is_some_and(|id| self.shot.memory.row(&id).is_some())
    }

    /// A time, a text in a format, a number: by its kind.
    fn scalar(&mut self, value: &Value, at: &str, schema: Option<&Schema>, name: Option<&str>) -> Value {
        let Some(text) = value.as_str() else {
            return if value.is_f64() { "<number>" } else { "<integer>" }.into();
        };
        if instant(text).is_some() {
            let paging = self.shot.api.paging.as_ref();
            let of_creation = paging.is_some_and(|paging| paging.envelope.next_cursor == at)
                || name.is_some_and(|name| {
                    self.shot.api.resources.iter().any(|resource| resource.created.as_deref() == Some(name))
                });
            // Whether two other times are equal depends on how fast the server was.
            return if of_creation {
                self.numbers.of("date-time", &instant_key(text))
            } else {
                "<date-time>".to_owned()
            }
            .into();
        }
        let format = schema.and_then(|schema| schema.keyword("format")).and_then(Value::as_str);
        match (text, format) {
            ("", _) => "".into(),
            (_, Some(format)) => format!("<{format}>").into(),
            (_, None) => "<text>".into(),
        }
    }
}
