//! From a checked document to the typed model.

use std::collections::HashMap;
use std::sync::Arc;

use indexmap::IndexMap;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::contract::Inner;
use super::field::FieldRules;
use super::media::{Body, Header, MediaExample, Response, StatusPattern};
use super::operation::{Method, Operation, Role};
use super::parameter::{Parameter, ParameterLocation};
use super::path::PathTemplate;
use super::resource::{Field, Resource, ResourceRules};
use super::rules::Rules;
use super::standing::{Standing, StandingMap};
use crate::error::{LoadError, Problem};
use crate::pointer;
use crate::schema::{Compiler, Schema, Side};
use crate::source::Document;

/// Reads the model; every problem is told at once.
pub(super) fn read(document: Arc<Document>) -> Result<Inner, LoadError> {
    let compiler = Compiler::new(Arc::clone(&document))?;
    let mut reader = Reader { document: &document, compiler: &compiler, problems: Vec::new() };
    let rules: Rules = reader.extension("", "x-contract").unwrap_or_default();
    let operations = reader.operations();
    let resources = reader.resources();
    let error_schema = rules
        .errors
        .as_ref()
        .and_then(|errors| pointer::of_reference(&errors.schema))
        .and_then(|target| reader.schema(Side::Response, &target));
    reader.relations(&rules, &operations, &resources);
    if !reader.problems.is_empty() {
        return Err(LoadError { subject: document.name().to_owned(), problems: reader.problems });
    }
    let text = |at: &str| document.get(at).and_then(Value::as_str).unwrap_or_default().to_owned();
    let server = text("/servers/0/url");
    Ok(Inner {
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
    })
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

    fn schema(&mut self, side: Side, at: &str) -> Option<Schema> {
        match self.compiler.schema(side, at) {
            Ok(schema) => Some(schema),
            Err(error) => {
                self.problems.extend(error.problems);
                None
            }
        }
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
        let schema = if self.document.get(&schema_at).is_some() {
            self.schema(Side::Request, &schema_at)?
        } else {
            self.compiler.anything(Side::Request)
        };
        Some(Parameter {
            name,
            location,
            required: value.get("required").and_then(Value::as_bool).unwrap_or(false),
            schema: schema.with_outer_standing(standing.clone()),
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
        let schema_at = pointer::join(&media, "schema");
        let schema = if self.document.get(&schema_at).is_some() {
            self.schema(Side::Request, &schema_at)?
        } else {
            self.compiler.anything(Side::Request)
        };
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
                .and_then(|schema| self.schema(Side::Response, &schema));
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
            let schema = self
                .document
                .get(&schema_at)
                .is_some()
                .then(|| self.schema(Side::Response, &schema_at))
                .flatten();
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
            let at = pointer::join("/components/schemas", &name);
            let Some(rules) = self.extension::<ResourceRules>(&at, "x-contract-resource") else { continue };
            let Some(schema) = self.schema(Side::Response, &at) else { continue };
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

    /// Names that must name something.
    fn relations(&mut self, rules: &Rules, operations: &[Operation], resources: &[Resource]) {
        let known: Vec<&str> = resources.iter().map(|resource| resource.name.as_str()).collect();
        let mut unknown = Vec::new();
        for operation in operations {
            let Some(role) = &operation.role else { continue };
            let at = pointer::join(&operation.pointer, "x-contract-operation");
            if let Some(resource) = role.resource.as_deref().filter(|name| !known.contains(name)) {
                unknown.push((pointer::join(&at, "resource"), resource.to_owned(), "resource"));
            }
            if let Some(parent) = &role.parent
                && operation.parameter(ParameterLocation::Path, &parent.parameter).is_none()
            {
                unknown.push((pointer::join(&at, "parent"), parent.parameter.clone(), "path parameter"));
            }
        }
        for resource in resources {
            let at = pointer::join(&resource.pointer, "x-contract-resource");
            let named = [Some(&resource.identity.id), resource.identity.display.as_ref()];
            let times = [resource.created.as_ref(), resource.updated.as_ref()];
            let owner = resource.parent.as_ref().map(|parent| &parent.field);
            for field in named.into_iter().chain(times).chain([owner]).flatten() {
                if !resource.fields.contains_key(field) {
                    unknown.push((at.clone(), field.clone(), "property"));
                }
            }
            if let Some(parent) =
                resource.parent.as_ref().filter(|parent| !known.contains(&parent.resource.as_str()))
            {
                unknown.push((pointer::join(&at, "parent"), parent.resource.clone(), "resource"));
            }
            for field in resource.fields.values() {
                if let Some(reference) = field
                    .rules
                    .references
                    .as_ref()
                    .filter(|reference| !known.contains(&reference.resource.as_str()))
                {
                    unknown.push((field.pointer.clone(), reference.resource.clone(), "resource"));
                }
            }
        }
        for (at, name, kind) in unknown {
            self.problem(
                &at,
                format!("there is no {kind} {name}"),
                "Correct the name; it is case-sensitive.",
            );
        }
        if let Some(authentication) = &rules.authentication {
            let at = pointer::join("/components/securitySchemes", &authentication.scheme);
            if self.document.get(&at).is_none() {
                let what = format!("there is no security scheme {}", authentication.scheme);
                self.problem(
                    "/x-contract/authentication/scheme",
                    what,
                    "Name one of components/securitySchemes.",
                );
            }
        }
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
