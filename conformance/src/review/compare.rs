//! Two descriptions side by side.

use schemas::Document;
use serde_json::{Value, json};

use super::calls;
use super::change::{self, Change};
use super::found::Found;
use super::operations;
use super::owner::Owner;
use super::rules::{
    authentication, bodies, errors, idempotency, pages, parameters, rate, resources, responses, servers,
    sunset,
};
use super::schema::{Documents, Graph};
use super::semantics::Semantics;
use super::table::Table;

/// The parts of the root's `x-contract`, and what their keys mean.
static PARTS: [(&str, Table); 5] = [
    ("authentication", authentication::TABLE),
    ("errors", errors::TABLE),
    ("pagination", pages::TABLE),
    ("idempotency", idempotency::TABLE),
    ("rate_limit", rate::TABLE),
];

/// Every change from one description to another: of the whole API first, then operation by operation.
pub fn compare_documents(base: &Document, head: &Document) -> Vec<Change> {
    change::told(base, head, found(base, head))
}

/// Every change as it is found, with its operation.
pub(super) fn found(base: &Document, head: &Document) -> Vec<(Option<Owner>, Found)> {
    let mut all: Vec<(Option<Owner>, Found)> = Vec::new();
    let matched = operations::matched(operations::sites(base), operations::sites(head));
    let schemes = authentication::Schemes::new(base, head);
    let shifted = servers::Shifted::new(&matched.kept);
    all.extend(of_api(base, head, &schemes, &shifted).into_iter().map(|found| (None, found)));
    for site in &matched.removed {
        let call = json!(format!("{} {}", site.method, site.path));
        let mut found = Found::new(&super::rules::operations::OPERATION_REMOVED, "").values(Some(call), None);
        found.decided = sunset::after_removal(site.value);
        all.push((Some(Owner::of(site)), found.was_at(&site.pointer).now_at("/paths")));
    }
    for site in &matched.added {
        let call = json!(format!("{} {}", site.method, site.path));
        let found = Found::new(&super::rules::operations::OPERATION_ADDED, "").values(None, Some(call));
        all.push((Some(Owner::of(site)), found.was_at("/paths").now_at(&site.pointer)));
    }
    let mut graph = Graph::new(Documents { base, head });
    for (old, new) in &matched.kept {
        let mut found = Vec::new();
        super::rules::operations::compare(old, new, &mut found);
        authentication::compare(old, new, &schemes, &mut found);
        servers::of_operation(old, new, &shifted, &mut found);
        parameters::compare(old, new, &mut graph, &mut found);
        bodies::compare(old, new, &mut graph, &mut found);
        responses::compare(old, new, &mut graph, &mut found);
        calls::callbacks(old, new, &mut graph, &mut found);
        let owner = Owner::of(old);
        all.extend(found.into_iter().map(|found| (Some(owner.clone()), found)));
    }
    all.extend(calls::webhooks(&mut graph));
    all
}

fn of_api(
    base: &Document,
    head: &Document,
    schemes: &authentication::Schemes,
    shifted: &servers::Shifted,
) -> Vec<Found> {
    let mut out = Vec::new();
    servers::compare(base, head, shifted, &mut out);
    authentication::schemes(base, head, schemes, &mut out);
    for (part, table) in PARTS {
        let at = format!("/x-contract/{part}");
        let (old, new) = (base.get(&at), head.get(&at));
        let subject = format!("x-contract {part}");
        Semantics { table, subject, base: at.clone(), head: at, out: &mut out }.compare(old, new);
    }
    let rest = |document: &Document| -> Value {
        let parts = document.get("/x-contract").and_then(Value::as_object).into_iter().flatten();
        parts
            .filter(|(key, _)| !PARTS.iter().any(|(part, _)| part == key))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect()
    };
    let at = "/x-contract".to_owned();
    let subject = "x-contract".to_owned();
    Semantics { table: &[], subject, base: at.clone(), head: at, out: &mut out }
        .compare(Some(&rest(base)), Some(&rest(head)));
    resources::compare(base, head, &mut out);
    out
}
