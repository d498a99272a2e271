//! A failure is not kept.

use super::keyed::{KeyedCreate, PLACE, keyed_creates};
use crate::contract::{Acceptance, Api};
use crate::generate::Wrong;
use crate::law::support::all_wrongs;
use crate::law::{Case, Explains, Family, Law, Precedence};
use crate::scenario::{CaseContext, CaseError, CaseResult};

pub(crate) static LAW: Law = Law {
    id: "idempotent-failure-not-kept",
    family: Family::Idempotency,
    says: "a failure is not kept",
    why: "A refused request, once corrected, is accepted under the same key.",
    precedence: Precedence::Foundation,
    explains: &[Explains::on_resource("idempotent-in-flight"), Explains::on_resource("idempotent-replay")],
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    let mut cases = Vec::new();
    for create in keyed_creates(api) {
        let mut wrongs = all_wrongs(api, &create.op);
        wrongs.sort_by_key(|wrong| wrong.standing);
        let Some(wrong) = wrongs.into_iter().next() else { continue };
        let keyed = create.clone();
        let run = async move |cx: &mut CaseContext| wrong_then_right(cx, &keyed, &wrong).await;
        let case = Case::new(&LAW, &create.op, run).sends(2).creates(1, &create.resource);
        let case = case.standing(create.rule.standing).place(PLACE);
        cases.push(case.needs(api.makers(&create.resource)));
    }
    cases
}

async fn wrong_then_right(cx: &mut CaseContext, create: &KeyedCreate, wrong: &Wrong) -> CaseResult {
    let key = create.fresh_key(cx);
    let right = create.request(cx, &key)?;
    let mut body = right.body().cloned().unwrap_or_default();
    wrong.apply(&mut body);
    let first = cx.send(right.clone().json(body)).await?;
    if first.is_success() {
        return Err(CaseError::NotJudged(format!("{} accepts a wrong request", create.op.id)));
    }
    let second = cx.send(right).await?;
    let acceptance = Acceptance::of(&create.op).at_most(create.rule.standing).at(PLACE);
    cx.accepted(&second, &acceptance, "a corrected request with the key of a refused one");
    Ok(())
}
