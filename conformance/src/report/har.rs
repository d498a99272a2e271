//! Every request and answer, as browsers and proxies exchange them.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::findings::{Event, Reporter};
use crate::http::{Answer, Traffic};

/// Bytes of the body of one request that are kept.
const LONGEST_BODY: usize = 256 << 10;

/// Writes HAR 1.2 while the run goes on: each exchange as soon as those begun before it are written.
#[derive(Debug)]
pub struct HarWriter<W: Write> {
    to: W,
    next: usize,
    waiting: BTreeMap<usize, Traffic>,
    written: usize,
    outcome: io::Result<()>,
}

impl<W: Write> HarWriter<W> {
    /// To a file or any other place; the beginning is written at once.
    pub fn new(mut to: W) -> Self {
        let creator = json!({"name": "conformance", "version": env!("CARGO_PKG_VERSION")});
        let outcome =
            write!(to, "{{\"log\":{{\"version\":\"1.2\",\"creator\":{creator},\"pages\":[],\"entries\":[");
        Self { to, next: 1, waiting: BTreeMap::new(), written: 0, outcome }
    }

    /// Writes the end; returns whether all was written.
    pub fn finish(&mut self) -> io::Result<()> {
        // What is missing will not come any more.
        for traffic in std::mem::take(&mut self.waiting).into_values() {
            self.write(&traffic);
        }
        std::mem::replace(&mut self.outcome, Ok(()))?;
        self.to.write_all(b"\n]}}\n")?;
        self.to.flush()
    }

    fn write(&mut self, traffic: &Traffic) {
        if self.outcome.is_err() {
            return;
        }
        let comma = if self.written == 0 { "" } else { "," };
        self.written += 1;
        self.outcome = write!(self.to, "{comma}\n{}", entry(traffic));
    }
}

impl<W: Write> Reporter for HarWriter<W> {
    fn on(&mut self, event: &Event) {
        let Event::Exchanged(traffic) = event else { return };
        self.waiting.insert(traffic.number, (**traffic).clone());
        while let Some(traffic) = self.waiting.remove(&self.next) {
            self.write(&traffic);
            self.next += 1;
        }
    }
}

fn entry(traffic: &Traffic) -> Value {
    let (response, waited, error) = match &traffic.answer {
        Ok(answer) => (response(answer), answer.waited, None),
        Err(why) => (no_response(), traffic.took, Some(why)),
    };
    let begun = Timestamp::try_from(traffic.begun).unwrap_or_default();
    let receive = traffic.took.saturating_sub(waited);
    let mut entry = json!({
        "startedDateTime": format!("{begun:.3}"),
        "time": milliseconds(waited) + milliseconds(receive),
        "request": request(traffic),
        "response": response,
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds(waited), "receive": milliseconds(receive)},
    });
    let mut comment: Vec<&str> = traffic.operation.as_deref().into_iter().collect();
    comment.extend(traffic.caller);
    if !comment.is_empty() {
        entry["comment"] = json!(comment.join(", "));
    }
    if let Some(error) = error {
        // Where browsers say why there is no answer.
        entry["response"]["_error"] = json!(error);
    }
    entry
}

fn request(traffic: &Traffic) -> Value {
    let query = traffic.url.split_once('?').map_or("", |(_, query)| query);
    let query: Vec<Value> = form_urlencoded::parse(query.as_bytes())
        .map(|(name, value)| json!({"name": name, "value": value}))
        .collect();
    let mut request = json!({
        "method": traffic.method,
        "url": traffic.url,
        "httpVersion": "HTTP/1.1",
        "cookies": cookies(&traffic.headers, "cookie"),
        "headers": headers(&traffic.headers),
        "queryString": query,
        "headersSize": -1,
        "bodySize": traffic.body.as_ref().map_or(0, String::len),
    });
    if let Some(body) = &traffic.body {
        let media = header(&traffic.headers, "content-type").unwrap_or_default();
        let (text, comment) = kept(body);
        request["postData"] = json!({"mimeType": media, "text": text});
        if let Some(comment) = comment {
            request["postData"]["comment"] = json!(comment);
        }
    }
    request
}

