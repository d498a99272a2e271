//! What is answered.

use serde_json::{Value, json};
use wiremock::ResponseTemplate;

/// An answer before it goes out.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Option<Value>,
}

impl Answer {
    pub(super) fn new(status: u16, body: Value) -> Self {
        let media = ("content-type".to_owned(), "application/json".to_owned());
        Self { status, headers: vec![media], body: Some(body) }
    }

    pub(super) fn bare(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: None }
    }

    /// A refusal; its class follows from the status.
    pub(super) fn fault(status: u16, reason: &str, field: Option<&str>) -> Self {
        let class = match status {
            401 => "stranger",
            404 => "absent",
            409 => "clash",
            422 => "invalid",
            429 => "hurried",
            _ => "unreadable",
        };
        let mut fault = json!({"class": class, "reason": reason, "text": "The desk declines."});
        if let Some(field) = field {
            fault["where"] = field.into();
        }
        Self::new(status, json!({"fault": fault}))
    }

    pub(super) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    pub(super) fn at(&self, pointer: &str) -> Value {
        self.body.as_ref().and_then(|body| body.pointer(pointer)).cloned().unwrap_or_default()
    }

    /// The same with another value at a pointer, where there is one.
    pub(super) fn set(mut self, pointer: &str, value: impl Into<Value>) -> Self {
        if let Some(place) = self.body.as_mut().and_then(|body| body.pointer_mut(pointer)) {
            *place = value.into();
        }
        self
    }

    /// The same with other rows on its page.
    pub(super) fn rows(mut self, change: impl FnOnce(&mut Vec<Value>)) -> Self {
        if let Some(Value::Array(rows)) = self.body.as_mut().and_then(|body| body.pointer_mut("/items")) {
            change(rows);
        }
        self
    }

    /// The same with a header, in the place of what had its name.
    pub(super) fn header(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.headers.retain(|(known, _)| known != name);
        let text = match value.into() {
            Value::String(text) => text,
            value => value.to_string(),
        };
        self.headers.push((name.to_owned(), text));
        self
    }

    pub(super) fn without_header(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self
    }

    pub(super) fn template(self) -> ResponseTemplate {
        let media = self.headers.iter().find(|(name, _)| name == "content-type");
        let media = media.map_or("application/json", |(_, value)| value.as_str()).to_owned();
        let mut template = ResponseTemplate::new(self.status);
        if let Some(body) = self.body {
            let text = match body {
                Value::String(text) => text,
                body => body.to_string(),
            };
            template = template.set_body_raw(text, &media);
        }
        for (name, value) in self.headers.into_iter().filter(|(name, _)| name != "content-type") {
            template = template.insert_header(name, value);
        }
        template
    }
}
