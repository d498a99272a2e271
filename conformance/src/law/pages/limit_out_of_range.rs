//! A limit out of range is refused or clamped.

use schemas::{Limit, Standing};

use super::paged_list::paged_lists;
use crate::contract::{Api, Expected};
use crate::law::{Case, Family, Law, Role};
use crate::scenario::{CaseContext, Page};

pub(crate) static LAW: Law = Law {
    id: "limit-out-of-range",
    family: Family::Pages,
    says: "a limit out of range is refused or clamped",
    why: "Nobody promised which.",
    role: Role::Refusal,
    ..Law::by_cases(cases)
};

const PLACE: &str = "/x-contract/pagination/limit/out_of_range";

/// Limits that are out of range: the variant, the kind of refusal, the value.
fn wrong_limits(limit: &Limit) -> [(&'static str, &'static str, String); 3] {
    [
        ("under", "value-too-small", limit.minimum.saturating_sub(1).to_string()),
        ("over", "value-too-big", (limit.maximum + 1).to_string()),
        ("no-number", "value-type", "many".to_owned()),
    ]
}

fn cases(api: &Api) -> Vec<Case> {
    let mut cases = Vec::new();
    for list in paged_lists(api) {
        let standing = list.rule.limit.out_of_range;
        for (variant, kind, text) in wrong_limits(&list.rule.limit) {
            let (parameter, most) = (list.rule.limit.parameter.clone(), list.rule.limit.maximum);
            let refusal = api.refusal(list.op, kind).at_most(standing).blaming(&parameter);
            let op = list.op.clone();
            let case = Case::new(&LAW, list.op, async move |cx: &mut CaseContext| {
                let request = cx.request_for(&op)?.query(&parameter, text.clone());
                let exchange = cx.send(request).await?;
                let page = Page::of(cx.api(), &exchange.request, exchange.json.as_ref())
                    .filter(|_| exchange.is_success());
                let clamped = page.is_some_and(|page| page.rows.len() as u64 <= most);
                cx.expecting(exchange.step, Expected::words("a refusal, or the limit clamped"));
                if !clamped {
                    cx.refused(&exchange, &refusal, &format!("a list with {parameter}={text}"));
                }
                Ok(())
            });
            let case = case.variant(variant).standing(standing.weakest(Standing::Assumed)).place(PLACE);
            cases.push(case.needs(api.needs_rows(list.op)));
        }
    }
    cases
}
