//! What is not sent has the stated default.

use schemas::Standing;
use serde_json::Value;

use crate::contract::{Api, Expected, Operation, Resource};
use crate::judge::same_value;
use crate::law::support::creatable;
use crate::law::{Case, Family, Law, Precedence};
use crate::scenario::{CaseContext, CaseResult, ReadonlyRow, Setup as _};

pub(crate) static LAW: Law = Law {
    id: "defaults",
    family: Family::State,
    says: "what is not sent has the stated default",
    why: "A create of the least body.",
    precedence: Precedence::Rule,
    ..Law::by_cases(cases)
};

/// The default of a property, and where it is stated.
struct Default {
    property: String,
    value: Value,
    place: String,
}

fn cases(api: &Api) -> Vec<Case> {
    let mut cases = Vec::new();
    for (resource, create) in creatable(api) {
        for standing in [Standing::Documented, Standing::Inferred, Standing::Assumed] {
            let defaults = defaults(resource, standing);
            if let Some(place) = defaults.first().map(|first| first.place.clone()) {
                cases.push(case(api, resource, create, standing, defaults).place(place));
            }
        }
    }
    cases
}

fn defaults(resource: &Resource, standing: Standing) -> Vec<Default> {
    let stated = resource.fields.values().filter_map(|field| {
        let default = field.rules.default.as_ref()?;
        let sure = default.standing.weakest(field.standing);
        (sure == standing).then(|| Default {
            property: field.name.clone(),
            value: default.value.clone(),
            place: field.pointer.clone(),
        })
    });
    stated.collect()
}

fn case(
    api: &Api,
    resource: &Resource,
    create: &Operation,
    standing: Standing,
    defaults: Vec<Default>,
) -> Case {
    let rows = resource.clone();
    let run = async move |cx: &mut CaseContext, row: &ReadonlyRow| {
        has_defaults(cx, row, &rows, standing, &defaults).await
    };
    let case = Case::given(&LAW, create, ReadonlyRow::of(api, resource), run).variant(standing.as_str());
    case.standing(standing).sends(0)
}

async fn has_defaults(
    cx: &mut CaseContext,
    row: &ReadonlyRow,
    rows: &Resource,
    standing: Standing,
    defaults: &[Default],
) -> CaseResult {
    let row = row.get(cx).await?;
    let step = cx.story.last_step();
    for Default { property, value, place } in defaults {
        let body = row.created_by.request.body();
        let sent = body.is_some_and(|body| body.contains_key(property));
        let shown = row.get(property).filter(|shown| !sent && !same_value(shown, value));
        let Some(shown) = shown else { continue };
        let message = format!("{property} is {shown} in a new {} that was created without it", rows.name);
        let expected = Expected::words(format!("{property} {value}"));
        cx.wrong_value(step, property, message, expected).standing(standing).place(place);
    }
    Ok(())
}
