//! Swagger 2.0 in the structure of OpenAPI 3: bodies, media types, components and servers. The schemas stay those of 3.0.

mod parts;

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::moved::Moved;
use crate::pointer;

/// The methods of a path item.
const METHODS: [&str; 7] = ["get", "put", "post", "delete", "options", "head", "patch"];

/// Rewrites a 2.0 description in place, and tells where things went.
pub(super) fn convert(document: &mut Value) -> Moved {
    let mut converter = Converter {
        original: document.clone(),
        moved: Moved::default(),
        consumes: media_types(document.get("consumes")),
        produces: media_types(document.get("produces")),
        done: HashSet::new(),
        waiting: Vec::new(),
    };
    converter.root(document);
    while let Some((at, kind)) = converter.waiting.pop() {
        converter.elsewhere(document, &at, kind);
    }
    parts::schemas(document);
    converter.moved.rewrite(document);
    converter.moved
}

/// What a reference leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    PathItem,
    Operation,
    Parameter,
    Response,
}

struct Converter {
    /// The description as it was: references are followed in it.
    original: Value,
    moved: Moved,
    consumes: Vec<String>,
    produces: Vec<String>,
    done: HashSet<String>,
    /// Parts of other files that still have to be rewritten.
    waiting: Vec<(String, Kind)>,
}

impl Converter {
    fn root(&mut self, document: &mut Value) {
        let Value::Object(root) = document else { return };
        root.shift_remove("swagger");
        let mut whole = Map::new();
        whole.insert("openapi".to_owned(), json!("3.0.3"));
        whole.extend(std::mem::take(root));
        if let Some(servers) = parts::servers(&mut whole) {
            whole.insert("servers".to_owned(), servers);
        }
        for key in ["consumes", "produces"] {
            whole.shift_remove(key);
        }
        if let Some(Value::Object(paths)) = whole.get_mut("paths") {
            for (path, item) in paths.iter_mut().filter(|(path, _)| !path.starts_with("x-")) {
                let at = pointer::join("/paths", path);
                self.path_item(item, &at, &at);
            }
        }
        let mut components = Map::new();
        for (old, new) in
            [("definitions", "schemas"), ("responses", "responses"), ("parameters", "parameters")]
        {
            let Some(Value::Object(mut named)) = whole.shift_remove(old) else { continue };
            let (from, to) = (format!("/{old}"), format!("/components/{new}"));
            self.moved.note(&from, &to);
            for (name, part) in &mut named {
                let (from, to) = (pointer::join(&from, name), pointer::join(&to, name));
                match new {
                    "responses" => self.response(part, &from, &to, &[]),
                    "parameters" => self.parameter(part, &from, &to),
                    _ => {}
                }
            }
            // A body is no parameter any more: who refers to it has it for its own.
            named.retain(|_, part| new != "parameters" || !is_body(part));
            components.insert(new.to_owned(), Value::Object(named));
        }
        if let Some(Value::Object(mut schemes)) = whole.shift_remove("securityDefinitions") {
            self.moved.note("/securityDefinitions", "/components/securitySchemes");
            schemes.values_mut().for_each(parts::security_scheme);
            components.insert("securitySchemes".to_owned(), Value::Object(schemes));
        }
        whole.insert("components".to_owned(), Value::Object(components));
        *root = whole;
    }

    /// A part of another file that something refers to.
    fn elsewhere(&mut self, document: &mut Value, at: &str, kind: Kind) {
        let Some(part) = document.pointer_mut(at) else { return };
        let mut taken = std::mem::take(part);
        match kind {
            Kind::PathItem => self.path_item(&mut taken, at, at),
            Kind::Operation => self.operation(&mut taken, &[], at, at),
            Kind::Parameter => self.parameter(&mut taken, at, at),
            Kind::Response => self.response(&mut taken, at, at, &[]),
        }
        if let Some(part) = document.pointer_mut(at) {
            *part = taken;
        }
    }

    /// Notes that a part is referred to as something; only those of other files are not reached otherwise.
    fn refer(&mut self, value: &Value, kind: Kind) -> bool {
        let Some(target) = value.get("$ref").and_then(Value::as_str).and_then(pointer::of_reference) else {
            return false;
        };
        let elsewhere = target.starts_with(&format!("/{}/", crate::tree::BUNDLE));
        if elsewhere && self.done.insert(target.clone()) {
            self.waiting.push((target, kind));
        }
        true
    }

