//! What the server sets cannot be set.

use schemas::Standing;
use serde_json::{Map, Value};

use super::writes::{write_case, writes};
use crate::contract::{Api, Expected, Operation, Resource};
use crate::http::Request;
use crate::judge::{instant, same_value};
use crate::law::support::creatable;
use crate::law::{Case, Family, Law};
use crate::scenario::{CaseContext, CaseResult, ExclusiveRow, Setup as _};

pub(crate) static LAW: Law = Law {
    id: "server-set-ignored",
    family: Family::State,
    says: "what the server sets cannot be set",
    why: "Refusing such a property is as good as ignoring it.",
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    let mut cases = Vec::new();
    for (resource, create) in creatable(api) {
        for op in writes(resource, create) {
            for standing in [Standing::Documented, Standing::Inferred] {
                let names = server_set(resource, op, standing);
                if !names.is_empty() {
                    cases.push(case(api, resource, op, standing, names));
                }
            }
        }
    }
    cases
}

/// The properties that the server sets and an operation's body does not name.
fn server_set(resource: &Resource, op: &Operation, standing: Standing) -> Vec<String> {
    let takes = |name: &str| op.body.as_ref().is_some_and(|body| body.schema.property(name).is_some());
    let fields = resource.fields.values();
    fields
        .filter(|field| field.rules.server_set == Some(standing) && !takes(&field.name))
        .map(|field| field.name.clone())
        .collect()
}

fn case(api: &Api, resource: &Resource, op: &Operation, standing: Standing, names: Vec<String>) -> Case {
    let (target, rows) = (op.clone(), resource.clone());
    let run = async move |cx: &mut CaseContext, row: Option<&ExclusiveRow>| {
        let base = cx.base(&rows)?;
        let foreign = |name: &String| Some((name.clone(), foreign_value(&rows, &base.value, name)?));
        let wanted: Map<String, Value> = names.iter().filter_map(foreign).collect();
        let request = match row {
            None => cx.create_request(&rows, None, wanted.clone())?,
            Some(row) => {
                let row = row.get(cx).await?;
                let mut body = cx.change(&target)?.0;
                body.extend(wanted.clone());
                row.request(&target).json(body)
            }
        };
        send(cx, request, &target, &wanted, standing).await
    };
    let place = schemas::pointer::join(&resource.pointer, "properties");
    let case = write_case(&LAW, api, resource, op, run).variant(standing.as_str());
    case.standing(standing).place(place)
}

async fn send(
    cx: &mut CaseContext,
    request: Request,
    op: &Operation,
    wanted: &Map<String, Value>,
    standing: Standing,
) -> CaseResult {
    let exchange = cx.send(request).await?;
    let expected = Expected::words("a refusal, or the properties ignored");
    cx.expecting(exchange.step, expected.clone());
    for (name, value) in wanted.iter().filter(|_| exchange.is_success()) {
        let shown = exchange.property(name);
        if shown.is_some_and(|shown| same_value(shown, value)) {
            let message = format!("{} lets a client set {name}", op.id);
            cx.wrong_value(exchange.step, name, message, expected.clone()).standing(standing);
        }
    }
    Ok(())
}

/// A value for a property that no server would set.
fn foreign_value(resource: &Resource, row: &Value, name: &str) -> Option<Value> {
    let current = row.get(name)?;
    let property = resource.schema.property(name)?;
    if property.schema.keyword("const").is_some() {
        return Some(Value::from("something_else"));
    }
    match current {
        Value::Number(_) => Some(Value::from(987_654_321)),
        Value::String(text) if instant(text).is_some() => Some(Value::from("2001-02-03T04:05:06.000Z")),
        Value::String(_) => Some(Value::from("set-by-the-client")),
        Value::Bool(flag) => Some(Value::Bool(!flag)),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
