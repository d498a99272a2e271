//! The operations of a description as inference sees them.

use serde_json::Value;

use super::view::View;
use crate::pointer;

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Word(String),
    /// A step that is one parameter.
    Parameter(String),
    /// A step that is made of parameters and words.
    Mixed(String),
}

/// A parameter of the path or the query.
#[derive(Debug, Clone)]
pub(super) struct Parameter {
    pub(super) name: String,
    pub(super) in_path: bool,
    /// Where it stands.
    pub(super) at: String,
    /// Where its schema stands.
    pub(super) schema: String,
}

/// A success that is described.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) status: u16,
    /// Where the schema of its JSON stands.
    pub(super) schema: Option<String>,
    /// It has no body at all.
    pub(super) empty: bool,
    /// It has a `Location`.
    pub(super) location: bool,
}

/// One operation.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) method: &'static str,
    /// The path as written.
    pub(super) path: String,
    pub(super) steps: Vec<Step>,
    /// The path without the names of its parameters, and without what means nothing at its end.
    pub(super) key: String,
    /// Where it stands.
    pub(super) at: String,
    pub(super) parameters: Vec<Parameter>,
    /// Where the schema of its body stands.
    pub(super) body: Option<String>,
    pub(super) answers: Vec<Answer>,
    /// The statuses of its refusals.
    pub(super) refusals: Vec<String>,
    /// It says itself what it does.
    pub(super) annotated: Option<Value>,
}

impl Call {
    /// `POST /pets`.
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    pub(super) fn path_parameter(&self, name: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|parameter| parameter.in_path && parameter.name == name)
    }

    pub(super) fn query(&self) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().filter(|parameter| !parameter.in_path)
    }

    /// Whether a refusal is described.
    pub(super) fn refuses(&self, status: &str) -> bool {
        self.refusals.iter().any(|stated| stated == status)
    }
}

const METHODS: [(&str, &str); 5] =
    [("get", "GET"), ("put", "PUT"), ("post", "POST"), ("delete", "DELETE"), ("patch", "PATCH")];

/// Every operation of a description, in its order.
pub(super) fn calls(view: &View<'_>) -> Vec<Call> {
    let document = view.document;
    let mut calls = Vec::new();
    let paths = document.get("/paths").and_then(Value::as_object);
    for path in paths.into_iter().flat_map(serde_json::Map::keys).filter(|path| !path.starts_with("x-")) {
        if path.contains(['?', '#']) {
            continue;
        }
        let Some((item, value)) = document.resolve(&pointer::join("/paths", path)) else { continue };
        for (key, method) in METHODS {
            if value.get(key).is_none() {
                continue;
            }
            let Some((at, operation)) = document.resolve(&pointer::join(&item, key)) else { continue };
            if !operation.is_object() {
                continue;
            }
            let steps = steps(path);
            calls.push(Call {
                method,
                path: path.clone(),
                key: key_of(&steps),
                steps,
                parameters: parameters(view, &item, &at),
                body: body(view, &at),
                answers: answers(view, &at),
                refusals: refusals(view, &at),
                annotated: operation.get("x-contract-operation").cloned(),
                at,
            });
        }
    }
    calls
}

fn steps(path: &str) -> Vec<Step> {
    path.trim_matches('/')
        .split('/')
        .map(|step| {
            // A format at the end of a path is no part of a name.
            let bare = step.strip_suffix(".json").unwrap_or(step);
            let inner = bare.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
            match inner {
                Some(name) if !name.contains(['{', '}']) => Step::Parameter(name.to_owned()),
                _ if bare.contains('{') => Step::Mixed(bare.to_owned()),
                _ => Step::Word(bare.to_owned()),
            }
        })
        .collect()
}

/// A path by which it is found, whatever its parameters are called.
pub(super) fn key_of(steps: &[Step]) -> String {
    let mut key = String::new();
    for step in steps {
        key.push('/');
        match step {
            Step::Word(word) | Step::Mixed(word) => key.push_str(word),
            Step::Parameter(_) => key.push_str("{}"),
        }
    }
    key
}

