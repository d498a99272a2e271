//! No two rows share an id or a number.

use crate::contract::{Api, Expected, Operation, Resource};
use crate::law::support::creatable;
use crate::law::{Case, Family, Law};
use crate::scenario::{CaseContext, ReadonlyRow, Setup as _};

pub(crate) static LAW: Law = Law {
    id: "ids-differ",
    family: Family::State,
    says: "no two rows share an id or a number",
    why: "Two rows made one after the other.",
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    creatable(api).map(|(resource, create)| case(api, resource, create)).collect()
}

fn case(api: &Api, resource: &Resource, create: &Operation) -> Case {
    let rows = resource.clone();
    let run = async move |cx: &mut CaseContext, row: &ReadonlyRow| {
        let other = cx.base(&rows)?;
        let one = row.get(cx).await?;
        let step = cx.story.last_step();
        for name in std::iter::once(&rows.identity.id).chain(&rows.identity.display) {
            if one.get(name).is_some() && one.get(name) == other.get(name) {
                let message = format!("two rows of {} share the {name}", rows.name);
                cx.wrong_value(step, name, message, Expected::words(format!("another {name}")));
            }
        }
        Ok(())
    };
    let place = format!("{}/identity", resource.rules_pointer());
    Case::given(&LAW, create, ReadonlyRow::of(api, resource), run).place(place).sends(0)
}
