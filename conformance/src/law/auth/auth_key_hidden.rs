//! The calling key is never shown whole.

use schemas::{Action, Schema};
use serde_json::Value;

use crate::contract::{Api, Aspect, Expected, Operation};
use crate::law::{Case, Family, Law};
use crate::scenario::{CaseContext, CaseResult};

pub(crate) static LAW: Law = Law {
    id: "auth-key-hidden",
    family: Family::Auth,
    says: "the caller's key is never shown in full",
    why: "Where the contract says that a property shows the beginning of the key.",
    ..Law::by_cases(cases)
};

/// How deep properties are looked for.
const DEEPEST: usize = 4;

fn cases(api: &Api) -> Vec<Case> {
    let mut cases = Vec::new();
    for op in api.closed().filter(|op| op.action() == Action::Identity && api.reachable(op)) {
        let Some(schema) = op.success().and_then(|response| response.schema.as_ref()) else { continue };
        let mut shown = Vec::new();
        properties_that_show_it(schema, "", 0, &mut shown);
        for (pointer, place) in shown {
            let (target, path) = (op.clone(), pointer.clone());
            let run = async move |cx: &mut CaseContext| beginning_alone(cx, &target, &path).await;
            let variant = pointer.trim_start_matches('/').replace('/', ".");
            cases.push(Case::new(&LAW, op, run).variant(variant).place(place).needs([op.id.clone()]));
        }
    }
    cases
}

async fn beginning_alone(cx: &mut CaseContext, op: &Operation, path: &str) -> CaseResult {
    let request = cx.request_for(op)?;
    let exchange = cx.send(request).await?;
    cx.require_success(&exchange)?;
    let Some(shown) = exchange.at(path).and_then(Value::as_str) else { return Ok(()) };
    // Several keys may be in turn; which one was used does not matter.
    let keys = cx.session.keys.own.clone();
    let masked = shown.trim_end_matches(['*', '.', '…', '•']);
    let begins = keys.iter().any(|key| key.starts_with(masked) && key.as_str() != shown);
    let expected = Expected::words(format!("{path} the beginning of the key, not the whole"));
    cx.expecting(exchange.step, expected.clone());
    if !begins {
        let whole = keys.iter().any(|key| key == shown);
        let what = if whole { "is the whole key" } else { "is not the beginning of the key" };
        cx.breach(exchange.step, Aspect::Value, format!("{path} {what}"), expected);
    }
    Ok(())
}

/// The properties that show a part of the calling key: where they are in a body, and where the contract says so.
fn properties_that_show_it(schema: &Schema, at: &str, depth: usize, found: &mut Vec<(String, String)>) {
    for property in schema.properties() {
        let here = schemas::pointer::join(at, &property.name);
        if property.rules().is_ok_and(|rules| rules.redacts.as_deref() == Some("credential")) {
            found.push((here.clone(), property.pointer.clone()));
        }
        if depth < DEEPEST {
            properties_that_show_it(&property.schema, &here, depth + 1, found);
        }
    }
}
