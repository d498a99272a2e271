//! A part of a list that holds rows of the recording alone, whatever else the list holds.

use std::time::Duration;

use schemas::ParameterLocation;
use serde_json::{Map, Value};

use crate::atlas::{Atlas, Kin, Op, Slot};
use crate::judge::{instant, is_whole_second};
use crate::probe::Call;
use crate::run::{Row, Scene, Stop};

/// How a part of a list is told from the rest.
#[derive(Debug, Clone)]
pub(super) enum Fence {
    /// The path names an owner.
    Owner(Kin),
    /// A filter names a row of another resource.
    Filter { parameter: String, kin: Kin },
    /// A filter names a value that one row alone has.
    Value { parameter: String, field: String },
}

impl Fence {
    /// The surest one of a list.
    pub(super) fn of(atlas: &Atlas, list: &Op, kin: &Kin) -> Option<Self> {
        if list.has_slot(Slot::Parent) {
            return atlas.parent_of(list).cloned().map(Self::Owner);
        }
        let filters = || {
            list.parameters_in(ParameterLocation::Query).filter_map(|parameter| {
                let field = kin.fields.get(&parameter.filter.as_ref()?.field)?;
                Some((parameter.name.clone(), field))
            })
        };
        let by_row = filters().find_map(|(parameter, field)| {
            let owner = kin.parent.as_ref().filter(|parent| parent.field == field.name)?;
            Some(Self::Filter { parameter, kin: atlas.kin(&owner.resource)?.clone() })
        });
        let takes = |name: &str| {
            kin.create
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
    pub(super) call: Call,
    /// Who owns the rows in it.
    pub(super) owner: Option<Row>,
    fields: Map<String, Value>,
}

impl Corner {
    /// An empty one.
    pub(super) async fn new(scene: &mut Scene, list: &Op, kin: &Kin, fence: &Fence) -> Result<Self, Stop> {
        match fence {
            Fence::Owner(owner) => {
                let owner = scene.make(owner).await?;
                Ok(Self { call: Call::of(list).parent(&owner.id), owner: Some(owner), fields: Map::new() })
            }
            Fence::Filter { parameter, kin } => {
                let owner = scene.make(kin).await?;
                let call = Call::of(list).query(parameter, &owner.id);
                Ok(Self { call, owner: Some(owner), fields: Map::new() })
            }
            Fence::Value { parameter, field } => {
                let value = kin.create.as_ref().and_then(|create| scene.value(create, field));
                let value =
                    value.ok_or_else(|| Stop::NotJudged(format!("no value of {field} can be made")))?;
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                let fields = Map::from_iter([(field.clone(), value)]);
                Ok(Self { call: Call::of(list).query(parameter, text), owner: None, fields })
            }
        }
    }

    /// Makes a row in it.
    pub(super) async fn row(
        &self,
        scene: &mut Scene,
        kin: &Kin,
        fields: Map<String, Value>,
    ) -> Result<Row, Stop> {
        let mut all = self.fields.clone();
        all.extend(fields);
        scene.make_with(kin, self.owner.as_ref(), all).await
    }

    /// Makes rows in it, one after the other, with times that differ.
    pub(super) async fn rows(&self, scene: &mut Scene, kin: &Kin, count: usize) -> Result<Vec<Row>, Stop> {
        in_turn(scene, kin, count, self.owner.as_ref(), &self.fields).await
    }
}

/// Makes rows one after the other with times that differ, by the clock of the target.
pub(super) async fn in_turn(
    scene: &mut Scene,
    kin: &Kin,
    count: usize,
    owner: Option<&Row>,
    fields: &Map<String, Value>,
) -> Result<Vec<Row>, Stop> {
    let order = scene.atlas().rules().pagination.as_ref().map(|rule| rule.order.field.clone());
    let at = |row: &Row| row.text(order.as_deref()?).and_then(instant);
    let mut made: Vec<Row> = Vec::new();
    let mut tries = 0;
    while made.len() < count {
        let row = scene.make_with(kin, owner, fields.clone()).await?;
        let tied = made.last().is_some_and(|last| at(last).is_some() && at(last) >= at(&row));
        if !tied {
            made.push(row);
            scene.rest(Duration::from_millis(2)).await;
            continue;
        }
        tries += 1;
        if tries > 2 * count {
            return Err(Stop::NotJudged(
                "rows made one after the other have the same creation time".to_owned(),
            ));
        }
        let whole = order.as_deref().and_then(|field| row.text(field)).is_some_and(is_whole_second);
        if let Some(delete) = &kin.delete {
            scene.send(Call::of(delete).own(&row.id)).await?;
        }
        scene.rest(Duration::from_millis(if whole { 1_050 } else { 25 })).await;
    }
    Ok(made)
}
