//! Rows of every kind - ids, paths, changes, answers and pages unlike each other - are judged, found wanting where something is
//! wrong, and deleted again.

use std::sync::{Mutex, PoisonError};

use serde_json::{Map, Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use crate::support::Project;

/// How ids are given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Ids {
    #[default]
    Text,
    Integer,
    Uuid,
    /// The least that is free: that of a deleted row again.
    Reused,
    /// With what a path has to encode.
    Odd,
    /// The creator gives it.
    Natural,
}

/// How a list is paged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Style {
    #[default]
    Whole,
    Offset,
    Page,
    After,
}

/// What is wrong.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Fault {
    #[default]
    Nothing,
    /// A deleted row is still read.
    Undead,
    /// What says where a page begins is not heeded.
    Stuck,
    /// A change is answered and not kept.
    Forgotten,
    /// A create keeps another name than was sent.
    Renamed,
}

/// A kind of rows.
#[derive(Debug, Clone, Copy, Default)]
struct Kind {
    ids: Ids,
    style: Style,
    /// A change is a `PUT` of the whole row.
    put: bool,
    /// A create answers with the place of the row alone.
    located: bool,
    fault: Fault,
}

struct Shelf {
    kind: Kind,
    /// The rows, in the order they were made, and how many ever were.
    rows: Mutex<(Vec<Value>, u64)>,
}

impl Kind {
    fn id(self, rows: &[Value], number: u64, body: &Map<String, Value>) -> Value {
        match self.ids {
            Ids::Text => format!("t{number}").into(),
            Ids::Integer => number.into(),
            Ids::Uuid => format!("0b9a1c3e-5a77-4b9e-9d53-{number:012x}").into(),
            Ids::Reused => {
                (1..=number).find(|id| rows.iter().all(|row| row["id"] != *id)).unwrap_or(number).into()
            }
            Ids::Odd => format!("a b%41..{number}").into(),
            Ids::Natural => body["id"].clone(),
        }
    }

    fn contract(self) -> Value {
        let text = json!({"type": "string", "minLength": 1, "maxLength": 80});
        let id = match self.ids {
            Ids::Text | Ids::Odd | Ids::Natural => json!({"type": "string", "minLength": 1, "maxLength": 80}),
            Ids::Integer | Ids::Reused => json!({"type": "integer"}),
            Ids::Uuid => json!({"type": "string", "format": "uuid"}),
        };
        let own = self.ids == Ids::Natural;
        let mut draft = json!({"type": "object", "required": ["name"], "properties": {"name": text, "note": {"type": "string", "maxLength": 80}}});
        if own {
            draft["required"] = json!(["id", "name"]);
            draft["properties"]["id"] = id.clone();
        }
        let mut change = draft.clone();
        change["required"] = if self.put { json!(["name"]) } else { json!([]) };
        change["properties"].as_object_mut().expect("an object").remove("id");
        let mut shown = id.clone();
        if !own {
            shown["x-contract-field"] = json!({"server_set": "documented"});
        }
        let row = json!({"$ref": "#/components/schemas/Thing"});
        let body =
            |schema: &Value| json!({"required": true, "content": {"application/json": {"schema": schema}}});
        let answer =
            |schema: &Value| json!({"description": "x", "content": {"application/json": {"schema": schema}}});
        let none = json!({"description": "x"});
        let created = if self.located {
            json!({"description": "x", "headers": {"Location": {"schema": {"type": "string"}}}})
        } else {
            answer(&row)
        };
        let mut list = json!({"operationId": "list", "x-contract-operation": {"resource": "thing", "action": "list"},
            "responses": {"200": answer(&json!({"type": "array", "items": row}))}});
        if let Some((style, parameter)) = self.position() {
            let number = json!({"type": "integer", "minimum": 0});
            let position = if style == "after" { &id } else { &number };
            list["parameters"] = json!([
                {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 50, "default": 10}},
                {"name": parameter, "in": "query", "schema": position}]);
            list["x-contract-operation"]["pages"] = json!({"style": style, "envelope": {"rows": ""},
                "limit": {"parameter": "limit", "default": 10, "minimum": 1, "maximum": 50}, style: {"parameter": parameter}});
        }
        let refused = || (none.clone(), none.clone());
        let (gone, wrong) = refused();
        let on = |action: &str, more: Value| {
            let mut op = json!({"operationId": action, "x-contract-operation": {"resource": "thing", "action": action},
                "responses": {"404": gone, "422": wrong, "409": none}});
            for (key, value) in more.as_object().into_iter().flatten() {
                if key == "responses" {
                    op["responses"]
                        .as_object_mut()
                        .expect("an object")
                        .extend(value.as_object().cloned().unwrap_or_default());
                } else {
                    op[key.as_str()] = value.clone();
                }
            }
            op
        };
        let (method, action) = if self.put { ("put", "replace") } else { ("patch", "update") };
        let mut item = json!({"parameters": [{"name": "id", "in": "path", "required": true, "schema": id}],
            "get": on("read", json!({"responses": {"200": answer(&row)}})),
            "delete": on("delete", json!({"responses": {"204": none}}))});
        item[method] = on(action, json!({"requestBody": body(&change), "responses": {"200": answer(&row)}}));
        let assigned = if own { "client" } else { "server" };
        json!({"openapi": "3.1.0", "info": {"title": "shelf", "version": "1"}, "x-contract": {"vocabulary": 1},
            "paths": {
                "/things": {"get": list, "post": on("create", json!({"requestBody": body(&draft), "responses": {"201": created}}))},
                "/things/{id}": item},
            "components": {"schemas": {"Thing": {"type": "object", "required": ["id", "name", "note"],
                "x-contract-resource": {"name": "thing", "identity": {"id": "id", "assigned": assigned}, "not_found": {"status": 404},
                    "deletion": {"read_gone": "documented", "unlisted": "documented", "unknown": "documented"}},
                "properties": {"id": shown, "name": text, "note": {"type": "string", "maxLength": 80}}}}}})
    }

    /// The word of the style, and its parameter.
    fn position(self) -> Option<(&'static str, &'static str)> {
        match self.style {
            Style::Whole => None,
            Style::Offset => Some(("offset", "skip")),
            Style::Page => Some(("page", "page")),
            Style::After => Some(("after", "starting_after")),
        }
    }
}