fn parameters(view: &View<'_>, item: &str, operation: &str) -> Vec<Parameter> {
    let document = view.document;
    let mut found: Vec<Parameter> = Vec::new();
    for owner in [item, operation] {
        let list = pointer::join(owner, "parameters");
        for index in 0..document.get(&list).and_then(Value::as_array).map_or(0, Vec::len) {
            let Some((at, value)) = document.resolve(&format!("{list}/{index}")) else { continue };
            let name = value.get("name").and_then(Value::as_str);
            let place = value.get("in").and_then(Value::as_str);
            let (Some(name), Some(place @ ("path" | "query"))) = (name, place) else { continue };
            let in_path = place == "path";
            found.retain(|known| known.name != name || known.in_path != in_path);
            let schema = pointer::join(&at, "schema");
            found.push(Parameter { name: name.to_owned(), in_path, at, schema });
        }
    }
    found
}

/// Where the schema of the JSON stands among some media types.
fn json(view: &View<'_>, content: &str) -> Option<String> {
    media(view, content, |name| name == "application/json")
        .or_else(|| media(view, content, |name| name.ends_with("+json")))
        .or_else(|| media(view, content, |name| name == "*/*"))
}

fn media(view: &View<'_>, content: &str, fits: impl Fn(&str) -> bool) -> Option<String> {
    let names = view.document.get(content)?.as_object()?.keys();
    let essence = |name: &str| name.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let name = names.into_iter().find(|name| fits(&essence(name)))?;
    let schema = pointer::join(&pointer::join(content, name), "schema");
    view.document.get(&schema).map(|_| schema)
}

fn body(view: &View<'_>, operation: &str) -> Option<String> {
    let (at, _) = view.document.resolve(&pointer::join(operation, "requestBody"))?;
    let content = pointer::join(&at, "content");
    json(view, &content).or_else(|| media(view, &content, |name| name == "application/x-www-form-urlencoded"))
}

fn responses<'d>(view: &View<'d>, operation: &str) -> Vec<(String, String, &'d Value)> {
    let list = pointer::join(operation, "responses");
    let keys = view.document.get(&list).and_then(Value::as_object);
    let keys = keys.into_iter().flat_map(serde_json::Map::keys);
    let resolved = keys.filter_map(|key| {
        let (at, value) = view.document.resolve(&pointer::join(&list, key))?;
        Some((key.clone(), at, value))
    });
    resolved.collect()
}

fn answers(view: &View<'_>, operation: &str) -> Vec<Answer> {
    let all = responses(view, operation);
    let is_success = |key: &str| key.starts_with('2') && key.len() == 3;
    let any = all.iter().any(|(key, ..)| is_success(key));
    let mut answers: Vec<Answer> = Vec::new();
    for (key, at, value) in &all {
        let status = match key.as_str() {
            "default" if !any => 200,
            _ if !is_success(key) => continue,
            _ => key.parse().unwrap_or(200),
        };
        let content = value.get("content").and_then(Value::as_object);
        let headers = value.get("headers").and_then(Value::as_object);
        answers.push(Answer {
            status,
            schema: json(view, &pointer::join(at, "content")),
            empty: content.is_none_or(serde_json::Map::is_empty),
            location: headers
                .is_some_and(|headers| headers.keys().any(|name| name.eq_ignore_ascii_case("location"))),
        });
    }
    answers
}

fn refusals(view: &View<'_>, operation: &str) -> Vec<String> {
    let list = pointer::join(operation, "responses");
    let keys = view.document.get(&list).and_then(Value::as_object);
    keys.into_iter()
        .flat_map(serde_json::Map::keys)
        .filter(|key| key.starts_with(['4', '5']))
        .cloned()
        .collect()
}
