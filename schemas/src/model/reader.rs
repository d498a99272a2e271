//! From a checked document to the typed model.

use std::collections::HashMap;
use std::sync::Arc;

use indexmap::IndexMap;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::inner::Inner;
use super::media::{Body, Header, MediaExample, Response, StatusPattern};
use super::operation::{Method, Operation, Role};
use super::parameter::{Parameter, ParameterLocation};
use super::path::PathTemplate;
use super::relations;
use super::resource::{Field, Resource, ResourceRules};
use crate::error::{LoadError, Problem};
use crate::pointer;
use crate::schema::{Compiler, Schema, Side};
use crate::source::Document;
use crate::vocabulary::FieldRules;
use crate::vocabulary::Rules;
use crate::vocabulary::{Standing, StandingMap};

/// Reads the model, with every problem of it.
pub(super) fn read(document: Arc<Document>) -> Result<(Inner, Vec<Problem>), LoadError> {
    let compiler = Compiler::new(Arc::clone(&document))?;
    let mut reader = Reader { document: &document, compiler: &compiler, problems: Vec::new() };
    let rules: Rules = reader.extension("", "x-contract").unwrap_or_default();
    let operations = reader.operations();
    let resources = reader.resources();
    let error_schema = reader.error_schema(&rules);
    let mut problems = reader.problems;
    problems.extend(relations::problems(&document, &rules, &operations, &resources));
    let text = |at: &str| document.get(at).and_then(Value::as_str).unwrap_or_default().to_owned();
    let server = text("/servers/0/url");
    let inner = Inner {
        title: text("/info/title"),
        version: text("/info/version"),
        base_path: base_path(&server),
        server,
        rules,
        operations,
        resources,
        error_schema,
        compiler,
        document,
    };
    Ok((inner, problems))
}

/// The path of a server's URL, which may be relative.
fn base_path(server: &str) -> String {
    let path = match server.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("", |start| &rest[start..]),
        None => server,
    };
    path.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/').to_owned()
}

