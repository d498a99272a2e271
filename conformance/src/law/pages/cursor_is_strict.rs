//! A cursor yields only rows strictly older than it.

use super::paged_list::{CURSOR, paged_lists};
use crate::contract::{Acceptance, Api, Aspect, Expected, Operation, Paging, Resource};
use crate::law::support::OwnerWithRows;
use crate::law::{Case, Explains, Family, Law, Precedence};
use crate::scenario::{CaseContext, CaseError, CaseResult, Page, page_request};

pub(crate) static LAW: Law = Law {
    id: "cursor-is-strict",
    family: Family::Pages,
    says: "a cursor yields only rows strictly older than it",
    why: "The creation time of a row of the run's own is the cursor.",
    precedence: Precedence::Rule,
    explains: &[Explains::on_resource("walk-meets-each-row-once")],
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    paged_lists(api)
        .into_iter()
        .map(|list| {
            let (op, resource, rule) = (list.op.clone(), list.resource.clone(), list.rule.clone());
            let run = async move |cx: &mut CaseContext, rows: &OwnerWithRows| {
                from_a_row(cx, rows, &op, &resource, &rule).await
            };
            let case = Case::given(&LAW, list.op, list.rows(api), run);
            case.standing(list.rule.standing).place(CURSOR).needs(list.needs(api))
        })
        .collect()
}

async fn from_a_row(
    cx: &mut CaseContext,
    rows: &OwnerWithRows,
    list: &Operation,
    resource: &Resource,
    rule: &Paging,
) -> CaseResult {
    let (request, rows) = rows.listed_by(cx, list).await?;
    let (older, newer) = (&rows[0], &rows[1]);
    let Some(at) = newer.text(&rule.order.field).map(str::to_owned) else {
        return Err(CaseError::NotJudged(format!("rows have no {}", rule.order.field)));
    };
    let request = page_request(request, Some(rule.limit.maximum), Some(&at));
    let exchange = cx.send(request).await?;
    if !cx.accepted(&exchange, &Acceptance::of(list), "a list from the creation time of a row") {
        return Ok(());
    }
    let Some(page) = Page::of(cx.api(), &exchange.request, exchange.json.as_ref()) else { return Ok(()) };
    let ids: Vec<String> = page.rows.iter().filter_map(|row| resource.id_of(row)).collect();
    let (aspect, message, expected) = if ids.contains(&newer.id) {
        let message = format!("{} from the creation time of a row shows that row", list.id);
        ("included", message, "only older rows")
    } else if !ids.contains(&older.id) {
        let message = format!("{} from the creation time of a row leaves out the row before it", list.id);
        ("left-out", message, "all older rows")
    } else {
        return Ok(());
    };
    let expected = Expected::words(expected);
    cx.breach(exchange.step, Aspect::Other(aspect), message, expected).standing(rule.standing).place(CURSOR);
    Ok(())
}
