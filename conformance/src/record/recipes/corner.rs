//! A part of a list that holds rows of the recording alone, whatever else the list holds.

use std::time::Duration;

use schemas::ParameterLocation;
use serde_json::{Map, Value};

use crate::contract::{Api, Operation, PathSlot, Resource};
use crate::http::Request;
use crate::judge::{instant, is_whole_second};
use crate::scenario::{CaseContext, CaseError, Row};

/// How a part of a list is separated from the rest.
#[derive(Debug, Clone)]
pub(super) enum Fence {
    /// The path names an owner.
    Owner(Resource),
    /// A filter names a row of another resource.
    Filter { parameter: String, resource: Resource },
    /// A filter names a value that one row alone has.
    Value { parameter: String, field: String },
}

impl Fence {
    /// The surest one of a list.
    pub(super) fn of(api: &Api, list: &Operation, resource: &Resource) -> Option<Self> {
        if list.has_slot(PathSlot::Parent) {
            return api.parent_of(list).cloned().map(Self::Owner);
        }
        let filters = || {
            list.parameters_in(ParameterLocation::Query).filter_map(|parameter| {
                let field = resource.fields.get(&parameter.filter.as_ref()?.field)?;
                Some((parameter.name.clone(), field))
            })
        };
        let by_row = filters().find_map(|(parameter, field)| {
            let owner = resource
                .parent
                .as_ref()
                .filter(|parent| parent.field.as_deref() == Some(field.name.as_str()))?;
            Some(Self::Filter { parameter, resource: api.resource(&owner.resource)?.clone() })
        });
        let takes = |name: &str| {
            resource
                .create
                .as_ref()
                .and_then(|op| op.body.as_ref())
                .is_some_and(|body| body.schema.property(name).is_some())
        };
        by_row.or_else(|| {
            let (parameter, field) =
                filters().find(|(_, field)| field.rules.unique.is_some() && takes(&field.name))?;
            Some(Self::Value { parameter, field: field.name.clone() })
        })
    }

    /// Whether it keeps more than one row.
    pub(super) fn is_wide(&self) -> bool {
        !matches!(self, Self::Value { .. })
    }

    /// Whether a query parameter is the fence itself.
    pub(super) fn is_of(&self, name: &str) -> bool {
        match self {
            Self::Owner(_) => false,
            Self::Filter { parameter, .. } | Self::Value { parameter, .. } => parameter == name,
        }
    }
}

/// A part of a list that holds rows of the recording alone.
pub(super) struct Corner {
    /// The list, narrowed down to it.
    pub(super) request: Request,
    /// Who owns the rows in it.
    pub(super) owner: Option<Row>,
    fields: Map<String, Value>,
}

impl Corner {
    /// An empty one.
    pub(super) async fn new(
        cx: &mut CaseContext,
        list: &Operation,
        resource: &Resource,
        fence: &Fence,
    ) -> Result<Self, CaseError> {
        match fence {
            Fence::Owner(owner) => {
                let owner = cx.create_row(owner).await?;
                Ok(Self { request: owner.request_under(list), owner: Some(owner), fields: Map::new() })
            }
            Fence::Filter { parameter, resource } => {
                let owner = cx.create_row(resource).await?;
                let request = Request::of(list).query(parameter, &owner.id);
                Ok(Self { request, owner: Some(owner), fields: Map::new() })
            }
            Fence::Value { parameter, field } => {
                let value = resource.create.as_ref().and_then(|create| cx.value(create, field));
                let value =
                    value.ok_or_else(|| CaseError::NotJudged(format!("no value of {field} can be made")))?;
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                let fields = Map::from_iter([(field.clone(), value)]);
                Ok(Self { request: Request::of(list).query(parameter, text), owner: None, fields })
            }
        }
    }

    /// Makes a row in it.
    pub(super) async fn row(
        &self,
        cx: &mut CaseContext,
        resource: &Resource,
        fields: Map<String, Value>,
    ) -> Result<Row, CaseError> {
        let mut all = self.fields.clone();
        all.extend(fields);
        cx.create_row_with(resource, self.owner.as_ref(), all).await
    }

    /// Makes rows in it, one after the other, with times that differ.
    pub(super) async fn rows(
        &self,
        cx: &mut CaseContext,
        resource: &Resource,
        count: usize,
    ) -> Result<Vec<Row>, CaseError> {
        in_turn(cx, resource, count, self.owner.as_ref(), &self.fields).await
    }
}

/// Makes rows one after the other with times that differ, by the clock of the target.
pub(super) async fn in_turn(
    cx: &mut CaseContext,
    resource: &Resource,
    count: usize,
    owner: Option<&Row>,
    fields: &Map<String, Value>,
) -> Result<Vec<Row>, CaseError> {
    let order = cx.api().paging.as_ref().map(|rule| rule.order.field.clone());
    let at = |row: &Row| row.text(order.as_deref()?).and_then(instant);
    let mut made: Vec<Row> = Vec::new();
    let mut tries = 0;
    while made.len() < count {
        let row = cx.create_row_with(resource, owner, fields.clone()).await?;
        let tied = made.last().is_some_and(|last| at(last).is_some() && at(last) >= at(&row));
        if !tied {
            made.push(row);
            cx.wait(Duration::from_millis(2)).await;
            continue;
        }
        tries += 1;
        if tries > 2 * count {
            return Err(CaseError::NotJudged(
                "rows made one after the other have the same creation time".to_owned(),
            ));
        }
        let whole = order.as_deref().and_then(|field| row.text(field)).is_some_and(is_whole_second);
        if let Some(delete) = &resource.delete {
            cx.send(row.request(delete)).await?;
        }
        cx.wait(Duration::from_millis(if whole { 1_050 } else { 25 })).await;
    }
    Ok(made)
}
