//! What is known of an operation before its first request.

use std::collections::HashMap;
use std::sync::OnceLock;

use http::StatusCode;
use schemas::{
    Action, Contract, Idempotency, Operation, Parameter, ParameterLocation, Reference, Resource, Response,
    Schema, StatusPattern, Style,
};

use super::described;
use super::pages::PageForm;
use super::shown::Shown;
use super::templates::{PageTemplate, RowProjection};
use crate::new_row::{Blank, IdForm, StampForm};

/// One operation, prepared.
#[derive(Debug)]
pub(crate) struct PreparedOperation {
    pub(crate) operation: Operation,
    /// The status of a success.
    pub(crate) success: StatusCode,
    /// The status of a create, where that is another.
    pub(crate) created_status: StatusCode,
    /// Position of the resource in the contract.
    pub(crate) resource: usize,
    /// Positions of the owners' resources with the path parameters that name them, the nearest first.
    pub(crate) owners: Vec<(usize, String)>,
    /// The path parameter that names the row.
    pub(crate) row: Option<String>,
    /// Query parameters that select rows, with the field they select by and the resource it refers to.
    pub(crate) filters: Vec<Selector>,
    /// How a page is written, where that is with rows as they are kept.
    pub(crate) list: Option<PageTemplate>,
    /// How any other page is written.
    pub(crate) pages: Option<PageForm>,
    /// How a row is shown; `None` where the answer has no body.
    pub(crate) shown: Option<Shown>,
    /// The operation whose path is the address of a row.
    pub(crate) place: Option<Operation>,
    /// Whether `Location` is sent.
    pub(crate) located: bool,
    /// Headers of a success that are the same every time.
    pub(crate) headers: Vec<(String, String)>,
    /// The media type of a success, where that is not plain JSON.
    pub(crate) media_type: Option<String>,
    /// How a deleted row is answered.
    pub(crate) deleted: Option<RowProjection>,
    /// It takes idempotency keys.
    pub(crate) idempotent: bool,
    /// The properties of a body that are stored, with the resource each refers to; others are ignored.
    pub(crate) accepted: HashMap<String, Option<Reference>>,
    /// A row may be stored that breaks its schema: the body's says something else.
    pub(crate) loose: bool,
    /// For each parameter, whether its value is always a text.
    pub(crate) plain: Vec<bool>,
    /// A new row to which nothing was sent.
    pub(crate) blank: Blank,
    /// How ids are made.
    pub(crate) ids: IdForm,
    /// The properties with the times of creation and of the last change.
    pub(crate) created: Option<(String, StampForm)>,
    pub(crate) updated: Option<(String, StampForm)>,
}

/// A query parameter that selects rows.
#[derive(Debug)]
pub(crate) struct Selector {
    pub(crate) parameter: String,
    pub(crate) field: String,
    /// Position of the resource the field refers to: the value may be either of its ids.
    pub(crate) refers: Option<usize>,
    /// It may have several values, or the field may: rows are looked at one by one.
    pub(crate) several: bool,
}

/// Every operation, prepared, in the contract's order.
#[derive(Debug)]
pub(crate) struct PreparedOperations {
    contract: Contract,
    /// Headers that something else writes.
    skipped: Vec<String>,
    /// Each is prepared when it is first asked for: of a large description few are.
    prepared: Vec<OnceLock<PreparedOperation>>,
}

impl PreparedOperations {
    /// `skipped` are headers that something else writes.
    pub(crate) fn new(contract: &Contract, skipped: &[&str]) -> Self {
        Self {
            contract: contract.clone(),
            skipped: skipped
                .iter()
                .map(|name| (*name).to_owned())
                .chain(["Location".to_owned(), "Link".to_owned()])
                .collect(),
            prepared: contract.operations().iter().map(|_| OnceLock::new()).collect(),
        }
    }

    pub(crate) fn get(&self, index: usize) -> Option<&PreparedOperation> {
        let operation = self.contract.operations().get(index)?;
        let slot = self.prepared.get(index)?;
        Some(slot.get_or_init(|| prepare(&self.contract, operation, &self.skipped)))
    }
}

