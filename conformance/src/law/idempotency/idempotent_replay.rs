//! The same key and body answer the same bytes and create no second row.

use super::keyed::{KeyUsed, KeyedCreate, PLACE, keyed_creates};
use crate::contract::{Acceptance, Api, Aspect, Expected, Operation};
use crate::law::{Case, Explains, Family, Law, Precedence, When};
use crate::scenario::{CaseContext, CaseResult, Exchange, Setup as _, rows_like};

pub(crate) static LAW: Law = Law {
    id: "idempotent-replay",
    family: Family::Idempotency,
    says: "the same key and body answer the same bytes and make no second row",
    why: "The lists are looked at, for an answer may be repeated over a second row.",
    precedence: Precedence::Rule,
    explains: &[
        // Keys that do not count show as a second row, or as a value that is taken.
        Explains::anywhere("idempotent-replay"),
        Explains::on_resource("idempotent-other-body"),
        Explains::on_resource("idempotent-in-flight"),
        // And none is too long.
        Explains { law: "idempotent-key-length", when: When::AcceptedThere },
    ],
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    let creates = keyed_creates(api);
    let mut cases: Vec<Case> = creates.iter().map(|create| at_once(api, create)).collect();
    cases.extend(creates.iter().filter_map(|create| after_change(api, create)));
    cases
}

fn at_once(api: &Api, create: &KeyedCreate) -> Case {
    let keyed = create.clone();
    let run = async move |cx: &mut CaseContext, used: &KeyUsed| repeat(cx, &keyed, used).await;
    // The repeat, and a look at a list.
    let case = Case::given(&LAW, &create.op, create.done(api), run).sends(2);
    case.standing(create.rule.standing).place(PLACE)
}

async fn repeat(cx: &mut CaseContext, create: &KeyedCreate, used: &KeyUsed) -> CaseResult {
    let standing = create.rule.standing;
    let first = used.get(cx).await?;
    let second = cx.send(first.request).await?;
    let first = first.response;
    if !cx.accepted(&second, &acceptance(create), "the same request with the same key") {
        return Ok(());
    }
    if create.id_in(&first) != create.id_in(&second) {
        let message = "the same request with the same key made a second row";
        let expected = Expected::words("the first row");
        cx.breach(second.step, Aspect::Other("second-row"), message, expected)
            .standing(standing)
            .place(PLACE);
        return Ok(());
    }
    if first.bytes != second.bytes {
        other_bytes(cx, &second, create);
        return Ok(());
    }
    let sent = first.request.body().cloned().unwrap_or_default();
    if let Some((rows, step)) = rows_like(cx, &create.resource, &sent).await?
        && rows.len() > 1
    {
        let message = format!("the same request with the same key made {} rows", rows.len());
        let expected = Expected::words("one row");
        cx.breach(step, Aspect::Other("second-row"), message, expected).standing(standing).place(PLACE);
    }
    Ok(())
}

/// What is answered again is what was answered first, also when the row has changed since.
fn after_change(api: &Api, create: &KeyedCreate) -> Option<Case> {
    let update = create.resource.update.clone()?;
    let (keyed, op) = (create.clone(), update.clone());
    let case = Case::new(&LAW, &create.op, async move |cx: &mut CaseContext| {
        repeat_after_change(cx, &keyed, &op).await
    });
    let case = case.variant("after-change").sends(3).creates(1, &create.resource);
    let case = case.standing(create.rule.standing).place(PLACE);
    Some(case.needs(api.makers(&create.resource)).needs([update.id.clone()]))
}

async fn repeat_after_change(cx: &mut CaseContext, create: &KeyedCreate, update: &Operation) -> CaseResult {
    let key = create.fresh_key(cx);
    let request = create.request(cx, &key)?;
    let first = cx.send(request.clone()).await?;
    cx.require_success(&first)?;
    let row = cx.row_of(&create.resource, &first).await?;
    let body = cx.change(update)?.0;
    let changed = cx.send(row.change(update, body)).await?;
    cx.require_success(&changed)?;
    let again = cx.send(request).await?;
    let what = "the same request with the same key, after the row was changed,";
    if cx.accepted(&again, &acceptance(create), what) && first.bytes != again.bytes {
        other_bytes(cx, &again, create);
    }
    Ok(())
}

fn acceptance(create: &KeyedCreate) -> Acceptance {
    let rule = &create.rule;
    Acceptance::of(&create.op).at_most(rule.standing).at(PLACE).or(&rule.replay_also_statuses)
}

fn other_bytes(cx: &mut CaseContext, exchange: &Exchange, create: &KeyedCreate) {
    let message = "the same request with the same key is answered with other bytes";
    let expected = Expected::words("the same bytes");
    let breach = cx.breach(exchange.step, Aspect::Other("bytes"), message, expected);
    breach.standing(create.rule.standing).place(PLACE);
}
