//! Building requests: whole valid ones, and parts of them.

use std::rc::Rc;

use schemas::{Action, MediaKind, Standing};
use serde_json::{Map, Value};

use super::context::CaseContext;
use super::error::CaseError;
use super::row::Row;
use crate::contract::{Api, Filling, Operation, PathSlot, Resource, id_value, reference};
use crate::generate::{
    Extent, Twist, Valid, is_plain_parameter, optional, parameter_value, presence, twists,
};
use crate::http::Request;

impl CaseContext {
    /// A whole valid request of an operation: shared rows in its path, the smallest body it takes.
    pub(crate) fn request_for(&self, op: &Operation) -> Result<Request, CaseError> {
        let request = self.request_to(op)?;
        match (op.action(), &op.body) {
            (_, None) => Ok(request),
            (Action::Update | Action::Replace | Action::Upsert, Some(_)) => {
                Ok(request.json(self.change(op)?.0))
            }
            (_, Some(_)) => Ok(request.json(self.payload(op, Extent::Minimal)?.0)),
        }
    }

    /// A valid body of an operation, be it an object or not, and how sure it is that all of it may be sent.
    pub(crate) fn payload(&self, op: &Operation, extent: Extent) -> Result<(Value, Standing), CaseError> {
        let schema = op.body.as_ref().map(|body| &body.schema);
        let is_object = schema.is_none_or(|schema| {
            schema.types().is_empty() || schema.form_of("object").is_some() || !schema.properties().is_empty()
        });
        let kind = op.body.as_ref().map(|body| body.usual().kind());
        if is_object && !matches!(kind, Some(MediaKind::Text | MediaKind::Binary | MediaKind::Other)) {
            return self.body(op, extent).map(|(body, standing)| (Value::Object(body), standing));
        }
        let made = schema.and_then(|schema| self.valid(op, |valid| valid.whole(schema, extent)));
        let made = made.map(|value| (value, Standing::Documented));
        made.ok_or_else(|| CaseError::NotJudged(format!("no valid body of {} can be made", op.id)))
    }

    /// The shared row that a whole request of an operation changes.
    fn changed_row(&self, op: &Operation) -> Option<Rc<Row>> {
        let resource = self.api().resource_of(op).filter(|_| op.has_slot(PathSlot::Own))?;
        self.base(resource).ok()
    }

    /// A request of an operation with shared rows in its path, the parameters it wants, and no body.
    pub(crate) fn request_to(&self, op: &Operation) -> Result<Request, CaseError> {
        let mut request = Request::of(op);
        if op.has_slot(PathSlot::Parent)
            && let Some(parent) = self.api().parent_of(op)
        {
            request = request.owned_by(&self.base(parent)?.path());
        }
        if op.has_slot(PathSlot::Own)
            && let Some(resource) = self.api().resource_of(op)
        {
            let row =
                if op.action() == Action::Delete { self.spare(resource)? } else { self.base(resource)? };
            request = request.owned_by(&row.owners).own(&row.id);
        }
        for (name, _) in op.slots().filter(|(_, slot)| *slot == PathSlot::Free) {
            let filling = self.api().filling(op, name);
            if let Filling::Beneath(resource) = &filling
                && let Some(resource) = self.api().resource(resource)
            {
                // What may change it does not change the row that others look at.
                let row = if op.is_safe() { self.base(resource)? } else { self.spare(resource)? };
                request = request.slot(name, row.id.clone());
            } else if let Some(text) = filling.text() {
                request = request.slot(name, text);
            } else {
                let why = format!("the contract does not say what {{{name}}} in the path of {} names", op.id);
                return Err(CaseError::NotJudged(why));
            }
        }
        for parameter in op.parameters.iter().filter(|parameter| parameter.required) {
            if !is_plain_parameter(self.api(), op, parameter) {
                continue;
            }
            let unknown = || {
                let name = &parameter.name;
                CaseError::NotJudged(format!("{} wants a value for {name}, and none can be made", op.id))
            };
            let value = parameter_value(self.api(), parameter).ok_or_else(unknown)?;
            request = request.parameter(parameter, &value).map_err(|_| unknown())?;
        }
        Ok(request)
    }

    /// The request that creates a row of the smallest body, under an owner (the shared one where none is given), with
    /// some properties set.
    pub(crate) fn create_request(
        &self,
        resource: &Resource,
        parent: Option<&Row>,
        fields: Map<String, Value>,
    ) -> Result<Request, CaseError> {
        let nothing = || CaseError::NotJudged(format!("nothing makes {}", resource.one()));
        let op = resource.create.as_ref().ok_or_else(nothing)?;
        let mut request = self.request_to(op)?;
        let mut body = self.body(op, Extent::Minimal)?.0;
        if let Some(parent) = parent {
            request = request.owned_by(&parent.path());
            for property in op.body.iter().flat_map(|body| body.schema.properties()) {
                if reference(&property).is_some_and(|name| name == parent.resource.name) {
                    body.insert(property.name.clone(), id_value(&property.schema, &parent.id));
                }
            }
        }
        body.extend(fields);
        Ok(request.json(body))
    }

    /// Every valid change of the plainest body of an operation, and each optional property by itself.
    pub(crate) fn twists(&self, op: &Operation) -> Vec<Twist> {
        let Some(body) = &op.body else { return Vec::new() };
        let extent = Extent::Full(Standing::Inferred);
        let Ok((whole, _)) = self.payload(op, extent) else { return Vec::new() };
        let optional = whole.as_object().map(|map| optional(&body.schema, map)).unwrap_or_default();
        let twists = self.valid(op, |valid| twists(valid, &body.schema, &whole, extent));
        optional.into_iter().chain(twists).collect()
    }

