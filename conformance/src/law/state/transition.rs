//! The steps of a generated sequence.

use std::ops::RangeInclusive;

use proptest::collection::vec;
use proptest::prelude::Strategy;
use proptest::strategy::{BoxedStrategy, Just, Union};
use serde_json::{Map, Value};

use super::model::{ModelRow, create_taken, delete, fresh_unique, list, read, unique, update};
use crate::contract::{Api, Resource};
use crate::generate::bodies;
use crate::scenario::{CaseContext, CaseResult};

/// Steps of a sequence.
pub(super) const STEPS: RangeInclusive<usize> = 4..=10;

/// One step. Rows are named by a number that is taken modulo those there are, so that a shorter sequence still makes
/// sense.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Transition {
    Create,
    /// With the unique value of a row that is there, or was.
    CreateTaken {
        at: usize,
    },
    Read {
        at: usize,
        by_number: bool,
    },
    /// With some valid properties; with the plainest one where nothing can be generated.
    Update {
        at: usize,
        body: Map<String, Value>,
    },
    Delete {
        at: usize,
    },
    List,
}

/// Sequences of the steps that a resource's operations allow.
pub(super) fn transitions(api: &Api, resource: &Resource) -> BoxedStrategy<Vec<Transition>> {
    let at = || 0_usize..4;
    let read = (at(), proptest::bool::ANY).prop_map(|(at, by_number)| Transition::Read { at, by_number });
    let mut weighted: Vec<(u32, BoxedStrategy<Transition>)> =
        vec![(2, Just(Transition::Create).boxed()), (3, read.boxed())];
    if let Some(update) = &resource.update {
        let body = bodies(api, update).unwrap_or_else(|| Just(Map::new()).boxed());
        let update = (at(), body).prop_map(|(at, body)| Transition::Update { at, body });
        weighted.push((3, update.boxed()));
    }
    if unique(resource).is_some() {
        weighted.push((1, at().prop_map(|at| Transition::CreateTaken { at }).boxed()));
    }
    if resource.delete.is_some() {
        weighted.push((2, at().prop_map(|at| Transition::Delete { at }).boxed()));
    }
    if !resource.lists.is_empty() {
        weighted.push((1, Just(Transition::List).boxed()));
    }
    vec(Union::new_weighted(weighted), STEPS).boxed()
}

/// Takes one step with the target and with the model.
pub(super) async fn apply(
    cx: &mut CaseContext,
    resource: &Resource,
    transition: &Transition,
    model: &mut Vec<ModelRow>,
) -> CaseResult {
    let count = model.len().max(1);
    match transition {
        Transition::Create => {
            let fields = fresh_unique(cx, resource);
            let row = cx.create_row_with(resource, None, fields).await?;
            model.push(ModelRow { value: row.value.clone(), row, alive: true });
            Ok(())
        }
        Transition::CreateTaken { at } => create_taken(cx, resource, &model[at % count]).await,
        Transition::Read { at, by_number } => read(cx, resource, &model[at % count], *by_number).await,
        Transition::Update { at, body } => update(cx, resource, &mut model[at % count], body).await,
        Transition::Delete { at } => delete(cx, resource, &mut model[at % count]).await,
        Transition::List => list(cx, resource, model).await,
    }
}
