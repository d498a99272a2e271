//! A page holds no more rows than asked for, and says when there are more.

use schemas::{ParameterLocation, Standing};

use super::paged_list::{CURSOR, ENVELOPE, LIMIT, paged_lists};
use crate::contract::{Acceptance, Api, Aspect, Expected, Operation, Paging};
use crate::judge::instant;
use crate::law::support::{OwnerWithRows, ROWS};
use crate::law::{Case, Explains, Family, Law};
use crate::scenario::{CaseContext, CaseResult, Page, page_request};

pub(crate) static LAW: Law = Law {
    id: "limit-honoured",
    family: Family::Pages,
    says: "a page holds no more rows than asked for, and says when there are more",
    why: "Rows of the run's own are there, so that there is more than one page.",
    explains: &[
        Explains::on_resource("walk-meets-each-row-once"),
        Explains::on_resource("every-row-is-listed"),
        Explains::anywhere("page-is-full"),
    ],
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    paged_lists(api)
        .into_iter()
        .map(|list| {
            let (op, rule, standing) = (list.op.clone(), list.rule.clone(), list.rule.standing);
            let run = async move |cx: &mut CaseContext, rows: &OwnerWithRows| {
                small_page(cx, rows, &op, &rule).await
            };
            let case = Case::given(&LAW, list.op, list.rows(api), run);
            case.standing(standing).place(LIMIT).needs(list.needs(api))
        })
        .collect()
}

async fn small_page(
    cx: &mut CaseContext,
    rows: &OwnerWithRows,
    list: &Operation,
    rule: &Paging,
) -> CaseResult {
    let (request, _) = rows.listed_by(cx, list).await?;
    // Less than there is, and more than one, where that many may be asked for.
    let asked = (ROWS as u64 - 1).clamp(rule.limit.minimum, rule.limit.maximum);
    let exchange = cx.send(page_request(request, Some(asked), None)).await?;
    if !cx.accepted(&exchange, &Acceptance::of(list), "a list with a small limit") {
        return Ok(());
    }
    let Some(page) = Page::of(cx.api(), &exchange.request, exchange.json.as_ref()) else { return Ok(()) };
    if let Some(wrong) = what_is_wrong(&page, list, rule, asked) {
        let breach = cx.breach(exchange.step, wrong.aspect, wrong.message, wrong.expected);
        breach.standing(wrong.standing).place(wrong.place);
    }
    Ok(())
}

struct Wrong {
    aspect: Aspect,
    standing: Standing,
    place: &'static str,
    message: String,
    expected: Expected,
}

/// The first thing that is wrong with a page of a list which has at least [`ROWS`] rows.
fn what_is_wrong(page: &Page<'_>, list: &Operation, rule: &Paging, asked: u64) -> Option<Wrong> {
    let count = page.rows.len() as u64;
    let cursor = list.parameter(ParameterLocation::Query, &rule.cursor.parameter);
    let instants = cursor
        .is_some_and(|cursor| cursor.schema.keyword("format").is_some_and(|format| format == "date-time"));
    let foreign = page.next.as_deref().filter(|next| instants && instant(next).is_none());
    let wrong = |aspect: &'static str, place, message: String, expected: String| {
        let (aspect, expected) = (Aspect::Other(aspect), Expected::words(expected));
        Some(Wrong { aspect, standing: rule.standing, place, message, expected })
    };
    let id = &list.id;
    if count > asked {
        let message = format!("a page of {id} holds {count} rows where {asked} were asked for");
        wrong("limit", LIMIT, message, format!("at most {asked} rows"))
    } else if !page.has_more || count == 0 {
        let message =
            format!("a page of {id} with {count} of at least {ROWS} rows says that there are no more");
        wrong("has-more", ENVELOPE, message, "more".to_owned())
    } else if count < asked {
        // A page may be short for all anybody says; that it is not is implied.
        let message =
            format!("a page of {id} holds {count} of at least {ROWS} rows where {asked} were asked for");
        let standing = rule.standing.weakest(Standing::Inferred);
        wrong("short", LIMIT, message, format!("{asked} rows")).map(|wrong| Wrong { standing, ..wrong })
    } else if let Some(foreign) = foreign {
        let message = format!("the next cursor of {id} is {foreign}, which is no instant");
        wrong("cursor-form", CURSOR, message, "an instant".to_owned())
    } else if page.next.is_none() {
        let message = format!("a page of {id} says that there is more and gives no cursor");
        wrong("next-cursor", ENVELOPE, message, "a cursor".to_owned())
    } else {
        None
    }
}