    /// A value with its references followed, and where it stands.
    fn follow<'a>(&'a self, value: &'a Value, at: &str) -> (&'a Value, String) {
        let (mut value, mut at) = (value, at.to_owned());
        for _ in 0..32 {
            let target = value.get("$ref").and_then(Value::as_str).and_then(pointer::of_reference);
            let Some((target, next)) = target.and_then(|at| Some((self.original.pointer(&at)?, at))) else {
                break;
            };
            (value, at) = (target, next);
        }
        (value, at)
    }

    fn path_item(&mut self, item: &mut Value, from: &str, to: &str) {
        self.refer(item, Kind::PathItem);
        let Value::Object(map) = item else { return };
        let shared: Vec<(Value, String)> = match map.get("parameters") {
            Some(Value::Array(list)) => list
                .iter()
                .enumerate()
                .map(|(index, one)| (one.clone(), format!("{from}/parameters/{index}")))
                .collect(),
            _ => Vec::new(),
        };
        for method in METHODS {
            if let Some(operation) = map.get_mut(method) {
                self.operation(operation, &shared, &format!("{from}/{method}"), &format!("{to}/{method}"));
            }
        }
        if !shared.is_empty() {
            let plain: Vec<_> =
                shared.into_iter().filter(|(one, at)| !is_body(self.follow(one, at).0)).collect();
            let list = self.parameters(plain, to);
            map.insert("parameters".to_owned(), list);
        }
    }

    /// Parameters that are no part of a body, at their new places.
    fn parameters(&mut self, list: Vec<(Value, String)>, owner: &str) -> Value {
        let convert = |(index, (mut one, from)): (usize, (Value, String))| {
            self.parameter(&mut one, &from, &format!("{owner}/parameters/{index}"));
            one
        };
        list.into_iter().enumerate().map(convert).collect()
    }

    fn operation(&mut self, operation: &mut Value, shared: &[(Value, String)], from: &str, to: &str) {
        if self.refer(operation, Kind::Operation) {
            return;
        }
        let Value::Object(map) = operation else { return };
        let consumes = map.shift_remove("consumes");
        let produces = map.shift_remove("produces");
        let consumes = consumes.map_or_else(|| self.consumes.clone(), |own| media_types(Some(&own)));
        let produces = produces.map_or_else(|| self.produces.clone(), |own| media_types(Some(&own)));
        map.shift_remove("schemes");

        let own = match map.shift_remove("parameters") {
            Some(Value::Array(list)) => list,
            _ => Vec::new(),
        };
        let own: Vec<(Value, String)> = own
            .into_iter()
            .enumerate()
            .map(|(index, one)| (one, format!("{from}/parameters/{index}")))
            .collect();
        let (mut bodies, plain): (Vec<_>, Vec<_>) =
            own.into_iter().partition(|(one, at)| is_body(self.follow(one, at).0));
        let name = |value: &Value| value.get("name").cloned();
        for (one, at) in shared {
            let (meant, _) = self.follow(one, at);
            let overridden = || bodies.iter().any(|(own, at)| name(self.follow(own, at).0) == name(meant));
            if is_body(meant) && !overridden() {
                bodies.push((one.clone(), at.clone()));
            }
        }
        if !plain.is_empty() {
            let list = self.parameters(plain, to);
            map.insert("parameters".to_owned(), list);
        }
        if let Some(body) = self.body(&bodies, &consumes, &format!("{to}/requestBody")) {
            map.insert("requestBody".to_owned(), body);
        }
        if let Some(Value::Object(responses)) = map.get_mut("responses") {
            for (status, response) in responses.iter_mut().filter(|(status, _)| !status.starts_with("x-")) {
                let from = pointer::join(&format!("{from}/responses"), status);
                let to = pointer::join(&format!("{to}/responses"), status);
                self.response(response, &from, &to, &produces);
            }
        }
    }

    /// One parameter of `in: body`, or all those of `in: formData`, as a body.
    fn body(&mut self, parts: &[(Value, String)], consumes: &[String], to: &str) -> Option<Value> {
        let meant: Vec<(Value, String)> = parts
            .iter()
            .map(|(one, at)| {
                let (value, at) = self.follow(one, at);
                (value.clone(), at)
            })
            .collect();
        let whole = meant.iter().find(|(one, _)| one.get("in") == Some(&json!("body")));
        if let Some((one, from)) = whole {
            let mut body = parts::without(one, &["in", "name", "schema", "type", "format"]);
            let schema = one.get("schema").cloned().unwrap_or_else(|| json!({}));
            self.moved.note(from, to);
            let types = if consumes.is_empty() { &["application/json".to_owned()][..] } else { consumes };
            let content = self.content(types, &schema, &format!("{from}/schema"), &format!("{to}/content"));
            body.insert("content".to_owned(), content);
            return Some(Value::Object(body));
        }
        let fields: Vec<&(Value, String)> =
            meant.iter().filter(|(one, _)| one.get("name").is_some_and(Value::is_string)).collect();
        if fields.is_empty() {
            return None;
        }
        let file = fields.iter().any(|(one, _)| one.get("type") == Some(&json!("file")));
        let kind = |name: &str| consumes.iter().find(|kind| kind.starts_with(name)).cloned();
        let multipart = kind("multipart/").unwrap_or_else(|| "multipart/form-data".to_owned());
        let form = "application/x-www-form-urlencoded";
        let media = match kind(form) {
            Some(own) if !file => own,
            _ if file || kind("multipart/").is_some() => multipart,
            _ => form.to_owned(),
        };
        let at = pointer::join(&format!("{to}/content"), &media);
        let (mut properties, mut required, mut encoding) = (Map::new(), Vec::new(), Map::new());
        for (one, from) in fields {
            let Some(name) = one.get("name").and_then(Value::as_str) else { continue };
            self.moved.note(from, &pointer::join(&format!("{at}/schema/properties"), name));
            let mut schema = parts::schema_of(one);
            if let Some(text) = one.get("description") {
                schema.insert("description".to_owned(), text.clone());
            }
            properties.insert(name.to_owned(), Value::Object(schema));
            if one.get("required") == Some(&json!(true)) {
                required.push(json!(name));
            }
            if let Some(style) = parts::style(one) {
                encoding.insert(name.to_owned(), Value::Object(style));
            }
        }
        let mut schema = json!({"type": "object", "properties": properties});
        if !required.is_empty() {
            schema["required"] = Value::Array(required.clone());
        }
        let mut entry = json!({"schema": schema});
        if !encoding.is_empty() {
            entry["encoding"] = Value::Object(encoding);
        }
        Some(json!({"required": !required.is_empty(), "content": {media: entry}}))
    }

    /// The same schema under every media type.
    fn content(&mut self, types: &[String], schema: &Value, from: &str, to: &str) -> Value {
        let mut content = Map::new();
        for kind in types {
            self.moved.note(from, &format!("{}/schema", pointer::join(to, kind)));
            content.insert(kind.clone(), json!({"schema": schema}));
        }
        Value::Object(content)
    }

    fn parameter(&mut self, parameter: &mut Value, from: &str, to: &str) {
        self.moved.note(from, to);
        if self.refer(parameter, Kind::Parameter) || is_body(parameter) {
            return;
        }
        let Value::Object(map) = parameter else { return };
        let schema = parts::schema_of(&Value::Object(map.clone()));
        for key in schema.keys() {
            self.moved.note(&pointer::join(from, key), &pointer::join(&format!("{to}/schema"), key));
        }
        let style = parts::style(&Value::Object(map.clone()));
        map.retain(|key, _| !schema.contains_key(key) && key != "collectionFormat");
        map.extend(style.into_iter().flatten());
        map.insert("schema".to_owned(), Value::Object(schema));
    }

    fn response(&mut self, response: &mut Value, from: &str, to: &str, produces: &[String]) {
        self.moved.note(from, to);
        if self.refer(response, Kind::Response) {
            return;
        }
        let Value::Object(map) = response else { return };
        for (name, header) in map.get_mut("headers").and_then(Value::as_object_mut).into_iter().flatten() {
            let schema = parts::schema_of(header);
            let (from, to) = (
                pointer::join(&format!("{from}/headers"), name),
                pointer::join(&format!("{to}/headers"), name),
            );
            for key in schema.keys() {
                self.moved.note(&pointer::join(&from, key), &pointer::join(&format!("{to}/schema"), key));
            }
            if let Value::Object(header) = header {
                header.retain(|key, _| !schema.contains_key(key) && key != "collectionFormat");
                header.insert("schema".to_owned(), Value::Object(schema));
            }
        }
        let examples = match map.shift_remove("examples") {
            Some(Value::Object(examples)) => examples,
            _ => Map::new(),
        };
        let schema = map.shift_remove("schema");
        if schema.is_none() && examples.is_empty() {
            return;
        }
        let own = if produces.is_empty() { &self.produces } else { produces };
        let mut types: Vec<String> = own.to_vec();
        let file = schema.as_ref().is_some_and(|schema| schema.get("type") == Some(&json!("file")));
        if types.is_empty() && file {
            types.push("application/octet-stream".to_owned());
        }
        types.extend(examples.keys().filter(|kind| kind.contains('/') && !own.contains(kind)).cloned());
        if types.is_empty() {
            types.push("application/json".to_owned());
        }
        let content_at = format!("{to}/content");
        let mut content = match schema {
            Some(schema) => self.content(&types, &schema, &format!("{from}/schema"), &content_at),
            None => types.iter().map(|kind| (kind.clone(), json!({}))).collect::<Map<_, _>>().into(),
        };
        for (kind, example) in examples {
            if let Some(entry) = content.get_mut(&kind) {
                let at = format!("{}/example", pointer::join(&content_at, &kind));
                self.moved.note(&pointer::join(&format!("{from}/examples"), &kind), &at);
                entry["example"] = example;
            }
        }
        map.insert("content".to_owned(), content);
    }
}

/// Whether a parameter is the body, or a part of it.
fn is_body(parameter: &Value) -> bool {
    matches!(parameter.get("in").and_then(Value::as_str), Some("body" | "formData"))
}

fn media_types(list: Option<&Value>) -> Vec<String> {
    let mut types: Vec<String> = Vec::new();
    for kind in list.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
        if kind.contains('/') && !types.iter().any(|known| known == kind) {
            types.push(kind.to_owned());
        }
    }
    types
}
