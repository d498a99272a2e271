//! The filters of lists.

use schemas::{ParameterLocation, Standing};
use serde_json::Value;

use crate::contract::{Api, Operation, PathSlot, Resource, id_value, reference};
use crate::generate::presence;
use crate::law::support::creatable;
use crate::scenario::{CaseContext, CaseError, Exchange, page_request};

/// Two values of a property that rows can be created with.
#[derive(Debug, Clone)]
pub(super) enum Values {
    /// Two members of an enumeration; the second is no default, so that a filter that is ignored shows.
    Members(Value, Value),
    /// Texts that nobody else has.
    Fresh,
    /// Rows of an owner, and of another.
    Owners(Resource),
}

/// A filter of a list whose rows can be created.
#[derive(Debug, Clone)]
pub(super) struct Filter {
    pub(super) rows: Resource,
    pub(super) create: Operation,
    pub(super) list: Operation,
    /// The parameter of the query that filters.
    pub(super) parameter: String,
    /// The property that it compares.
    pub(super) field: String,
    pub(super) values: Values,
    pub(super) standing: Standing,
    pub(super) place: String,
}

/// Every filter of every list whose rows can be created.
pub(super) fn filters(api: &Api) -> Vec<Filter> {
    let mut found = Vec::new();
    for (resource, create) in creatable(api) {
        for list in resource.lists.iter().filter(|list| api.reachable(list)) {
            for parameter in list.parameters_in(ParameterLocation::Query) {
                let Some(filter) = &parameter.filter else { continue };
                let Some((values, sure)) = values(api, resource, create, &filter.field) else { continue };
                found.push(Filter {
                    rows: resource.clone(),
                    create: create.clone(),
                    list: list.clone(),
                    parameter: parameter.name.clone(),
                    field: filter.field.clone(),
                    values,
                    standing: parameter.standing.weakest(filter.standing).weakest(sure),
                    place: parameter.pointer.clone(),
                });
            }
        }
    }
    found
}

/// Two values of a property, and how sure it is that rows can be created with them.
fn values(api: &Api, resource: &Resource, create: &Operation, field: &str) -> Option<(Values, Standing)> {
    // An owner that the path of the create names.
    if create.has_slot(PathSlot::Parent)
        && let Some(parent) = resource.parent.as_ref().filter(|parent| parent.field.as_deref() == Some(field))
    {
        return Some((Values::Owners(api.resource(&parent.resource)?.clone()), Standing::Documented));
    }
    let property = create.body.as_ref()?.schema.property(field)?;
    let standing = presence(&property);
    if let Some(owner) = reference(&property).and_then(|name| api.resource(&name)) {
        return Some((Values::Owners(owner.clone()), standing));
    }
    let Some(options) = property.schema.keyword("enum").and_then(Value::as_array) else {
        return property.schema.admits_type("string").then_some((Values::Fresh, standing));
    };
    let sure = property.rules().ok().map(|rules| rules.values).unwrap_or_default();
    let derived = resource.fields.get(field).and_then(|field| field.rules.derived.as_ref());
    let is_documented = |member: &Value| {
        let stated = member.as_str().and_then(|name| sure.get(name));
        stated.is_none_or(|standing| *standing == Standing::Documented)
    };
    let mut members = options.iter().filter(|member| {
        !member.is_null() && derived.is_none_or(|rule| rule.value != **member) && is_documented(member)
    });
    let (first, second) = (members.next()?, members.next()?);
    Some((Values::Members(second.clone(), first.clone()), standing))
}

/// A value as a query writes it.
pub(super) fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

impl Filter {
    /// A value that rows can be created with, and another one.
    pub(super) fn two_values(&self, cx: &CaseContext) -> Result<(Value, Value), CaseError> {
        let fresh = || {
            cx.value(&self.create, &self.field)
                .ok_or_else(|| CaseError::NotJudged(format!("no value of {} can be made", self.field)))
        };
        match &self.values {
            Values::Members(one, other) => Ok((one.clone(), other.clone())),
            Values::Fresh => Ok((fresh()?, fresh()?)),
            Values::Owners(owner) => {
                let (base, spare) = (cx.base(owner)?, cx.spare(owner)?);
                if base.id == spare.id {
                    return Err(CaseError::NotJudged(format!("there is no second {}", owner.name)));
                }
                let schema = self.create.body.as_ref().and_then(|body| body.schema.property(&self.field));
                let value = |id: &str| {
                    schema.as_ref().map_or_else(|| Value::from(id), |property| id_value(&property.schema, id))
                };
                Ok((value(&base.id), value(&spare.id)))
            }
        }
    }

    /// Sends the list with the filter, a page of some size.
    pub(super) async fn select(
        &self,
        cx: &mut CaseContext,
        text: &str,
        limit: Option<u64>,
    ) -> Result<Exchange, CaseError> {
        let request = cx.request_for(&self.list)?.query(&self.parameter, text);
        let request = page_request(request, limit, None);
        cx.send(request).await
    }
}
