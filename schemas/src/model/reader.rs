//! From a checked document to the typed model.

use std::collections::HashMap;
use std::sync::Arc;

use indexmap::IndexMap;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::inner::Inner;
use super::media::{Body, Encoding, Header, Media, MediaExample, Response, StatusPattern};
use super::operation::{Action, Method, Operation, Role};
use super::parameter::{Parameter, ParameterLocation};
use super::path::PathTemplate;
use super::relations;
use super::resource::{Field, Resource, ResourceRules};
use super::security::Security;
use super::servers;
use super::style::Style;
use crate::error::Problem;
use crate::pointer;
use crate::rule::Rule;
use crate::schema::{Compiler, Schema, Side};
use crate::source::Document;
use crate::tree;
use crate::vocabulary::{FieldRules, Pages, Pagination, Rules, Standing, StandingMap};

/// Reads the model, with every problem of it. Where the description does not use the vocabulary (`ours`), what has its names at
/// the root is somebody else's.
pub(super) fn read(document: Arc<Document>, ours: bool) -> (Inner, Vec<Problem>) {
    let compiler = Compiler::new(Arc::clone(&document));
    let mut reader = Reader { document: &document, compiler: &compiler, problems: Vec::new() };
    let rules: Rules =
        if ours { reader.extension("", "x-contract").unwrap_or_default() } else { Rules::default() };
    let base_path = servers::base_path(&document, "", &mut reader.problems).unwrap_or_default();
    let operations = reader.operations(&base_path, &rules);
    let resources = reader.resources();
    let error_schema = reader.error_schema(&rules);
    let mut problems = reader.problems;
    problems.extend(relations::problems(&document, &rules, &operations, &resources));
    let text = |at: &str| document.get(at).and_then(Value::as_str).unwrap_or_default().to_owned();
    let inner = Inner {
        title: text("/info/title"),
        version: text("/info/version"),
        base_path,
        server: text("/servers/0/url"),
        rules,
        operations,
        resources,
        error_schema,
        inferred: Vec::new(),
        compiler,
        document,
        problems: Vec::new(),
    };
    (inner, problems)
}

