//! Without a limit a full page holds the stated number of rows.

use super::paged_list::paged_lists;
use crate::contract::{Api, Aspect, Expected, Operation, Paging, PathSlot};
use crate::http::Request;
use crate::law::{Case, Explains, Family, Law, Precedence};
use crate::scenario::{CaseContext, CaseError, CaseResult, Page};

pub(crate) static LAW: Law = Law {
    id: "limit-default",
    family: Family::Pages,
    says: "without a limit a full page holds the stated number of rows",
    why: "Judged where the target has more rows than that.",
    precedence: Precedence::Rule,
    explains: &[Explains::anywhere("page-is-full")],
    ..Law::by_cases(cases)
};

const PLACE: &str = "/x-contract/pagination/limit/default";

fn cases(api: &Api) -> Vec<Case> {
    paged_lists(api)
        .into_iter()
        .filter(|list| !list.op.has_slot(PathSlot::Parent))
        .map(|list| {
            let (op, rule) = (list.op.clone(), list.rule.clone());
            let run = async move |cx: &mut CaseContext| full_page(cx, &op, &rule).await;
            let case = Case::new(&LAW, list.op, run);
            case.standing(list.rule.standing).place(PLACE).needs([list.op.id.clone()])
        })
        .collect()
}

async fn full_page(cx: &mut CaseContext, list: &Operation, rule: &Paging) -> CaseResult {
    let exchange = cx.send(Request::of(list)).await?;
    cx.require_success(&exchange)?;
    let Some(page) = Page::of(cx.api(), &exchange.request, exchange.json.as_ref()) else { return Ok(()) };
    let (count, has_more) = (page.rows.len() as u64, page.has_more);
    let mut stated = vec![rule.limit.default];
    stated.extend(&rule.limit.also_defaults);
    let most = stated.iter().copied().max().unwrap_or(rule.limit.default);
    if !has_more && count <= most {
        return Err(CaseError::NotYet(format!("the target has only {count} rows to list")));
    }
    if !stated.contains(&count) {
        let numbers = stated.iter().map(u64::to_string).collect::<Vec<_>>().join(" or ");
        let message = format!("a full page of {} holds {count} rows", list.id);
        let expected = Expected::words(format!("{numbers} rows"));
        let breach = cx.breach(exchange.step, Aspect::Other("default"), message, expected);
        breach.standing(rule.standing).place(PLACE);
    }
    Ok(())
}
