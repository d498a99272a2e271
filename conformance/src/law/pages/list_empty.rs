//! An empty list has no rows, no more and no cursor.

use serde_json::Value;

use super::paged_list::{ENVELOPE, paged_lists};
use crate::contract::{Acceptance, Api, Aspect, Expected, Operation, Paging, PathSlot, Resource};
use crate::law::{Case, Family, Law};
use crate::scenario::{CaseContext, CaseResult};

pub(crate) static LAW: Law = Law {
    id: "list-empty",
    family: Family::Pages,
    says: "an empty list has no rows, no more and no cursor",
    why: "The list of an owner that owns nothing.",
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    let mut cases = Vec::new();
    for list in paged_lists(api).into_iter().filter(|list| list.op.has_slot(PathSlot::Parent)) {
        let Some(owner) = api.parent_of(list.op).cloned() else { continue };
        let (op, rule) = (list.op.clone(), list.rule.clone());
        let owners = owner.clone();
        let run = async move |cx: &mut CaseContext| of_owner_without_rows(cx, &op, &owners, &rule).await;
        let case = Case::new(&LAW, list.op, run).sends(2).creates(1, &owner);
        cases.push(case.standing(list.rule.standing).place(ENVELOPE).needs(list.needs(api)));
    }
    cases
}

async fn of_owner_without_rows(
    cx: &mut CaseContext,
    list: &Operation,
    owner: &Resource,
    rule: &Paging,
) -> CaseResult {
    let row = cx.create_row(owner).await?;
    let exchange = cx.send(row.request_under(list)).await?;
    if !cx.accepted(&exchange, &Acceptance::of(list), "the list of an owner that owns nothing") {
        return Ok(());
    }
    let envelope = &rule.envelope;
    let stated = [
        (&envelope.rows, Value::Array(Vec::new())),
        (&envelope.has_more, Value::Bool(false)),
        (&envelope.next_cursor, Value::Null),
    ];
    let wrong =
        stated.into_iter().find(|(pointer, value)| exchange.at(pointer).is_some_and(|shown| shown != value));
    if let Some((pointer, value)) = wrong {
        let name = pointer.trim_start_matches('/');
        let message = format!("in the empty list of {}, {name} is not {value}", list.id);
        let expected = Expected::words(format!("{name} {value}"));
        let breach = cx.breach(exchange.step, Aspect::Part(pointer.clone()), message, expected);
        breach.standing(rule.standing).place(ENVELOPE);
    }
    Ok(())
}
