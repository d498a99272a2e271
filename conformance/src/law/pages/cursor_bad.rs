//! A bad cursor is refused and named.

use super::paged_list::paged_lists;
use crate::contract::{Api, Refusal};
use crate::law::{Case, Family, Law, Role};
use crate::scenario::{CaseContext, page_request};

pub(crate) static LAW: Law = Law {
    id: "cursor-bad",
    family: Family::Pages,
    says: "a bad cursor is refused and named",
    why: "A text that is no instant.",
    role: Role::Refusal,
    ..Law::by_cases(cases)
};

const PLACE: &str = "/x-contract/pagination/cursor/rejection";

fn cases(api: &Api) -> Vec<Case> {
    paged_lists(api)
        .into_iter()
        .map(|list| {
            let cursor = &list.rule.cursor;
            let refusal = Refusal::new(cursor.rejection.clone(), PLACE).blaming(&cursor.parameter);
            let (op, standing) = (list.op.clone(), refusal.standing());
            let case = Case::new(&LAW, list.op, async move |cx: &mut CaseContext| {
                let request = page_request(cx.request_for(&op)?, None, Some("not-an-instant"));
                let exchange = cx.send(request).await?;
                cx.refused(&exchange, &refusal, "a list from a bad cursor");
                Ok(())
            });
            case.standing(standing).place(PLACE).needs(api.needs_rows(list.op))
        })
        .collect()
}
