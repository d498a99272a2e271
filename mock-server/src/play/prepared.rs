//! What is known of an operation before its first request.

use std::collections::HashMap;

use http::StatusCode;
use schemas::{
    Action, Contract, Idempotency, Operation, Parameter, ParameterLocation, Reference, Resource, Sampler,
    Schema, StatusPattern, Style,
};
use serde_json::{Map, Value};

use super::templates::{PageTemplate, RowProjection};

/// One operation, prepared.
#[derive(Debug)]
pub(crate) struct PreparedOperation {
    pub(crate) operation: Operation,
    /// The status of a success.
    pub(crate) success: StatusCode,
    /// Position of the resource in the contract.
    pub(crate) resource: usize,
    /// Position of the owner's resource, and the path parameter that names the owner.
    pub(crate) parent: Option<(usize, String)>,
    /// The path parameter that names the row.
    pub(crate) row: Option<String>,
    /// Query parameters that select rows, with the field they select by and the resource it refers to.
    pub(crate) filters: Vec<Selector>,
    /// How a page is written.
    pub(crate) list: Option<PageTemplate>,
    /// How a deleted row is answered.
    pub(crate) deleted: Option<RowProjection>,
    /// It takes idempotency keys.
    pub(crate) idempotent: bool,
    /// The properties of a body that are stored, with the resource each refers to; others are ignored.
    pub(crate) accepted: HashMap<String, Option<Reference>>,
    /// For each parameter, whether its value is always a text.
    pub(crate) plain: Vec<bool>,
    /// A new row to which nothing was sent.
    pub(crate) blank: Map<String, Value>,
}

/// A query parameter that selects rows.
#[derive(Debug)]
pub(crate) struct Selector {
    pub(crate) parameter: String,
    pub(crate) field: String,
    /// Position of the resource the field refers to: the value may be either of its ids.
    pub(crate) refers: Option<usize>,
}

/// Every operation, prepared, in the contract's order.
#[derive(Debug)]
pub(crate) struct PreparedOperations(Vec<PreparedOperation>);

impl PreparedOperations {
    pub(crate) fn new(contract: &Contract) -> Self {
        Self(contract.operations().iter().map(|operation| prepare(contract, operation)).collect())
    }

    pub(crate) fn get(&self, index: usize) -> Option<&PreparedOperation> {
        self.0.get(index)
    }
}

fn prepare(contract: &Contract, operation: &Operation) -> PreparedOperation {
    let position = |name: &str| contract.resources().iter().position(|resource| resource.name == name);
    let acts = operation.acts();
    let resource = acts.and_then(|(name, _)| contract.resource(name));
    let parent_parameter = operation.role.as_ref().and_then(|role| role.parent.as_ref());
    let parent = parent_parameter.and_then(|parent| {
        let owner = resource?.parent.as_ref()?;
        Some((position(&owner.resource)?, parent.parameter.clone()))
    });
    let row = operation
        .path
        .parameters()
        .filter(|name| parent.as_ref().is_none_or(|(_, parent)| parent != name))
        .last()
        .map(str::to_owned);
    let filters = operation.parameters_in(ParameterLocation::Query).filter_map(|parameter| {
        let field = parameter.filter.as_ref()?.field.clone();
        let refers = resource?.fields.get(&field)?.rules.references.as_ref();
        let refers = refers.and_then(|reference| position(&reference.resource));
        Some(Selector { parameter: parameter.name.clone(), field, refers })
    });
    let success = match operation.success().map(|response| response.status) {
        Some(StatusPattern::Exact(status)) => StatusCode::from_u16(status).unwrap_or(StatusCode::OK),
        Some(StatusPattern::Class(_) | StatusPattern::Default) | None => StatusCode::OK,
    };
    let schema = operation.success().and_then(|response| response.schema.as_ref());
    let action = acts.map(|(_, action)| action);
    let idempotent = contract.rules().idempotency.as_ref().is_some_and(|rule: &Idempotency| {
        rule.methods.iter().any(|method| method == operation.method.as_str())
    });
    PreparedOperation {
        success,
        resource: acts.and_then(|(name, _)| position(name)).unwrap_or_default(),
        parent,
        row,
        filters: filters.collect(),
        list: (action == Some(Action::List))
            .then(|| PageTemplate::new(schema, operation.pages.as_ref()))
            .flatten(),
        deleted: (action == Some(Action::Delete)).then(|| schema.map(RowProjection::new)).flatten(),
        idempotent,
        accepted: resource.map(|resource| accepted(operation, resource)).unwrap_or_default(),
        plain: operation.parameters.iter().map(is_plain).collect(),
        blank: resource.filter(|_| action == Some(Action::Create)).map(blank).unwrap_or_default(),
        operation: operation.clone(),
    }
}

/// Whether the value of a parameter is always the text that was sent.
fn is_plain(parameter: &Parameter) -> bool {
    parameter.schema.types() == ["string"] && matches!(parameter.style, Style::Simple | Style::Form)
}

fn accepted(operation: &Operation, resource: &Resource) -> HashMap<String, Option<Reference>> {
    let described = operation.body.as_ref().map(|body| body.schema.properties()).unwrap_or_default();
    let stored = described.into_iter().filter_map(|property| {
        let field = resource.fields.get(&property.name)?;
        let own = property.rules().ok().and_then(|rules| rules.references);
        Some((property.name, own.or_else(|| field.rules.references.clone())))
    });
    stored.collect()
}

/// A row to which nothing was sent: constants, defaults, nulls, and the plainest value where nothing else is stated.
fn blank(resource: &Resource) -> Map<String, Value> {
    let properties = resource.schema.properties();
    let mut row = Map::new();
    for (field, property) in resource.fields.values().zip(&properties) {
        let value = match (&field.rules.default, property.schema.keyword("const")) {
            (Some(default), _) => Some(default.value.clone()),
            (None, Some(constant)) => Some(constant.clone()),
            (None, None) => unstated(&property.schema, field.required),
        };
        if let Some(value) = value {
            row.insert(field.name.clone(), value);
        }
    }
    row
}

fn unstated(schema: &Schema, required: bool) -> Option<Value> {
    if schema.is_valid(&Value::Null) {
        return Some(Value::Null);
    }
    required.then(|| Sampler::new(schema).sample()).flatten()
}
