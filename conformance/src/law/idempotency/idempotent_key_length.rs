//! A key of the greatest length is accepted.

use schemas::Standing;

use super::keyed::{KeyedCreate, PLACE, keyed_creates};
use crate::contract::{Acceptance, Api, Aspect, Expected, Refusal};
use crate::law::{Case, Family, Law};
use crate::scenario::{CaseContext, CaseResult};

pub(crate) static LAW: Law = Law {
    id: "idempotent-key-length",
    family: Family::Idempotency,
    says: "a key of the greatest length is accepted",
    why: "The length is counted in bytes.",
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    let mut cases = Vec::new();
    for create in keyed_creates(api) {
        let refusal = Refusal::new(create.rule.too_long.clone(), format!("{PLACE}/too_long"));
        let (keyed, standing) = (create.clone(), create.rule.standing);
        let longest = async move |cx: &mut CaseContext| longest(cx, &keyed).await;
        let (keyed, too_long) = (create.clone(), refusal.standing().weakest(Standing::Assumed));
        let over = async move |cx: &mut CaseContext| {
            let key = key_of(cx, &keyed, keyed.rule.max_bytes + 1);
            let exchange = cx.send(keyed.request(cx, &key)?).await?;
            cx.refused(&exchange, &refusal, "a key that is too long");
            Ok(())
        };
        let place = format!("{PLACE}/max_bytes");
        let planned = |case: Case, standing: Standing| {
            let case = case.creates(1, &create.resource).standing(standing).place(&place);
            case.needs(api.makers(&create.resource))
        };
        cases.push(planned(Case::new(&LAW, &create.op, longest).variant("longest"), standing));
        cases.push(planned(Case::new(&LAW, &create.op, over).variant("over"), too_long));
    }
    cases
}

/// A fresh key of so many bytes.
fn key_of(cx: &CaseContext, create: &KeyedCreate, bytes: usize) -> String {
    let mut key = create.fresh_key(cx);
    while key.len() < bytes {
        key.push('k');
    }
    key
}

/// The longest key is accepted, and all of it counts: one that differs in the last letter alone is another.
async fn longest(cx: &mut CaseContext, create: &KeyedCreate) -> CaseResult {
    let standing = create.rule.standing;
    let mut key = key_of(cx, create, create.rule.max_bytes);
    let exchange = cx.send(create.request(cx, &key)?).await?;
    let acceptance = Acceptance::of(&create.op).at_most(standing).at(format!("{PLACE}/max_bytes"));
    if !cx.accepted(&exchange, &acceptance, "a key of the greatest length") {
        return Ok(());
    }
    let last = if key.pop() == Some('z') { 'y' } else { 'z' };
    key.push(last);
    let other = cx.send(create.request(cx, &key)?).await?;
    let acceptance = Acceptance::of(&create.op).at_most(standing).at(PLACE);
    let what = "a long key that differs from another in its last letter";
    if cx.accepted(&other, &acceptance, what) && create.id_in(&other) == create.id_in(&exchange) {
        let message = format!("{what} is answered with the other one's row");
        let expected = Expected::words("a row of its own");
        let breach = cx.breach(other.step, Aspect::Other("cut"), message, expected);
        breach.standing(standing).place(PLACE);
    }
    Ok(())
}