fn prepare(contract: &Contract, operation: &Operation, skipped: &[String]) -> PreparedOperation {
    let position = |name: &str| contract.resources().iter().position(|resource| resource.name == name);
    let acts = operation.acts();
    let action = acts.map(|(_, action)| action);
    let resource = acts.and_then(|(name, _)| contract.resource(name));
    let filters = operation.parameters_in(ParameterLocation::Query).filter_map(|parameter| {
        let field = parameter.filter.as_ref()?.field.clone();
        let known = resource?.fields.get(&field)?;
        let refers = known.rules.references.as_ref().and_then(|reference| position(&reference.resource));
        let array = |schema: &Schema| schema.form_of("array").is_some();
        let of_field = resource?.schema.property(&field).is_some_and(|property| array(&property.schema));
        let several = array(&parameter.schema) || of_field;
        Some(Selector { parameter: parameter.name.clone(), field, refers, several })
    });
    let answer = answer_of(operation);
    let exact = |response: &Response| match response.status {
        StatusPattern::Exact(status) => StatusCode::from_u16(status).ok(),
        StatusPattern::Class(_) | StatusPattern::Default => None,
    };
    let success = answer.and_then(exact).unwrap_or(StatusCode::OK);
    let has = |status: StatusCode| operation.responses.iter().any(|one| exact(one) == Some(status));
    let created_status = if action == Some(Action::Upsert) && has(StatusCode::CREATED) {
        StatusCode::CREATED
    } else {
        success
    };
    // A replacement of what is there is no creation, where the description tells them apart.
    let success = if action == Some(Action::Upsert) && success == StatusCode::CREATED {
        [StatusCode::OK, StatusCode::NO_CONTENT].into_iter().find(|status| has(*status)).unwrap_or(success)
    } else {
        success
    };
    let schema = answer.and_then(|response| response.schema.as_ref());
    let role = operation.role.as_ref();
    let idempotent = contract.rules().idempotency.as_ref().is_some_and(|rule: &Idempotency| {
        rule.methods.iter().any(|method| method == operation.method.as_str())
    });
    let is_write = matches!(action, Some(Action::Create | Action::Update | Action::Replace | Action::Upsert));
    let makes = matches!(action, Some(Action::Create | Action::Replace | Action::Upsert));
    let stamp = |field: Option<&String>| {
        let field = field.filter(|_| is_write)?;
        let form = resource?.schema.property(field).map(|property| StampForm::of(&property.schema));
        Some((field.clone(), form.unwrap_or(StampForm::Instant)))
    };
    let header = |name: &str| {
        answer.is_some_and(|answer| answer.headers.iter().any(|one| one.name.eq_ignore_ascii_case(name)))
    };
    let (accepted, loose) = resource.map(|resource| accepted(operation, resource)).unwrap_or_default();
    let is_list = action == Some(Action::List);
    let (list, pages) = match resource.filter(|_| is_list) {
        Some(resource) => PageForm::split(schema, operation, resource, answer),
        None => (None, None),
    };
    let headers = answer
        .filter(|_| acts.is_some())
        .map(|answer| described::headers(answer, skipped))
        .unwrap_or_default();
    PreparedOperation {
        success,
        created_status,
        resource: acts.and_then(|(name, _)| position(name)).unwrap_or_default(),
        owners: resource.map(|resource| owners(contract, operation, resource)).unwrap_or_default(),
        row: operation.key_parameter().map(str::to_owned),
        filters: filters.collect(),
        list,
        pages,
        shown: schema.zip(resource).filter(|_| !is_list).map(|(schema, resource)| {
            Shown::new(schema, role.map_or("", |role| role.row.as_str()), resource)
        }),
        place: acts.filter(|_| makes).and_then(|(name, _)| place_of(contract, name)).cloned(),
        located: makes
            && (role.is_some_and(|role| role.location)
                || header("Location")
                || (action == Some(Action::Create) && schema.is_none())),
        headers,
        media_type: answer
            .and_then(|answer| answer.media_type.clone())
            .filter(|media| media != "application/json" && media.to_ascii_lowercase().contains("json")),
        deleted: schema.zip(resource).filter(|_| action == Some(Action::Delete)).map(|(schema, resource)| {
            RowProjection::new(schema, role.map_or("", |role| role.row.as_str()), &resource.schema)
        }),
        idempotent,
        accepted,
        loose,
        plain: operation.parameters.iter().map(is_plain).collect(),
        blank: resource.filter(|_| makes).map(|resource| Blank::of(contract, resource)).unwrap_or_default(),
        ids: resource.filter(|_| makes).map_or(IdForm::Opaque(usize::MAX), IdForm::of),
        created: stamp(resource.and_then(|resource| resource.created.as_ref())),
        updated: stamp(resource.and_then(|resource| resource.updated.as_ref())),
        operation: operation.clone(),
    }
}