struct Reader<'a> {
    document: &'a Document,
    compiler: &'a Arc<Compiler>,
    problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    fn problem(&mut self, rule: Rule, at: &str, what: impl Into<String>, help: &str) {
        self.problems.push(self.document.problem(at, what).with_help(help).under(rule));
    }

    fn extension<T: DeserializeOwned>(&mut self, at: &str, key: &str) -> Option<T> {
        let at = pointer::join(at, key);
        let value = self.document.get(&at)?.clone();
        match serde_json::from_value(value) {
            Ok(typed) => Some(typed),
            Err(error) => {
                self.problem(
                    Rule::Vocabulary,
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
                Rule::Name,
                "/x-contract/errors/schema",
                what,
                "Write a reference such as #/components/schemas/Error.",
            );
        }
        target.map(|target| self.schema(Side::Response, &target))
    }

    /// Follows references; one that leads nowhere has been told.
    fn resolve(&self, at: &str) -> Option<(String, &'a Value)> {
        self.document.resolve(at)
    }

    fn members(&self, at: &str) -> Vec<String> {
        self.document
            .get(at)
            .and_then(Value::as_object)
            .map(|map| map.keys().cloned().collect())
            .unwrap_or_default()
    }

    fn operations(&mut self, base: &str, rules: &Rules) -> Vec<Operation> {
        let mut operations: Vec<Operation> = Vec::new();
        let mut ids: HashMap<String, String> = HashMap::new();
        let mut shapes: HashMap<(Method, String), String> = HashMap::new();
        for path in self.members("/paths") {
            if path.starts_with("x-") {
                continue;
            }
            let stated = pointer::join("/paths", &path);
            let Some((item, value)) = self.resolve(&stated) else { continue };
            let Some(template) = self.template(&path, &stated, value) else { continue };
            let item_base = servers::base_path(self.document, &item, &mut self.problems);
            for method in Method::ALL {
                let at = pointer::join(&item, &method.as_str().to_ascii_lowercase());
                // Some keep each operation in a file of its own.
                let found = self.document.get(&at).and_then(|_| self.resolve(&at));
                let at = match found {
                    None => continue,
                    Some((at, Value::Object(_))) => at,
                    Some(_) => {
                        let help = "Write an object with `responses`.";
                        self.problem(
                            Rule::OperationForm,
                            &at,
                            format!("{method} {path} is no operation"),
                            help,
                        );
                        continue;
                    }
                };
                let own =
                    servers::base_path(self.document, &at, &mut self.problems).or_else(|| item_base.clone());
                let own = own.filter(|own| own != base);
                let shape = format!("{}{}", own.as_deref().unwrap_or(base), template.shape());
                if let Some(first) = shapes.get(&(method, shape.clone())) {
                    let what = format!("{method} {path} matches the same requests as {first}, which counts");
                    self.problem(Rule::OperationTwice, &at, what, "Join both into one operation.");
                    continue;
                }
                shapes.insert((method, shape), format!("{method} {path}"));
                let mut operation = self.operation(&template, method, &item, at, rules);
                operation.base_path = own;
                if let Some(first) = ids.get(&operation.id) {
                    let help = "Give each operation an id of its own.";
                    let mut other = derived_id(method, &path);
                    while ids.contains_key(&other) {
                        other.push_str("-2");
                    }
                    let what = format!(
                        "the operationId {} is used twice, first at {first}; this one is called {other}",
                        operation.id
                    );
                    self.problem(Rule::OperationIdTwice, &operation.pointer, what, help);
                    operation.id = other;
                }
                ids.insert(operation.id.clone(), operation.pointer.clone());
                operations.push(operation);
            }
            self.unplayed(&path, &item);
        }
        operations
    }

    /// A path as a template; `None`, and told, where no request can have it.
    fn template(&mut self, path: &str, at: &str, item: &Value) -> Option<PathTemplate> {
        let why = if path.contains('?') {
            "has a query string, which is no part of a path"
        } else if path.contains('#') {
            "has a fragment, which is never sent"
        } else if !item.is_object() {
            "has no object with operations"
        } else if !PathTemplate::new(path).is_balanced() {
            "has a brace without its other half"
        } else {
            if path.starts_with('/') {
                return Some(PathTemplate::new(path));
            }
            let what = format!("the path {path} does not begin with a slash; it is read as /{path}");
            self.problem(Rule::OpenapiForm, at, what, "Begin it with a slash.");
            return Some(PathTemplate::new(format!("/{path}")));
        };
        let named = |method: &Method| item.get(method.as_str().to_ascii_lowercase()).is_some();
        let methods: Vec<&str> = Method::ALL.into_iter().filter(named).map(Method::as_str).collect();
        let what = format!("the path {path} {why}; not played: {}", methods.join(", "));
        self.problem(
            Rule::PathForm,
            at,
            what,
            "Describe parameters of the query under `parameters`, and begin with the plain path.",
        );
        None
    }

    /// What later versions have beside the methods of 3.1.
    fn unplayed(&mut self, path: &str, item: &str) {
        let more = pointer::join(item, "additionalOperations");
        let named = self.members(&more).into_iter().map(|method| (pointer::join(&more, &method), method));
        let query = pointer::join(item, "query");
        let query =
            self.document.get(&query).filter(|value| value.is_object()).map(|_| (query, "QUERY".to_owned()));
        for (at, method) in named.chain(query).collect::<Vec<_>>() {
            let what = format!("{method} {path} is not played: the method is none of OpenAPI 3.1");
            self.problem(Rule::OperationForm, &at, what, "It is left out; nothing else is touched.");
        }
    }

    fn operation(
        &mut self,
        path: &PathTemplate,
        method: Method,
        item: &str,
        at: String,
        rules: &Rules,
    ) -> Operation {
        let document = self.document;
        let text =
            |key: &str| document.get(&pointer::join(&at, key)).and_then(Value::as_str).map(str::to_owned);
        let role: Option<Role> = self.extension(&at, "x-contract-operation");
        let statuses = role.as_ref().map(|role| role.statuses.clone()).unwrap_or_default();
        let pages = role.as_ref().and_then(|role| pages(role, rules));
        let security = Security::of(document, &at);
        let body = self.body(&pointer::join(&at, "requestBody"));
        Operation {
            id: text("operationId")
                .filter(|id| !id.is_empty())
                .unwrap_or_else(|| derived_id(method, path.as_str())),
            method,
            path: path.clone(),
            base_path: None,
            summary: text("summary"),
            parameters: self.parameters(item, &at, path),
            body,
            responses: self.responses(&at, &statuses),
            role,
            pages,
            open: security.is_open(),
            security,
            deprecated: document
                .get(&pointer::join(&at, "deprecated"))
                .and_then(Value::as_bool)
                .unwrap_or(false),
            pointer: at,
        }
    }

    fn parameters(&mut self, item: &str, operation: &str, path: &PathTemplate) -> Vec<Parameter> {
        let mut parameters: IndexMap<(String, ParameterLocation), Parameter> = IndexMap::new();
        for owner in [item, operation] {
            let list = pointer::join(owner, "parameters");
            let count = self.document.get(&list).and_then(Value::as_array).map_or(0, Vec::len);
            for index in 0..count {
                let Some((at, value)) = self.resolve(&format!("{list}/{index}")) else { continue };
                let Some(parameter) = self.parameter(&at, value) else { continue };
                let (name, location) = (parameter.name.clone(), parameter.location);
                if location == ParameterLocation::Path && !path.parameters().any(|known| known == name) {
                    let what = format!("the path {path} has no parameter {name}; it is not looked at");
                    let help = "Put it into the path in braces, or leave it out.";
                    self.problem(Rule::ParameterUnused, &at, what, help);
                    continue;
                }
                parameters.insert((name, location), parameter);
            }
        }
        for name in path.parameters() {
            if !parameters.contains_key(&(name.to_owned(), ParameterLocation::Path)) {
                let what = format!("the path parameter {name} is not described; any text is taken");
                let help = "Add it to the parameters, with `in: path` and `required: true`.";
                self.problem(Rule::ParameterUndeclared, operation, what, help);
                let parameter = Parameter {
                    name: name.to_owned(),
                    location: ParameterLocation::Path,
                    required: true,
                    style: Style::Simple,
                    explode: false,
                    allow_reserved: false,
                    schema: self.compiler.anything(Side::Request),
                    standing: Standing::default(),
                    filter: None,
                    pointer: operation.to_owned(),
                };
                parameters.insert((name.to_owned(), ParameterLocation::Path), parameter);
            }
        }
        parameters.into_values().collect()
    }

    fn parameter(&mut self, at: &str, value: &Value) -> Option<Parameter> {
        let name = value.get("name").and_then(Value::as_str).filter(|name| !name.is_empty());
        let location = value.get("in").and_then(|place| serde_json::from_value(place.clone()).ok());
        let (Some(name), Some(location)) = (name, location) else {
            let what = match (name, value.get("in")) {
                (None, _) => "a parameter has no name; it is left out".to_owned(),
                (Some(name), None) => {
                    format!("the parameter {name} does not say where it stands; it is left out")
                }
                (Some(name), Some(place)) => {
                    format!(
                        "the parameter {name} stands in {place}, which is no place of one; it is left out"
                    )
                }
            };
            let help = "Give it a `name`, and `in: path`, `query`, `header` or `cookie`.";
            self.problem(Rule::ParameterForm, at, what, help);
            return None;
        };
        let name = name.to_owned();
        let own = pointer::join(at, "schema");
        let schema_at =
            match value.get("content").and_then(Value::as_object).and_then(|content| content.keys().next()) {
                Some(media) => pointer::join(&pointer::join(&pointer::join(at, "content"), media), "schema"),
                None => own,
            };
        let standing: Option<StandingMap> = self.extension(at, "x-contract-standing");
        let schema = self.schema(Side::Request, &schema_at);
        let (style, explode) = Style::of(value);
        Some(Parameter {
            name,
            location,
            style,
            explode,
            allow_reserved: value.get("allowReserved").and_then(Value::as_bool).unwrap_or(false),
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
        let stated = value.get("content")?;
        let media_type = json_media(stated).or_else(|| form_media(stated))?;
        let media = pointer::join(&content, &media_type);
        let schema = self.schema(Side::Request, &pointer::join(&media, "schema"));
        Some(Body {
            required: value.get("required").and_then(Value::as_bool).unwrap_or(false),
            schema,
            examples: self.examples(&media),
            encodings: self.encodings(&media),
            other: self.other(Side::Request, &content, Some(&media_type)),
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
                let what = format!("{key} is no status; the response is left out");
                self.problem(Rule::ResponseForm, &here, what, "Write 200, 4XX or default.");
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
                other: self.other(Side::Response, &pointer::join(&at, "content"), media_type.as_deref()),
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
                let help = "Add the response, or leave the status out.";
                self.problem(Rule::Name, &pointer::join(&at, key), what, help);
            }
        }
        responses
    }

    /// Every body but the usual one. In a request each has a schema, be it one that admits everything.
    fn other(&mut self, side: Side, content: &str, usual: Option<&str>) -> Vec<Media> {
        let mut other = Vec::new();
        for media_type in self.members(content) {
            if Some(media_type.as_str()) == usual {
                continue;
            }
            let at = pointer::join(content, &media_type);
            let schema_at = pointer::join(&at, "schema");
            let stated = side == Side::Request || self.document.get(&schema_at).is_some();
            let schema = stated.then(|| self.schema(side, &schema_at));
            let encodings = self.encodings(&at);
            other.push(Media { schema, examples: self.examples(&at), encodings, media_type });
        }
        other
    }

    /// How single properties of a form are written.
    fn encodings(&self, media: &str) -> Vec<Encoding> {
        let list = pointer::join(media, "encoding");
        let mut encodings = Vec::new();
        for property in self.members(&list) {
            let Some((_, value)) = self.resolve(&pointer::join(&list, &property)) else { continue };
            let text = |key: &str| value.get(key).and_then(Value::as_str);
            encodings.push(Encoding {
                property,
                content_type: text("contentType").map(str::to_owned),
                style: text("style").and_then(Style::named),
                explode: value.get("explode").and_then(Value::as_bool),
                allow_reserved: value.get("allowReserved").and_then(Value::as_bool).unwrap_or(false),
            });
        }
        encodings
    }

    fn headers(&mut self, list: &str) -> Vec<Header> {
        let mut headers = Vec::new();
        for name in self.members(list) {
            let Some((at, value)) = self.resolve(&pointer::join(list, &name)) else { continue };
            let schema_at = pointer::join(&at, "schema");
            let schema =
                self.document.get(&schema_at).is_some().then(|| self.schema(Side::Response, &schema_at));
            let required = value.get("required").and_then(Value::as_bool).unwrap_or(false);
            let named = pointer::join(&at, "examples");
            let first = self.members(&named).first().map(|name| pointer::join(&named, name));
            let first = first.and_then(|at| self.resolve(&at)).and_then(|(_, example)| example.get("value"));
            let example = value.get("example").or(first).cloned();
            headers.push(Header { name, required, schema, example });
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

    /// Where schemas stand that say which resource they show: first those with a name of their own.
    fn resource_schemas(&self) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        for name in self.members("/components/schemas") {
            let named = pointer::join("/components/schemas", &name);
            // The schema may stand in another file; a mere second name for one of this file is no second resource.
            let Some((at, value)) = self.resolve(&named) else { continue };
            let own = at == named || at.starts_with(&format!("/{}/", Document::BUNDLE));
            if own && value.get("x-contract-resource").is_some() {
                all.push(at);
            }
        }
        let named = all.len();
        tree::visit(self.document.value(), &mut |visit| {
            let stated = visit.map.contains_key("x-contract-resource");
            if stated && !all[..named].iter().any(|known| known == visit.at) {
                all.push(visit.at.to_owned());
            }
        });
        all
    }

    fn resources(&mut self) -> Vec<Resource> {
        let mut resources: Vec<Resource> = Vec::new();
        for at in self.resource_schemas() {
            let Some(rules) = self.extension::<ResourceRules>(&at, "x-contract-resource") else { continue };
            if let Some(first) = resources.iter().find(|resource| resource.name == rules.name) {
                let what =
                    format!("the resource {} is described twice, first at {}", rules.name, first.pointer);
                self.problem(Rule::Name, &at, what, "Give each resource a name of its own.");
                continue;
            }
            let schema = self.schema(Side::Response, &at);
            let mut fields = IndexMap::new();
            for property in schema.properties() {
                let rules = match property.rules() {
                    Ok(rules) => rules,
                    Err(error) => {
                        let what = format!("x-contract-field cannot be read: {error}");
                        let help = "See schemas/README.md for its form.";
                        self.problem(Rule::Vocabulary, &property.pointer, what, help);
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
                standing: rules.standing,
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

/// How a list is paged: as it says itself, else as the whole API does.
fn pages(role: &Role, rules: &Rules) -> Option<Pagination> {
    match &role.pages {
        _ if role.action != Action::List => None,
        Some(Pages::Whole) => None,
        Some(Pages::Stated(own)) => Some(own.as_ref().clone()),
        None => rules.pagination.clone(),
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

/// Of media types without JSON the first form, else the first of all.
fn form_media(content: &Value) -> Option<String> {
    let names = || content.as_object().into_iter().flat_map(serde_json::Map::keys);
    let is = |name: &str, kind: &str| name.trim().to_ascii_lowercase().starts_with(kind);
    let form = |name: &&String| is(name, "application/x-www-form-urlencoded");
    names()
        .find(form)
        .or_else(|| names().find(|name| is(name, "multipart/form-data")))
        .or_else(|| names().next())
        .cloned()
}

fn derived_id(method: Method, path: &str) -> String {
    let words = path.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    std::iter::once(method.as_str().to_ascii_lowercase())
        .chain(words.map(str::to_owned))
        .collect::<Vec<_>>()
        .join("-")
}
