//! An update and a delete name their row by its number as well as by its opaque id.

use super::number::number_of;
use crate::contract::{Acceptance, Api, Expected, Operation, Resource};
use crate::http::Request;
use crate::law::support::creatable;
use crate::law::{Case, Family, Law};
use crate::scenario::{CaseContext, Exchange, ExclusiveRow, Setup as _};

pub(crate) static LAW: Law = Law {
    id: "row-by-either-id",
    family: Family::State,
    says: "an update and a delete name their row by either id",
    why: "By its number; a read by either is another law's matter.",
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    let numbered = creatable(api).filter(|(resource, _)| resource.identity.display.is_some());
    let both = |(resource, _): (&Resource, &Operation)| {
        let update = resource.update.as_ref().map(|op| update_by_number(api, resource, op));
        let delete = resource.delete.as_ref().map(|op| delete_by_number(api, resource, op));
        [update, delete]
            .into_iter()
            .flatten()
            .map(|case| case.place(format!("{}/identity", resource.rules_pointer())))
            .collect::<Vec<_>>()
    };
    numbered.flat_map(both).collect()
}

fn update_by_number(api: &Api, resource: &Resource, update: &Operation) -> Case {
    let (rows, op) = (resource.clone(), update.clone());
    let run = async move |cx: &mut CaseContext, row: &ExclusiveRow| {
        let row = row.get(cx).await?;
        let body = cx.change(&op)?.0;
        let number = number_of(&row, &rows)?;
        let exchange = cx.send(Request::of(&op).own(&number).json(body)).await?;
        require_same_row(cx, &rows, &op, &exchange, &row.id);
        Ok(())
    };
    Case::given(&LAW, update, ExclusiveRow::of(api, resource), run).needs([update.id.clone()])
}

fn delete_by_number(api: &Api, resource: &Resource, delete: &Operation) -> Case {
    let (rows, op) = (resource.clone(), delete.clone());
    let run = async move |cx: &mut CaseContext| {
        let row = cx.create_row(&rows).await?;
        let number = number_of(&row, &rows)?;
        let exchange = cx.send(Request::of(&op).own(&number)).await?;
        require_same_row(cx, &rows, &op, &exchange, &row.id);
        Ok(())
    };
    // A create, and the delete, which leaves nothing to be deleted later.
    let case = Case::new(&LAW, delete, run).sends(2);
    case.needs([delete.id.clone()]).needs(api.makers(resource))
}

/// The answer is a success, and about that very row. That the row may be changed at all is another law's matter.
fn require_same_row(
    cx: &mut CaseContext,
    resource: &Resource,
    op: &Operation,
    exchange: &Exchange,
    id: &str,
) {
    let acceptance = Acceptance::of(op).at(cx.place.clone());
    let what = format!("{} of {} by its number", op.id, resource.one());
    if !cx.accepted(exchange, &acceptance, &what) {
        return;
    }
    let shown = exchange.json.as_ref().and_then(|body| resource.id_of(body));
    if shown.is_some_and(|shown| shown != id) {
        let message = format!("{what} is about another row");
        let expected = Expected::words(format!("{} {id}", resource.identity.id));
        cx.wrong_value(exchange.step, &resource.identity.id, message, expected);
    }
}
