//! A walk over the pages meets every row exactly once.

use schemas::{Order, PageStyle, Pagination, Standing};

use super::paged_list::walked_lists;
use crate::contract::{Api, Aspect, Expected, Operation, PathSlot, Resource};
use crate::http::Request;
use crate::law::support::{OwnerWithRows, ROWS, ties_with_others};
use crate::law::{Case, Explains, Family, Law};
use crate::scenario::{CaseContext, CaseError, CaseResult, Page, Row, page_request};

pub(crate) static LAW: Law = Law {
    id: "walk-meets-each-row-once",
    family: Family::Pages,
    says: "a walk over the pages meets every row exactly once",
    why: "Page by page of few rows, by what says where the next one begins: a cursor, an offset, a number, the last id.",
    explains: &[
        Explains::on_resource("every-row-is-listed"),
        Explains::on_resource("limit-honoured"),
        Explains::on_resource("cursor-is-strict"),
        Explains::on_resource("concurrent-creates-walked"),
        Explains::anywhere("page-is-full"),
    ],
    ..Law::by_cases(cases)
};

/// Pages after which a walk is given up: the list holds other people's rows too.
const MOST_PAGES: usize = 12;
/// Pages of the run's own size before larger ones are asked for.
const SMALL_PAGES: usize = 4;

fn cases(api: &Api) -> Vec<Case> {
    walked_lists(api)
        .into_iter()
        .map(|list| {
            let (op, resource, rule) = (list.op.clone(), list.resource.clone(), list.rule.clone());
            let place = list.place.clone();
            let run = async move |cx: &mut CaseContext, rows: &OwnerWithRows| {
                let (request, rows) = rows.listed_by(cx, &op).await?;
                Walk { list: &op, resource: &resource, rule: &rule, place: &place, request, rows }
                    .walk(cx)
                    .await
            };
            let case = Case::given(&LAW, list.op, list.rows(api), run).sends(4);
            case.standing(list.rule.standing).place(list.place.clone()).alone().needs(list.needs(api))
        })
        .collect()
}

struct Walk<'a> {
    list: &'a Operation,
    resource: &'a Resource,
    rule: &'a Pagination,
    place: &'a str,
    request: Request,
    rows: Vec<Row>,
}

/// How a walk ended.
enum End {
    /// It saw all that was to be seen: the ids in the order they came, and the last step.
    Whole(Vec<String>, usize),
    /// Something is wrong, and noted.
    Wrong,
}

impl Walk<'_> {
    async fn walk(&self, cx: &mut CaseContext) -> CaseResult {
        match self.pages(cx).await? {
            End::Whole(seen, last) => self.judge(cx, &seen, last).await,
            End::Wrong => Ok(()),
        }
    }

    fn under_owner(&self) -> bool {
        self.list.has_slot(PathSlot::Parent)
    }

    /// Pages of fewer rows than there are, and of more than one, so that the last one of our own is not full; larger ones
    /// once others' newer rows come first, unless a page's number counts pages of the same size.
    fn size(&self, turn: usize) -> u64 {
        let Some(limit) = &self.rule.limit else { return ROWS as u64 - 1 };
        if turn >= SMALL_PAGES && !self.under_owner() && self.rule.style != PageStyle::Page {
            limit.maximum
        } else {
            (ROWS as u64 - 1).clamp(limit.minimum, limit.maximum)
        }
    }

    /// Whether a page itself says that there are more.
    fn says_more(&self) -> bool {
        self.rule.envelope.has_more.is_some()
    }

    async fn pages(&self, cx: &mut CaseContext) -> Result<End, CaseError> {
        let mut seen: Vec<String> = Vec::new();
        let mut cursor: Option<String> = None;
        for turn in 0..MOST_PAGES {
            let size = self.size(turn);
            let request = page_request(self.request.clone(), Some(size), cursor.as_deref());
            let exchange = cx.send(request).await?;
            cx.require_success(&exchange)?;
            let last = exchange.step;
            let Some(page) = Page::of(cx.api(), &exchange.request, exchange.json.as_ref()) else {
                return Ok(End::Wrong);
            };
            let ids: Vec<String> = page.rows.iter().filter_map(|row| self.resource.id_of(row)).collect();
            // What says where a page begins is not heeded.
            let is_known = turn > 0 && !ids.is_empty() && ids.iter().all(|id| seen.contains(id));
            seen.extend(ids);
            let count = page.rows.len();
            if page.has_more && (count as u64) < size && count > 0 && self.says_more() {
                let message = format!(
                    "a page of {} with {count} of {size} rows says that there are more",
                    self.list.id
                );
                let standing = self.rule.standing.weakest(Standing::Inferred);
                cx.breach(last, Aspect::Other("more-than-there-are"), message, Expected::words("no more"))
                    .standing(standing)
                    .place(format!("{}/envelope", self.place));
                return Ok(End::Wrong);
            }
            if is_known && self.rule.style != PageStyle::Cursor {
                let message =
                    format!("a further page of {} shows nothing but rows of earlier ones", self.list.id);
                cx.breach(last, Aspect::Other("stuck"), message, Expected::words("other rows"))
                    .standing(self.rule.standing)
                    .place(self.place);
                return Ok(End::Wrong);
            }
            let met_all = || self.rows.iter().all(|row| seen.contains(&row.id));
            if !page.has_more || (!self.under_owner() && met_all()) {
                return Ok(End::Whole(seen, last));
            }
            match page.next {
                Some(next) if cursor.as_ref() != Some(&next) => cursor = Some(next),
                Some(_) => {
                    let message = format!(
                        "{} of {} does not move on",
                        if self.rule.style == PageStyle::Cursor { "the cursor" } else { "the next page" },
                        self.list.id
                    );
                    cx.breach(last, Aspect::Other("stuck"), message, Expected::words("another cursor"))
                        .standing(self.rule.standing)
                        .place(self.place);
                    return Ok(End::Wrong);
                }
                None => return Ok(End::Whole(seen, last)),
            }
        }
        Err(CaseError::NotJudged(format!("{} is too long to be walked", self.list.id)))
    }

    async fn judge(&self, cx: &mut CaseContext, seen: &[String], last: usize) -> CaseResult {
        let met: Vec<&String> = seen.iter().filter(|id| self.rows.iter().any(|row| row.id == **id)).collect();
        let newest_first: Vec<&String> = self.rows.iter().rev().map(|row| &row.id).collect();
        let missing = self.rows.iter().filter(|row| !seen.contains(&row.id)).count();
        if missing > 0 && !self.under_owner() && ties_with_others(cx, &self.request, &self.rows).await? {
            return Err(CaseError::NotJudged("rows of others were made in the same second".to_owned()));
        }
        let list = &self.list.id;
        let (aspect, place, message, expected) = if missing > 0 {
            let message = format!("a walk over {list} never meets {missing} of {ROWS} rows");
            ("missing", self.place.to_owned(), message, "every row")
        } else if met.len() > self.rows.len() {
            (
                "twice",
                self.place.to_owned(),
                format!("a walk over {list} meets a row twice"),
                "every row once",
            )
        } else if met != newest_first && self.rule.order.as_ref().is_some_and(Order::is_descending) {
            (
                "order",
                format!("{}/order", self.place),
                format!("a walk over {list} does not meet the newest row first"),
                "newest first",
            )
        } else {
            return Ok(());
        };
        cx.breach(last, Aspect::Other(aspect), message, Expected::words(expected))
            .standing(self.rule.standing)
            .place(place);
        Ok(())
    }
}
