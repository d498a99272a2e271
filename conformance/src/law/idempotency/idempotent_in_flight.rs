//! Of concurrent requests with one key one creates a row.

use std::collections::BTreeSet;

use super::keyed::{KeyedCreate, PLACE, keyed_creates};
use crate::contract::{Api, Aspect, Expected, Refusal};
use crate::law::{Case, Family, Law};
use crate::scenario::{CaseContext, CaseResult};

pub(crate) static LAW: Law = Law {
    id: "idempotent-in-flight",
    family: Family::Idempotency,
    says: "of concurrent requests with one key one makes a row, and the others are refused or answered the same",
    why: "Both are right; a second row is not.",
    ..Law::by_cases(cases)
};

/// Requests sent at the same time.
const CONCURRENT: usize = 5;

fn cases(api: &Api) -> Vec<Case> {
    keyed_creates(api)
        .into_iter()
        .map(|create| {
            let place = format!("{PLACE}/in_flight");
            let refusal = Refusal::new(create.rule.in_flight.clone(), &place).at_most(create.rule.standing);
            let (standing, keyed) = (refusal.standing(), create.clone());
            let run = async move |cx: &mut CaseContext| at_once(cx, &keyed, &refusal).await;
            let case = Case::new(&LAW, &create.op, run).sends(CONCURRENT).creates(1, &create.resource);
            case.standing(standing).place(place).needs(api.makers(&create.resource))
        })
        .collect()
}

async fn at_once(cx: &mut CaseContext, create: &KeyedCreate, refusal: &Refusal) -> CaseResult {
    let key = create.fresh_key(cx);
    let request = create.request(cx, &key)?;
    let answers = cx.send_all(vec![request; CONCURRENT]).await?;
    if answers.iter().any(|answer| answer.is_server_error()) {
        return Ok(());
    }
    let successes = answers.iter().filter(|answer| answer.is_success());
    let ids: BTreeSet<Option<String>> = successes.map(|answer| create.id_in(answer)).collect();
    let last = answers.last().map_or(0, |answer| answer.step);
    if ids.len() != 1 {
        let message = format!("concurrent requests with one key made {} rows", ids.len());
        let breach = cx.breach(last, Aspect::Other("rows"), message, Expected::words("one row"));
        breach.standing(create.rule.standing.weakest(refusal.standing())).place(PLACE);
        return Ok(());
    }
    for answer in answers.iter().filter(|answer| !answer.is_success()) {
        if !cx.refused(answer, refusal, "a concurrent request with the same key") {
            break;
        }
    }
    Ok(())
}