/// Whether the value of a parameter is always the text that was sent.
fn is_plain(parameter: &Parameter) -> bool {
    parameter.schema.types() == ["string"] && matches!(parameter.style, Style::Simple | Style::Form)
}

/// The operation by whose path a row is addressed: its read, else whatever names one.
fn place_of<'c>(contract: &'c Contract, resource: &str) -> Option<&'c Operation> {
    let acting = |action: Action| {
        contract.operations().iter().find(move |operation| operation.acts() == Some((resource, action)))
    };
    [Action::Read, Action::Update, Action::Replace, Action::Delete].into_iter().find_map(acting)
}

/// The response of a success; `default` where no other is described.
fn answer_of(operation: &Operation) -> Option<&Response> {
    let default = || operation.responses.iter().find(|response| response.status == StatusPattern::Default);
    operation.success().or_else(default)
}

/// The owners that a path names, as far as the resources say whose rows own which.
fn owners(contract: &Contract, operation: &Operation, resource: &Resource) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut owned = Some(resource);
    for parameter in operation.role.iter().flat_map(schemas::Role::owners) {
        let Some(parent) = owned.and_then(|owned| owned.parent.as_ref()) else { break };
        let position = contract.resources().iter().position(|one| one.name == parent.resource);
        let Some(position) = position else { break };
        found.push((position, parameter.to_owned()));
        owned = contract.resources().get(position);
    }
    found
}

/// The properties of a body that are stored, and whether some of them may have values that a row must not have.
fn accepted(operation: &Operation, resource: &Resource) -> (HashMap<String, Option<Reference>>, bool) {
    let body = operation.body.as_ref();
    let at = operation.role.as_ref().map_or("", |role| role.body_row.as_str());
    let described = body.and_then(|body| body.schema.within(at));
    let properties = described.as_ref().map(Schema::properties).unwrap_or_default();
    if body.is_some() && properties.is_empty() {
        // A body that says nothing of its properties may have all of them.
        let all = resource.fields.values().map(|field| (field.name.clone(), field.rules.references.clone()));
        return (all.collect(), true);
    }
    let mut loose = false;
    let mut accepted = HashMap::new();
    for property in properties {
        let (Some(field), Some(kept)) =
            (resource.fields.get(&property.name), resource.schema.property(&property.name))
        else {
            continue;
        };
        let own = property.rules().ok().and_then(|rules| rules.references);
        let reference = own.or_else(|| field.rules.references.clone());
        // What names a row is kept as that row's id, whatever was sent.
        loose |= reference.is_none() && !is_as_narrow(&property.schema, &kept.schema);
        accepted.insert(property.name, reference);
    }
    (accepted, loose)
}

/// Whether what a body's property may be is plainly what a row's may be.
fn is_as_narrow(sent: &Schema, kept: &Schema) -> bool {
    const PLAIN: [&str; 7] = ["type", "nullable", "description", "title", "default", "example", "examples"];
    if sent.resolved().0 == kept.resolved().0 {
        return true;
    }
    let types = kept.types();
    let plain = sent.types().iter().all(|kind| types.contains(kind));
    let items = || match (sent.items(), kept.items()) {
        (Some(sent), Some(kept)) => is_as_narrow(&sent, &kept),
        (_, kept) => kept.is_none(),
    };
    let same = |keyword: &str| {
        keyword == "items" && items()
            || kept.keyword(keyword).is_none_or(|value| sent.keyword(keyword) == Some(value))
    };
    let stated = kept.resolved().1.as_object();
    let narrow = stated.is_none_or(|stated| {
        stated.keys().all(|key| PLAIN.contains(&key.as_str()) || key.starts_with("x-") || same(key))
    });
    plain && !types.is_empty() && narrow
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_api_is_played_the_quick_way() {
        let contract = Contract::builtin().expect("loads");
        let prepared = PreparedOperations::new(&contract, &[]);
        for index in 0..contract.operations().len() {
            let one = prepared.get(index).expect("is there");
            let name = &one.operation.id;
            assert!(!one.loose, "{name}: rows are judged again");
            assert!(
                one.shown.as_ref().is_none_or(|shown| matches!(shown, Shown::Kept) || one.deleted.is_some()),
                "{name}"
            );
            let is_list = one.operation.acts().is_some_and(|(_, action)| action == Action::List);
            assert_eq!(one.list.is_some(), is_list, "{name}");
        }
    }
}