struct Reader<'a> {
    document: &'a Document,
    compiler: &'a Arc<Compiler>,
    problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    fn problem(&mut self, at: &str, what: impl Into<String>, help: &str) {
        self.problems.push(self.document.problem(at, what).with_help(help));
    }

    fn extension<T: DeserializeOwned>(&mut self, at: &str, key: &str) -> Option<T> {
        let at = pointer::join(at, key);
        let value = self.document.get(&at)?.clone();
        match serde_json::from_value(value) {
            Ok(typed) => Some(typed),
            Err(error) => {
                self.problem(
                    &at,
                    format!("{key} cannot be read: {error}"),
                    "See schemas/README.md for its form.",
                );
                None
            }
        }
    }

    /// The schema at a pointer, or one that admits everything where none is stated.
    fn schema(&self, side: Side, at: &str) -> Schema {
        match self.document.get(at) {
            Some(_) => self.compiler.schema(side, at),
            None => self.compiler.anything(side),
        }
    }

    fn error_schema(&mut self, rules: &Rules) -> Option<Schema> {
        let errors = rules.errors.as_ref()?;
        let target =
            pointer::of_reference(&errors.schema).filter(|target| self.document.get(target).is_some());
        if target.is_none() {
            let what = format!("{} leads nowhere", errors.schema);
            self.problem(
                "/x-contract/errors/schema",
                what,
                "Write a reference such as #/components/schemas/Error.",
            );
        }
        target.map(|target| self.schema(Side::Response, &target))
    }

    fn resolve(&mut self, at: &str) -> Option<(String, &'a Value)> {
        let found = self.document.resolve(at);
        if found.is_none() && self.document.get(at).is_some() {
            self.problem(at, "this reference leads nowhere", "Correct the reference, or add what it names.");
        }
        found
    }

    fn members(&self, at: &str) -> Vec<String> {
        self.document
            .get(at)
            .and_then(Value::as_object)
            .map(|map| map.keys().cloned().collect())
            .unwrap_or_default()
    }

    fn operations(&mut self) -> Vec<Operation> {
        let mut operations = Vec::new();
        let mut seen: HashMap<String, String> = HashMap::new();
        for path in self.members("/paths") {
            if path.starts_with("x-") {
                continue;
            }
            let Some((item, _)) = self.resolve(&pointer::join("/paths", &path)) else { continue };
            for method in Method::ALL {
                let at = pointer::join(&item, &method.as_str().to_ascii_lowercase());
                if self.document.get(&at).is_none() {
                    continue;
                }
                let operation = self.operation(&path, method, &item, at);
                if let Some(first) = seen.insert(operation.id.clone(), operation.pointer.clone()) {
                    let what = format!("the operationId {} is used twice, first at {first}", operation.id);
                    self.problem(&operation.pointer, what, "Give each operation an id of its own.");
                }
                operations.push(operation);
            }
        }
        operations
    }

    fn operation(&mut self, path: &str, method: Method, item: &str, at: String) -> Operation {
        let document = self.document;
        let text =
            |key: &str| document.get(&pointer::join(&at, key)).and_then(Value::as_str).map(str::to_owned);
        let role: Option<Role> = self.extension(&at, "x-contract-operation");
        let statuses = role.as_ref().map(|role| role.statuses.clone()).unwrap_or_default();
        let own_security = document.get(&pointer::join(&at, "security"));
        let security = own_security.or_else(|| document.get("/security"));
        // No requirement at all, or an empty alternative among them: a key is not needed.
        let open = security.and_then(Value::as_array).is_none_or(|alternatives| {
            alternatives.is_empty()
                || alternatives.iter().any(|one| one.as_object().is_some_and(serde_json::Map::is_empty))
        });
        let body = self.body(&pointer::join(&at, "requestBody"));
        Operation {
            id: text("operationId").unwrap_or_else(|| derived_id(method, path)),
            method,
            path: PathTemplate::new(path),
            summary: text("summary"),
            parameters: self.parameters(item, &at, path),
            body,
            responses: self.responses(&at, &statuses),
            role,
            open,
            deprecated: document
                .get(&pointer::join(&at, "deprecated"))
                .and_then(Value::as_bool)
                .unwrap_or(false),
            pointer: at,
        }
    }

    fn parameters(&mut self, item: &str, operation: &str, path: &str) -> Vec<Parameter> {
        let mut parameters: IndexMap<(String, ParameterLocation), Parameter> = IndexMap::new();
        for owner in [item, operation] {
            let list = pointer::join(owner, "parameters");
            let count = self.document.get(&list).and_then(Value::as_array).map_or(0, Vec::len);
            for index in 0..count {
                let Some((at, value)) = self.resolve(&format!("{list}/{index}")) else { continue };
                if let Some(parameter) = self.parameter(&at, value) {
                    parameters.insert((parameter.name.clone(), parameter.location), parameter);
                }
            }
        }
        for name in PathTemplate::new(path).parameters() {
            if !parameters.contains_key(&(name.to_owned(), ParameterLocation::Path)) {
                let what = format!("the path parameter {name} is not described");
                self.problem(
                    operation,
                    what,
                    "Add it to the parameters, with `in: path` and `required: true`.",
                );
            }
        }
        parameters.into_values().collect()
    }

    fn parameter(&mut self, at: &str, value: &Value) -> Option<Parameter> {
        let name = value.get("name").and_then(Value::as_str)?.to_owned();
        let location = serde_json::from_value(value.get("in")?.clone()).ok()?;
        let own = pointer::join(at, "schema");
        let schema_at =
            match value.get("content").and_then(Value::as_object).and_then(|content| content.keys().next()) {
                Some(media) => pointer::join(&pointer::join(&pointer::join(at, "content"), media), "schema"),
                None => own,
            };
        let standing: Option<StandingMap> = self.extension(at, "x-contract-standing");
        let schema = self.schema(Side::Request, &schema_at);
        Some(Parameter {
            name,
            location,
            required: value.get("required").and_then(Value::as_bool).unwrap_or(false),
            schema: schema.with_outer_standings(standing.clone()),
            standing: standing.and_then(|map| map.of("default")).unwrap_or_default(),
            filter: self.extension(at, "x-contract-filter"),
            pointer: at.to_owned(),
        })
    }

    fn body(&mut self, at: &str) -> Option<Body> {
        self.document.get(at)?;
        let (at, value) = self.resolve(at)?;
        let content = pointer::join(&at, "content");
        let media_type = json_media(value.get("content")?)?;
        let media = pointer::join(&content, &media_type);
        let schema = self.schema(Side::Request, &pointer::join(&media, "schema"));
        Some(Body {
            required: value.get("required").and_then(Value::as_bool).unwrap_or(false),
            schema,
            examples: self.examples(&media),
            media_type,
            pointer: at,
        })
    }

    fn responses(&mut self, operation: &str, statuses: &IndexMap<String, Standing>) -> Vec<Response> {
        let list = pointer::join(operation, "responses");
        let mut responses = Vec::new();
        for key in self.members(&list) {
            if key.starts_with("x-") {
                continue;
            }
            let here = pointer::join(&list, &key);
            let Some(status) = StatusPattern::parse(&key) else {
                self.problem(&here, format!("{key} is no status"), "Write 200, 4XX or default.");
                continue;
            };
            let Some((at, value)) = self.resolve(&here) else { continue };
            let media_type = value.get("content").and_then(json_media);
            let media = media_type.as_ref().map(|media| pointer::join(&pointer::join(&at, "content"), media));
            let schema_at = media.as_ref().map(|media| pointer::join(media, "schema"));
            let schema = schema_at
                .filter(|schema| self.document.get(schema).is_some())
                .map(|schema| self.schema(Side::Response, &schema));
            responses.push(Response {
                status,
                standing: statuses.get(&key).copied().unwrap_or_default(),
                schema,
                headers: self.headers(&pointer::join(&at, "headers")),
                examples: media.map(|media| self.examples(&media)).unwrap_or_default(),
                media_type,
                pointer: at,
            });
        }
        for key in statuses.keys() {
            if self.document.get(&pointer::join(&list, key)).is_none() {
                let at = pointer::join(&pointer::join(operation, "x-contract-operation"), "statuses");
                let what = format!("{key} is not among the responses of this operation");
                self.problem(&pointer::join(&at, key), what, "Add the response, or leave the status out.");
            }
        }
        responses
    }

    fn headers(&mut self, list: &str) -> Vec<Header> {
        let mut headers = Vec::new();
        for name in self.members(list) {
            let Some((at, value)) = self.resolve(&pointer::join(list, &name)) else { continue };
            let schema_at = pointer::join(&at, "schema");
            let schema =
                self.document.get(&schema_at).is_some().then(|| self.schema(Side::Response, &schema_at));
            let required = value.get("required").and_then(Value::as_bool).unwrap_or(false);
            headers.push(Header { name, required, schema });
        }
        headers
    }

    fn examples(&mut self, media: &str) -> Vec<MediaExample> {
        let mut examples = Vec::new();
        let single = pointer::join(media, "example");
        if let Some(value) = self.document.get(&single) {
            let value = value.clone();
            examples.push(MediaExample { name: "default".to_owned(), summary: None, value, pointer: single });
        }
        let list = pointer::join(media, "examples");
        for name in self.members(&list) {
            let Some((at, value)) = self.resolve(&pointer::join(&list, &name)) else { continue };
            let Some(body) = value.get("value") else { continue };
            examples.push(MediaExample {
                name,
                summary: value.get("summary").and_then(Value::as_str).map(str::to_owned),
                value: body.clone(),
                pointer: pointer::join(&at, "value"),
            });
        }
        examples
    }

    fn resources(&mut self) -> Vec<Resource> {
        let mut resources: Vec<Resource> = Vec::new();
        for name in self.members("/components/schemas") {
            let named = pointer::join("/components/schemas", &name);
            // The schema may stand in another file; a mere second name for one of this file is no second resource.
            let Some((at, _)) = self.resolve(&named) else { continue };
            if at != named && !at.starts_with(&format!("/{}/", Document::BUNDLE)) {
                continue;
            }
            let Some(rules) = self.extension::<ResourceRules>(&at, "x-contract-resource") else { continue };
            if let Some(first) = resources.iter().find(|resource| resource.name == rules.name) {
                let what =
                    format!("the resource {} is described twice, first at {}", rules.name, first.pointer);
                self.problem(&at, what, "Give each resource a name of its own.");
                continue;
            }
            let schema = self.schema(Side::Response, &at);
            let mut fields = IndexMap::new();
            for property in schema.properties() {
                let rules = match property.rules() {
                    Ok(rules) => rules,
                    Err(error) => {
                        let what = format!("x-contract-field cannot be read: {error}");
                        self.problem(&property.pointer, what, "See schemas/README.md for its form.");
                        FieldRules::default()
                    }
                };
                let (name, required, standing) =
                    (property.name.clone(), property.required, property.standing("type"));
                fields.insert(
                    property.name,
                    Field { name, rules, required, standing, pointer: property.pointer },
                );
            }
            resources.push(Resource {
                name: rules.name,
                pointer: at,
                schema,
                fields,
                identity: rules.identity,
                created: rules.created,
                updated: rules.updated,
                parent: rules.parent,
                not_found: rules.not_found,
                deletion: rules.deletion,
            });
        }
        resources
    }
}

/// The JSON media type among those offered: `application/json` before any other with JSON in it.
fn json_media(content: &Value) -> Option<String> {
    let names = || content.as_object().into_iter().flat_map(serde_json::Map::keys);
    let essence = |name: &str| name.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    names()
        .find(|name| essence(name) == "application/json")
        .or_else(|| names().find(|name| essence(name).ends_with("+json")))
        .or_else(|| names().find(|name| essence(name) == "*/*"))
        .cloned()
}

fn derived_id(method: Method, path: &str) -> String {
    let words = path.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    std::iter::once(method.as_str().to_ascii_lowercase())
        .chain(words.map(str::to_owned))
        .collect::<Vec<_>>()
        .join("-")
}