impl Respond for Shelf {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let mut rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        let (rows, made) = &mut *rows;
        let kind = self.kind;
        let refuse = |status: u16| ResponseTemplate::new(status).set_body_json(json!({"why": "no"}));
        let body = serde_json::from_slice::<Map<String, Value>>(&request.body);
        let fits = |name: &str, least: usize| {
            let value = body.as_ref().ok().and_then(|body| body.get(name));
            value.map(|value| value.as_str().is_some_and(|text| (least..=80).contains(&text.chars().count())))
        };
        let path = request.url.path();
        let method = request.method.as_str();
        let Some(rest) = path.strip_prefix("/things") else { return refuse(404) };
        if rest.is_empty() {
            return match method {
                "GET" => self.list(rows, request),
                "POST" => {
                    let named = kind.ids != Ids::Natural || fits("id", 1) == Some(true);
                    if fits("name", 1) != Some(true) || fits("note", 0) == Some(false) || !named {
                        return refuse(422);
                    }
                    let body = body.unwrap_or_default();
                    *made += 1;
                    let id = kind.id(rows, *made, &body);
                    if rows.iter().any(|row| row["id"] == id) {
                        return refuse(409);
                    }
                    let name =
                        if kind.fault == Fault::Renamed { json!("another") } else { body["name"].clone() };
                    let note = body.get("note").cloned().unwrap_or_else(|| "".into());
                    rows.push(json!({"id": id, "name": name, "note": note}));
                    let place = format!("/things/{}", encoded(&id));
                    let answer = ResponseTemplate::new(201).insert_header("location", &*place);
                    if kind.located { answer } else { answer.set_body_json(rows.last()) }
                }
                _ => refuse(405),
            };
        }
        let given = rest.trim_start_matches('/');
        if given.contains('/') {
            return refuse(404);
        }
        let Some(at) = rows.iter().position(|row| encoded(&row["id"]) == given) else {
            let number = given.parse::<u64>().is_ok();
            return match (kind.ids, method) {
                (Ids::Integer | Ids::Reused, _) if !number => refuse(422),
                (_, "GET") if kind.fault == Fault::Undead && (kind.ids != Ids::Integer || *made >= given.parse().unwrap_or(0)) => {
                    ResponseTemplate::new(200).set_body_json(json!({"id": given.parse::<u64>().map_or_else(|_| json!(given), Value::from), "name": "ghost", "note": ""}))
                }
                (_, "GET" | "PATCH" | "PUT" | "DELETE") => refuse(404),
                _ => refuse(405),
            };
        };
        match method {
            "GET" => ResponseTemplate::new(200).set_body_json(&rows[at]),
            "DELETE" => {
                rows.remove(at);
                ResponseTemplate::new(204)
            }
            "PUT" if kind.put => {
                if fits("name", 1) != Some(true) || fits("note", 0) == Some(false) {
                    return refuse(422);
                }
                self.change(&mut rows[at], &body.unwrap_or_default(), true)
            }
            "PATCH" if !kind.put => {
                if body.is_err() || fits("name", 1) == Some(false) || fits("note", 0) == Some(false) {
                    return refuse(422);
                }
                self.change(&mut rows[at], &body.unwrap_or_default(), false)
            }
            _ => refuse(405),
        }
    }
}

