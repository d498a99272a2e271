//! A value that normalisation changes is kept as changed, whichever operation brings it in.

use schemas::{Field, Normalization, Schema};
use serde_json::{Map, Value};

use super::writes::{write_case, write_request, writes};
use crate::contract::{Acceptance, Api, Operation, Resource};
use crate::generate::{presence, shortened};
use crate::law::support::{creatable, kept};
use crate::law::{Case, Family, Law};
use crate::scenario::{CaseContext, CaseError, ExclusiveRow};

pub(crate) static LAW: Law = Law {
    id: "normalised-on-write",
    family: Family::State,
    says: "a value is normalised on the way in",
    why: "Sent in capitals with a create and with an update; where an update forgets to, two spellings live side by side.",
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    let mut cases = Vec::new();
    for (resource, create) in creatable(api) {
        for field in resource.fields.values() {
            for index in 0..field.rules.normalize.len() {
                cases.extend(writes(resource, create).filter_map(|op| case(api, resource, op, field, index)));
            }
        }
    }
    cases
}

fn case(api: &Api, resource: &Resource, op: &Operation, field: &Field, index: usize) -> Option<Case> {
    let property = op.body.as_ref()?.schema.property(&field.name)?;
    let change = field.rules.normalize.get(index)?;
    let standing = change.standing.weakest(presence(&property));
    let (rows, target, name, to) = (resource.clone(), op.clone(), field.name.clone(), change.to);
    let run = async move |cx: &mut CaseContext, row: Option<&ExclusiveRow>| {
        let value = cx.value(&target, &name);
        let value = value.as_ref().and_then(Value::as_str).map(|text| unlike(text, to, &property.schema));
        let fits = |value: &String| property.schema.is_valid(&Value::from(value.as_str()));
        let Some(value) = value.filter(fits) else {
            return Err(CaseError::NotJudged(format!("no value of {name} can be made")));
        };
        let fields = Map::from_iter([(name.clone(), Value::String(value))]);
        let request = write_request(cx, &rows, &target, row, fields.clone()).await?;
        let exchange = cx.send(request).await?;
        let what = format!("a request of {} whose {name} is to be normalised", target.id);
        if cx.accepted(&exchange, &Acceptance::of(&target).at_most(standing), &what) {
            kept(cx, &target, &exchange, &name, &fields, standing);
        }
        Ok(())
    };
    let variant = match index {
        0 => field.name.clone(),
        index => format!("{}-{}", field.name, index + 1),
    };
    let place = schemas::pointer::join(&field.pointer, "x-contract-field");
    let case = write_case(&LAW, api, resource, op, run).variant(variant);
    Some(case.standing(standing).place(place).needs([op.id.clone()]))
}

/// A text that normalisation changes, no longer than it may be.
fn unlike(text: &str, to: Normalization, schema: &Schema) -> String {
    let most =
        schema.keyword("maxLength").and_then(Value::as_u64).and_then(|most| usize::try_from(most).ok());
    match to {
        Normalization::Lowercase => text.to_uppercase(),
        Normalization::Trim => {
            let most = most.unwrap_or(usize::MAX).saturating_sub(2);
            format!(" {} ", shortened(text, most))
        }
    }
}
