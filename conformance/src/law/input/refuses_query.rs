//! A wrong query parameter is refused and named.

use schemas::{FaultKind, Parameter, ParameterLocation};

use crate::contract::{Api, Operation};
use crate::generate::is_plain_parameter;
use crate::law::{Case, Family, Law, Role};
use crate::scenario::CaseContext;

pub(crate) static LAW: Law = Law {
    id: "refuses-query",
    family: Family::Input,
    says: "a wrong query parameter is refused and named",
    why: "So is a request without a parameter that it needs, of the query, a header or a cookie. Parameters of pages have laws of their own.",
    role: Role::Refusal,
    ..Law::by_cases(cases)
};

/// Texts of which a parameter may refuse some; the first that it must refuse is sent.
const TEXTS: [&str; 4] = ["no_such_value", "not-in-the-format", "-1", "0.5"];

fn cases(api: &Api) -> Vec<Case> {
    let paging = api.paging.as_ref();
    let of_pages =
        |name: &str| paging.is_some_and(|rule| rule.limit.parameter == name || rule.cursor.parameter == name);
    let mut cases = Vec::new();
    for op in api.operations.iter().filter(|op| api.reachable(op)) {
        let parameters = op.parameters_in(ParameterLocation::Query);
        let own = parameters.filter(|parameter| !of_pages(&parameter.name));
        cases.extend(own.filter_map(|parameter| wrong_value(api, op, parameter)));
        let wanted = op.parameters.iter().filter(|parameter| parameter.required);
        let wanted = wanted.filter(|parameter| is_plain_parameter(api, op, parameter));
        cases.extend(wanted.map(|parameter| missing(api, op, parameter)));
    }
    cases
}

/// A request without a parameter that it needs, be it of the query, a header or a cookie.
fn missing(api: &Api, op: &Operation, parameter: &Parameter) -> Case {
    let refusal = api.refusal(op, FaultKind::Missing.rejection());
    let stated = op.standing_of(refusal.status());
    let refusal = refusal.at_most(parameter.standing).at_most(stated).blaming(&parameter.name);
    let (standing, target, left_out) = (refusal.standing(), op.clone(), parameter.clone());
    let case = Case::new(&LAW, op, async move |cx: &mut CaseContext| {
        let request = cx.request_for(&target)?.without(&left_out);
        let exchange = cx.send(request).await?;
        cx.refused(&exchange, &refusal, &format!("{} without {}", target.id, left_out.name));
        Ok(())
    });
    let case = case.variant(format!("{}-missing", parameter.name)).standing(standing);
    case.place(parameter.pointer.clone()).needs(api.needs_rows(op)).needs([op.id.clone()])
}

fn wrong_value(api: &Api, op: &Operation, parameter: &Parameter) -> Option<Case> {
    // Its members are parameters of their own: one of its own name is none.
    if parameter.is_spread() {
        return None;
    }
    let refused = |text: &&str| !parameter.schema.faults(&parameter.decode(&[text])).is_empty();
    let text = TEXTS.into_iter().find(refused)?;
    let faults = parameter.schema.faults(&parameter.decode(&[text]));
    let fault = faults.first()?;
    let refusal = api.refusal(op, fault.kind.rejection());
    let stated = op.standing_of(refusal.status());
    let refusal = refusal.at_most(fault.standing).at_most(stated).blaming(&parameter.name);
    let (standing, place, name) = (refusal.standing(), fault.place.clone(), parameter.name.clone());
    let target = op.clone();
    let what = format!("{} with {name}={text}", op.id);
    let case = Case::new(&LAW, op, async move |cx: &mut CaseContext| {
        let request = cx.request_for(&target)?.query(&name, text);
        let exchange = cx.send(request).await?;
        cx.refused(&exchange, &refusal, &what);
        Ok(())
    });
    let variant = format!("{}-{text}", parameter.name);
    Some(case.variant(variant).standing(standing).place(place).needs(api.needs_rows(op)))
}