impl Shelf {
    fn change(&self, row: &mut Value, body: &Map<String, Value>, whole: bool) -> ResponseTemplate {
        let mut changed = row.clone();
        for name in ["name", "note"] {
            match body.get(name) {
                Some(value) => changed[name] = value.clone(),
                None if whole => changed[name] = "".into(),
                None => {}
            }
        }
        if self.kind.fault != Fault::Forgotten {
            row.clone_from(&changed);
        }
        ResponseTemplate::new(200).set_body_json(changed)
    }

    fn list(&self, rows: &[Value], request: &Request) -> ResponseTemplate {
        let asked = |name: &str| {
            request.url.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
        };
        let Some((_, parameter)) = self.kind.position() else {
            return ResponseTemplate::new(200).set_body_json(rows);
        };
        let number = |name: &str| asked(name).map_or(Ok(None), |text| text.parse::<usize>().map(Some));
        let Ok(limit) = number("limit").map(|limit| limit.unwrap_or(10)) else {
            return ResponseTemplate::new(422);
        };
        let from = match self.kind.style {
            Style::After => {
                let place = |id: usize| rows.iter().position(|row| row["id"] == id).map_or(0, |at| at + 1);
                number(parameter).map(|after| after.map_or(0, place))
            }
            Style::Page => number(parameter).map(|page| page.unwrap_or(1).saturating_sub(1) * limit),
            Style::Offset | Style::Whole => number(parameter).map(Option::unwrap_or_default),
        };
        if !(1..=50).contains(&limit) {
            return ResponseTemplate::new(422);
        }
        let Ok(from) = from else { return ResponseTemplate::new(422) };
        let from = if self.kind.fault == Fault::Stuck { 0 } else { from };
        let page: Vec<&Value> = rows.iter().skip(from).take(limit).collect();
        ResponseTemplate::new(200).set_body_json(page)
    }
}

/// An id as a text.
fn plain(id: &Value) -> String {
    id.as_str().map_or_else(|| id.to_string(), str::to_owned)
}

/// An id as a path has it.
fn encoded(id: &Value) -> String {
    let id = plain(id);
    let letter = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    id.bytes().map(letter).collect()
}

/// What a run finds of a kind, and how many rows are left behind.
async fn judge(kind: Kind) -> (Vec<String>, usize, String) {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(Shelf { kind, rows: Mutex::default() }).mount(&server).await;
    let project = Project::new();
    std::fs::write(project.path("shelf.json"), kind.contract().to_string()).expect("a file");
    let url = server.uri();
    let most = ["--max-requests", "220", "--report", "json=r.json"];
    let ended = project.run(&[&["run", "--url", &url, "--contract", "shelf.json"], &most[..]].concat()).await;
    let left = project.json("r.json")["left"].as_array().map_or(0, Vec::len);
    (project.laws_found("r.json"), left, format!("{kind:?}\n{}{}", ended.out, ended.err))
}

#[tokio::test]
async fn sound_rows_of_every_kind_are_clean_and_deleted_again() {
    let of = |ids: Ids| Kind { ids, ..Kind::default() };
    let paged = |style: Style| Kind { style, ..Kind::default() };
    let kinds = [
        of(Ids::Integer),
        of(Ids::Uuid),
        of(Ids::Reused),
        of(Ids::Odd),
        paged(Style::Offset),
        paged(Style::Page),
        Kind { ids: Ids::Integer, style: Style::After, ..Kind::default() },
        Kind { put: true, ..Kind::default() },
        Kind { put: true, located: true, ids: Ids::Integer, ..Kind::default() },
    ];
    for (found, left, told) in futures_util::future::join_all(kinds.map(judge)).await {
        assert!(found.is_empty() && left == 0, "{found:?}, {left} left\n{told}");
    }
}

#[tokio::test]
async fn what_is_wrong_with_rows_of_any_kind_is_found() {
    let kinds = [
        (Kind { ids: Ids::Integer, fault: Fault::Undead, ..Kind::default() }, "delete-then-gone"),
        (Kind { style: Style::Offset, fault: Fault::Stuck, ..Kind::default() }, "walk-meets-each-row-once"),
        (Kind { style: Style::Page, fault: Fault::Stuck, ..Kind::default() }, "walk-meets-each-row-once"),
        (Kind { put: true, fault: Fault::Forgotten, ..Kind::default() }, "update-is-read"),
        (Kind { located: true, fault: Fault::Renamed, ..Kind::default() }, "read-your-write"),
    ];
    let runs = kinds.map(|(kind, law)| async move { (judge(kind).await, law) });
    for ((found, left, told), law) in futures_util::future::join_all(runs).await {
        assert!(found.iter().any(|known| known == law) && left == 0, "{law}: {found:?}, {left} left\n{told}");
    }
}