    /// The shared row of a resource.
    pub(crate) fn base(&self, resource: &Resource) -> Result<Rc<Row>, CaseError> {
        self.state.shared_rows.borrow().base(&resource.name).ok_or_else(|| self.no_row(resource))
    }

    /// The shared row that a deletion may hit.
    pub(crate) fn spare(&self, resource: &Resource) -> Result<Rc<Row>, CaseError> {
        self.state.shared_rows.borrow().spare(&resource.name).ok_or_else(|| self.no_row(resource))
    }

    fn no_row(&self, resource: &Resource) -> CaseError {
        let rows = self.state.shared_rows.borrow();
        let why = rows.why_missing(&resource.name).unwrap_or("none was made");
        CaseError::NotJudged(format!("there is no {} to work with: {why}", resource.name))
    }

    /// A valid body of an operation, and how sure it is that all of it may be sent.
    pub(crate) fn body(
        &self,
        op: &Operation,
        extent: Extent,
    ) -> Result<(Map<String, Value>, Standing), CaseError> {
        let extent = self.state.shared_rows.borrow().least_extent(&op.id, extent);
        self.valid(op, |valid| valid.body(extent))
            .ok_or_else(|| CaseError::NotJudged(format!("no valid body of {} can be made", op.id)))
    }

    /// A fresh valid value of one property of an operation's body.
    pub(crate) fn value(&self, op: &Operation, property: &str) -> Option<Value> {
        let property = op.body.as_ref()?.schema.property(property)?;
        self.valid(op, |valid| valid.value(&property, Extent::Minimal))
    }

    /// The smallest change that an update can make, one plain property, and how sure it is that it may.
    pub(crate) fn change(&self, op: &Operation) -> Result<(Map<String, Value>, Standing), CaseError> {
        let (name, standing) = plain_property(self.api(), op).ok_or_else(|| {
            CaseError::NotJudged(format!("{} takes no property that can simply be changed", op.id))
        })?;
        let value = self
            .value(op, &name)
            .ok_or_else(|| CaseError::NotJudged(format!("no value of {name} can be made")))?;
        let change = Map::from_iter([(name, value)]);
        Ok((self.update_body(op, change)?, standing))
    }

    /// A request that changes a row: the properties to change, and what the update wants besides them.
    pub(crate) fn update_request(
        &self,
        op: &Operation,
        row: &Row,
        fields: Map<String, Value>,
    ) -> Result<Request, CaseError> {
        Ok(row.change(op, self.update_body(op, fields)?))
    }

    /// The body of an update that sets some properties: with fresh values of those that it requires, and where it is the
    /// whole row of those that every row is created with.
    pub(crate) fn update_body(
        &self,
        op: &Operation,
        fields: Map<String, Value>,
    ) -> Result<Map<String, Value>, CaseError> {
        let Some(stated) = &op.body else { return Ok(fields) };
        let wanted: Vec<String> = self
            .api()
            .resource_of(op)
            .filter(|_| op.writes_whole_rows())
            .map(|resource| resource.wanted_by_create().map(|property| property.name).collect())
            .unwrap_or_default();
        let mut body = fields;
        for property in stated.schema.properties() {
            let is_wanted = property.required || wanted.contains(&property.name);
            if is_wanted && !body.contains_key(&property.name) {
                // Where the body names the row as well, it is the row of the path.
                let named = self.changed_row(op).filter(|row| row.resource.identity.id == property.name);
                let named = named.and_then(|row| row.get(&property.name).cloned());
                let value = named.or_else(|| self.valid(op, |valid| valid.value(&property, Extent::Minimal)));
                let why = || CaseError::NotJudged(format!("no value of {} can be made", property.name));
                body.insert(property.name.clone(), value.ok_or_else(why)?);
            }
        }
        Ok(body)
    }

    /// Lets the generator of valid values name the shared rows.
    fn valid<T>(&self, op: &Operation, make: impl FnOnce(&Valid<'_>) -> T) -> T {
        let rows = self.state.shared_rows.borrow();
        let row = |resource: &str| rows.base(resource).map(|row| row.id.clone());
        make(&Valid { api: self.api(), op, names: &self.names, row: &row })
    }
}

/// A property that an update can simply change: a plain text before anything else, the surer the better.
pub(crate) fn plain_property(api: &Api, op: &Operation) -> Option<(String, Standing)> {
    let body = op.body.as_ref()?;
    let resource = api.resource_of(op);
    let rules =
        |name: &str| resource.and_then(|resource| resource.fields.get(name)).map(|field| &field.rules);
    let mut candidates: Vec<((Standing, u8), String)> = body
        .schema
        .properties()
        .into_iter()
        .filter(|property| {
            reference(property).is_none()
                && resource.is_none_or(|resource| resource.identity.id != property.name)
                && rules(&property.name).is_none_or(|rules| {
                    rules.unique.is_none()
                        && rules.derived.is_none()
                        && rules.exclusive.is_none()
                        && rules.server_set.is_none()
                })
        })
        .map(|property| {
            let text = property.schema.admits_type("string")
                && property.schema.keyword("format").is_none()
                && property.schema.keyword("enum").is_none();
            let rank = match (text, property.is_nullable()) {
                (true, false) => 0,
                (true, true) => 1,
                (false, _) => 2,
            };
            ((presence(&property), rank), property.name)
        })
        .collect();
    candidates.sort_by_key(|(rank, _)| *rank);
    let ((standing, _), name) = candidates.into_iter().next()?;
    Some((name, standing))
}
