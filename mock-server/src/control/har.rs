//! The journal as a HAR file, for the tools of browsers.

use http::Version;
use serde_json::{Value, json};

use super::Control;
use super::call::Call;
use super::told::{Refusal, ok};
use crate::answer::Answer;

impl Control<'_> {
    pub(super) fn export_requests(&self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let shown = self.journal.find(&self.filter(call)?);
        let entries: Vec<Value> = shown.entries.iter().map(|entry| har(&entry.show(self.secrets))).collect();
        let log = json!({
            "version": "1.2",
            "creator": {"name": "mock-server", "version": env!("CARGO_PKG_VERSION")},
            "entries": entries,
        });
        Ok(ok(&json!({"log": log})).with_header("Content-Disposition", "attachment; filename=\"mock.har\""))
    }
}

fn har(entry: &Value) -> Value {
    let version = format!("{:?}", Version::HTTP_11);
    let micros = entry["micros"].as_u64().unwrap_or_default();
    #[expect(clippy::cast_precision_loss, reason = "a duration in milliseconds, with parts")]
    let time = micros as f64 / 1_000.0;
    let host = entry["headers"]["host"].as_str().unwrap_or("localhost");
    let target = entry["target"].as_str().unwrap_or("/");
    let url = if target.starts_with('/') { format!("http://{host}{target}") } else { target.to_owned() };
    let query = entry["query"].as_object().into_iter().flatten();
    let query: Vec<Value> = query
        .map(|(name, value)| json!({"name": name, "value": value.as_str().map_or_else(|| value.to_string(), str::to_owned)}))
        .collect();
    let content_type = |headers: &str| entry[headers]["content-type"].as_str().unwrap_or("").to_owned();
    let mut request = json!({
        "method": entry["method"],
        "url": url,
        "httpVersion": version,
        "cookies": [],
        "headers": headers(&entry["headers"]),
        "queryString": query,
        "headersSize": -1,
        "bodySize": entry["body_size"],
    });
    if !entry["body"].is_null() {
        request["postData"] = json!({"mimeType": content_type("headers"), "text": text(&entry["body"])});
    }
    json!({
        "startedDateTime": entry["at"],
        "time": time,
        "request": request,
        "response": {
            "status": entry["status"],
            "statusText": "",
            "httpVersion": version,
            "cookies": [],
            "headers": headers(&entry["answer_headers"]),
            "content": {
                "size": entry["answer_size"],
                "mimeType": content_type("answer_headers"),
                "text": text(&entry["answer"]),
            },
            "redirectURL": entry["answer_headers"]["location"].as_str().unwrap_or(""),
            "headersSize": -1,
            "bodySize": entry["answer_size"],
        },
        "cache": {},
        "timings": {"send": 0, "wait": time, "receive": 0},
        "comment": entry["rule"],
    })
}

fn headers(headers: &Value) -> Vec<Value> {
    let headers = headers.as_object().into_iter().flatten();
    headers.map(|(name, value)| json!({"name": name, "value": value})).collect()
}

fn text(body: &Value) -> String {
    match body {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