fn response(answer: &Answer) -> Value {
    let text = &answer.body;
    let cut = || format!("cut after {} of {} bytes", text.len(), answer.size);
    let comment = (!answer.whole).then(cut);
    let media = answer.header("content-type").unwrap_or("x-unknown");
    let mut content = json!({"size": answer.size, "mimeType": media, "text": text});
    if let Some(comment) = comment {
        content["comment"] = json!(comment);
    }
    let reason = http::StatusCode::from_u16(answer.status).ok().and_then(|status| status.canonical_reason());
    json!({
        "status": answer.status,
        "statusText": reason.unwrap_or_default(),
        "httpVersion": "HTTP/1.1",
        "cookies": cookies(&answer.headers, "set-cookie"),
        "headers": headers(&answer.headers),
        "content": content,
        "redirectURL": answer.header("location").unwrap_or_default(),
        "headersSize": -1,
        "bodySize": answer.size,
    })
}

fn no_response() -> Value {
    json!({
        "status": 0,
        "statusText": "",
        "httpVersion": "",
        "cookies": [],
        "headers": [],
        "content": {"size": 0, "mimeType": "x-unknown"},
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": -1,
    })
}

fn headers(headers: &[(String, String)]) -> Vec<Value> {
    headers.iter().map(|(name, value)| json!({"name": name, "value": value})).collect()
}

fn header<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

/// The cookies of a header; their values have been replaced.
fn cookies(headers: &[(String, String)], name: &str) -> Vec<Value> {
    headers
        .iter()
        .filter(|(known, _)| known.eq_ignore_ascii_case(name))
        .flat_map(|(_, value)| {
            let pairs = if name == "cookie" { value.split("; ").count() } else { 1 };
            value.split(';').take(pairs).map(|pair| pair.trim().split_once('=').unwrap_or((pair, "")))
        })
        .map(|(name, value)| json!({"name": name, "value": value}))
        .collect()
}

/// As much of a body as is kept, and a word where that is not all.
fn kept(body: &str) -> (&str, Option<String>) {
    if body.len() <= LONGEST_BODY {
        return (body, None);
    }
    let end = body.floor_char_boundary(LONGEST_BODY);
    (&body[..end], Some(format!("cut after {end} of {} bytes", body.len())))
}

fn milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1_000_000.0).round() / 1_000.0
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    fn traffic(number: usize) -> Traffic {
        Traffic {
            number,
            operation: None,
            caller: None,
            method: "GET".to_owned(),
            url: format!("http://target/{number}"),
            headers: Vec::new(),
            body: None,
            begun: UNIX_EPOCH,
            took: Duration::from_millis(3),
            answer: Err("no whole answer".to_owned()),
        }
    }

    fn told(numbers: &[usize]) -> Vec<String> {
        let mut bytes = Vec::new();
        let mut writer = HarWriter::new(&mut bytes);
        for number in numbers {
            writer.on(&Event::Exchanged(Box::new(traffic(*number))));
        }
        writer.finish().expect("memory takes all");
        let har: Value = serde_json::from_slice(&bytes).expect("it is JSON");
        let entries = har["log"]["entries"].as_array().expect("entries");
        entries.iter().map(|entry| entry["request"]["url"].as_str().expect("a url").to_owned()).collect()
    }

    #[test]
    fn exchanges_stand_in_the_order_in_which_they_were_begun() {
        assert_eq!(told(&[2, 1, 3]), ["http://target/1", "http://target/2", "http://target/3"]);
        assert_eq!(told(&[4, 2]), ["http://target/2", "http://target/4"]);
        assert_eq!(told(&[]), Vec::<String>::new());
    }

    #[test]
    fn a_long_body_is_cut_and_says_so() {
        let body = "é".repeat(LONGEST_BODY);
        let (text, comment) = kept(&body);
        assert_eq!(text.len(), LONGEST_BODY);
        assert_eq!(comment.as_deref(), Some("cut after 262144 of 524288 bytes"));
        assert_eq!(kept("short"), ("short", None));
    }

    #[test]
    fn cookies_are_listed_by_name() {
        let headers = [("Set-Cookie".to_owned(), "a=[cookie]; Path=/; HttpOnly".to_owned())];
        assert_eq!(cookies(&headers, "set-cookie"), [json!({"name": "a", "value": "[cookie]"})]);
        let headers = [("cookie".to_owned(), "a=[cookie]; b=[cookie]".to_owned())];
        assert_eq!(cookies(&headers, "cookie").len(), 2);
    }
}
