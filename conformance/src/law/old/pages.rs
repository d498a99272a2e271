//! Lists by pages.

use schemas::{Pagination, ParameterLocation, Standing};
use serde_json::Value;

use super::family::{ROWS, family_setup, rows, tied};
use super::id;
use super::law::{Family, Law, always, probed};
use crate::scenario::walk::{page, page_call};
use crate::contract::{Api, Resource, Operation, PathSlot};
use crate::contract::{Acceptance, Refusal};
use crate::judge::{Expected, instant};
use super::case::Case;
use crate::http::Request;
use crate::scenario::{CaseContext, CaseError};

/// The family.
pub(crate) const LAWS: &[Law] = &[
    always(
        id::LIST_ORDER,
        Family::Pages,
        "the rows of every page are in the stated order",
        "Equal instants are no breach.",
        |api| paging(api).map(|rule| (rule.standing, "/x-contract/pagination/order".to_owned())),
    ),
    probed(
        id::LIMIT_HONOURED,
        Family::Pages,
        "a page holds no more rows than asked for, and says when there are more",
        "Rows of the run's own are there, so that there is more than one page.",
        limit,
    ),
    probed(
        id::WALK_COMPLETE,
        Family::Pages,
        "a walk over the pages meets every row exactly once",
        "Page by page of one row, by the cursor of the page before.",
        complete,
    ),
    probed(
        id::CURSOR_STRICT,
        Family::Pages,
        "a cursor yields only rows strictly older than it",
        "The creation time of a row of the run's own is the cursor.",
        strict,
    ),
    probed(
        id::CURSOR_BAD,
        Family::Pages,
        "a bad cursor is refused and named",
        "A text that is no instant.",
        bad_cursor,
    ),
    probed(
        id::LIST_EMPTY,
        Family::Pages,
        "an empty list has no rows, no more and no cursor",
        "The list of an owner that owns nothing.",
        empty,
    ),
    probed(
        id::LIMIT_DEFAULT,
        Family::Pages,
        "without a limit a full page holds the stated number of rows",
        "Judged where the target has more rows than that.",
        default_limit,
    ),
    probed(
        id::LIMIT_RANGE,
        Family::Pages,
        "a limit out of range is refused or clamped",
        "Nobody promised which.",
        out_of_range,
    ),
];

fn paging(api: &Api) -> Option<&Pagination> {
    api.rules().pagination.as_ref()
}

/// Lists that take the parameters of pages, with their rows.
fn paged(api: &Api) -> Vec<(&Operation, &Resource, Pagination)> {
    let Some(rule) = paging(api) else { return Vec::new() };
    api
        .lists()
        .filter(|op| {
            api.reachable(op) && op.parameter(ParameterLocation::Query, &rule.cursor.parameter).is_some()
        })
        .filter_map(|op| Some((op, api.resource_of(op)?, rule.clone())))
        .collect()
}

fn needs(api: &Api, op: &Operation, resource: &Resource) -> Vec<String> {
    let mut needed = api.makers(resource);
    needed.extend(api.needs_rows(op));
    needed.push(op.id.clone());
    needed
}

fn limit(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    paged(api)
        .into_iter()
        .map(|(op, resource, rule)| {
            let (list, rows_of) = (op.clone(), resource.clone());
            let standing = rule.standing;
            Case::new(law, op, async move |cx: &mut CaseContext| {
                let (request, _) = rows(cx, &list, &rows_of).await?;
                // Less than there is, and more than one, where that many may be asked for.
                let asked = (ROWS as u64 - 1).clamp(rule.limit.minimum, rule.limit.maximum);
                let exchange = cx.send(page_call(cx.api(), request, Some(asked), None)).await?;
                if !cx.accepted(&exchange, &Acceptance::of(&list), "a list with a small limit") {
                    return Ok(());
                }
                let Some(page) = page(cx.api(), &exchange) else { return Ok(()) };
                let (count, has_more, next) = (page.rows.len() as u64, page.has_more, page.next.is_some());
                let instants =
                    list.parameter(ParameterLocation::Query, &rule.cursor.parameter).is_some_and(|cursor| {
                        cursor.schema.keyword("format").is_some_and(|format| format == "date-time")
                    });
                let foreign = page.next.filter(|next| instants && instant(next).is_none()).map(str::to_owned);
                let place = "/x-contract/pagination/limit";
                if count > asked {
                    let message =
                        format!("a page of {} holds {count} rows where {asked} were asked for", list.id);
                    cx.broke(
                        exchange.step,
                        "limit",
                        standing,
                        place,
                        message,
                        Expected::words(format!("at most {asked} rows")),
                    );
                } else if !has_more || count == 0 {
                    let message = format!(
                        "a page of {} with {count} of at least {ROWS} rows says that there are no more",
                        list.id
                    );
                    cx.broke(
                        exchange.step,
                        "has-more",
                        standing,
                        "/x-contract/pagination/envelope",
                        message,
                        Expected::words("more"),
                    );
                } else if count < asked {
                    // A page may be short for all anybody says; that it is not is implied.
                    let message = format!(
                        "a page of {} holds {count} of at least {ROWS} rows where {asked} were asked for",
                        list.id
                    );
                    cx.broke(
                        exchange.step,
                        "short",
                        standing.weakest(Standing::Inferred),
                        place,
                        message,
                        Expected::words(format!("{asked} rows")),
                    );
                } else if let Some(foreign) = foreign {
                    let message = format!("the next cursor of {} is {foreign}, which is no instant", list.id);
                    cx.broke(
                        exchange.step,
                        "cursor-form",
                        standing,
                        "/x-contract/pagination/cursor",
                        message,
                        Expected::words("an instant"),
                    );
                } else if !next {
                    let message =
                        format!("a page of {} says that there is more and gives no cursor", list.id);
                    cx.broke(
                        exchange.step,
                        "next-cursor",
                        standing,
                        "/x-contract/pagination/envelope",
                        message,
                        Expected::words("a cursor"),
                    );
                }
                Ok(())
            })
            .standing(standing)
            .place("/x-contract/pagination/limit")
            .sees(family_setup(resource).0, family_setup(resource).1)
            .needs(needs(api, op, resource))
        })
        .collect()
}

fn complete(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    paged(api)
        .into_iter()
        .map(|(op, resource, rule)| {
            let (list, rows_of) = (op.clone(), resource.clone());
            let standing = rule.standing;
            Case::new(law, op, async move |cx: &mut CaseContext| {
                let (request, made) = rows(cx, &list, &rows_of).await?;
                let mut seen: Vec<String> = Vec::new();
                let mut cursor: Option<String> = None;
                let mut last = 0;
                let under_owner = list.has_slot(PathSlot::Parent);
                let mut whole = false;
                for turn in 0..12 {
                    // Pages of fewer rows than there are, and of more than one, so that the last one of our own is not
                    // full; larger ones once others' newer rows come first.
                    let size = match turn {
                        4.. if !under_owner => rule.limit.maximum,
                        _ => (ROWS as u64 - 1).clamp(rule.limit.minimum, rule.limit.maximum),
                    };
                    let exchange = cx
                        .send(page_call(cx.api(), request.clone(), Some(size), cursor.as_deref()))
                        .await?;
                    cx.require_success(&exchange)?;
                    last = exchange.step;
                    let Some(page) = page(cx.api(), &exchange) else { return Ok(()) };
                    seen.extend(page.rows.iter().filter_map(|row| rows_of.id_of(row)));
                    let short = (page.rows.len() as u64) < size;
                    if page.has_more && short && !page.rows.is_empty() {
                        let message = format!(
                            "a page of {} with {} of {size} rows says that there are more",
                            list.id,
                            page.rows.len()
                        );
                        cx.broke(
                            last,
                            "more-than-there-are",
                            standing.weakest(Standing::Inferred),
                            "/x-contract/pagination/envelope",
                            message,
                            Expected::words("no more"),
                        );
                        return Ok(());
                    }
                    whole = !page.has_more || (!under_owner && made.iter().all(|row| seen.contains(&row.id)));
                    if whole {
                        break;
                    }
                    match page.next {
                        Some(next) if cursor.as_deref() != Some(next) => cursor = Some(next.to_owned()),
                        Some(_) => {
                            let message = format!("the cursor of {} does not move on", list.id);
                            cx.broke(
                                last,
                                "stuck",
                                standing,
                                "/x-contract/pagination/cursor",
                                message,
                                Expected::words("another cursor"),
                            );
                            return Ok(());
                        }
                        None => {
                            whole = true;
                            break;
                        }
                    }
                }
                if !whole {
                    return Err(CaseError::NotJudged(format!("{} is too long to be walked", list.id)));
                }
                let met: Vec<&String> =
                    seen.iter().filter(|id| made.iter().any(|row| row.id == **id)).collect();
                let newest_first: Vec<&String> = made.iter().rev().map(|row| &row.id).collect();
                let place = "/x-contract/pagination";
                let missing = made.iter().filter(|row| !seen.contains(&row.id)).count();
                if missing > 0 && !under_owner && tied(cx, &request, &made).await? {
                    let why = "rows of others were made in the same second";
                    return Err(CaseError::NotJudged(why.to_owned()));
                }
                if missing > 0 {
                    let message = format!("a walk over {} never meets {missing} of {ROWS} rows", list.id);
                    cx.broke(last, "missing", standing, place, message, Expected::words("every row"));
                } else if met.len() > made.len() {
                    let message = format!("a walk over {} meets a row twice", list.id);
                    cx.broke(last, "twice", standing, place, message, Expected::words("every row once"));
                } else if met != newest_first && rule.order.direction == "descending" {
                    let message = format!("a walk over {} does not meet the newest row first", list.id);
                    cx.broke(
                        last,
                        "order",
                        standing,
                        "/x-contract/pagination/order",
                        message,
                        Expected::words("newest first"),
                    );
                }
                Ok(())
            })
            .standing(standing)
            .place("/x-contract/pagination")
            .cost(4)
            .sees(family_setup(resource).0, family_setup(resource).1)
            .alone()
            .needs(needs(api, op, resource))
        })
        .collect()
}

fn strict(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    paged(api)
        .into_iter()
        .map(|(op, resource, rule)| {
            let (list, rows_of) = (op.clone(), resource.clone());
            let standing = rule.standing;
            Case::new(law, op, async move |cx: &mut CaseContext| {
                let (request, made) = rows(cx, &list, &rows_of).await?;
                let (older, newer) = (&made[0], &made[1]);
                let Some(at) = newer.text(&rule.order.field).map(str::to_owned) else {
                    return Err(CaseError::NotJudged(format!("rows have no {}", rule.order.field)));
                };
                let exchange =
                    cx.send(page_call(cx.api(), request, Some(rule.limit.maximum), Some(&at))).await?;
                if !cx.accepted(
                    &exchange,
                    &Acceptance::of(&list),
                    "a list from the creation time of a row",
                ) {
                    return Ok(());
                }
                let Some(page) = page(cx.api(), &exchange) else { return Ok(()) };
                let ids: Vec<String> = page.rows.iter().filter_map(|row| rows_of.id_of(row)).collect();
                let place = "/x-contract/pagination/cursor";
                if ids.contains(&newer.id) {
                    let message = format!("{} from the creation time of a row shows that row", list.id);
                    cx.broke(
                        exchange.step,
                        "included",
                        standing,
                        place,
                        message,
                        Expected::words("only older rows"),
                    );
                } else if !ids.contains(&older.id) {
                    let message =
                        format!("{} from the creation time of a row leaves out the row before it", list.id);
                    cx.broke(
                        exchange.step,
                        "left-out",
                        standing,
                        place,
                        message,
                        Expected::words("all older rows"),
                    );
                }
                Ok(())
            })
            .standing(standing)
            .place("/x-contract/pagination/cursor")
            .sees(family_setup(resource).0, family_setup(resource).1)
            .needs(needs(api, op, resource))
        })
        .collect()
}

fn bad_cursor(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    paged(api)
        .into_iter()
        .map(|(op, _, rule)| {
            let place = "/x-contract/pagination/cursor/rejection";
            let refusal = Refusal::new(rule.cursor.rejection.clone(), place).blaming(&rule.cursor.parameter);
            let (list, standing) = (op.clone(), refusal.standing());
            Case::new(law, op, async move |cx: &mut CaseContext| {
                let request = page_call(cx.api(), cx.request_for(&list)?, None, Some("not-an-instant"));
                let exchange = cx.send(request).await?;
                cx.refused(&exchange, &refusal, "a list from a bad cursor");
                Ok(())
            })
            .standing(standing)
            .place(place)
            .needs(api.needs_rows(op))
        })
        .collect()
}

fn empty(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    paged(api)
        .into_iter()
        .filter(|(op, _, _)| op.has_slot(PathSlot::Parent))
        .filter_map(|(op, _, rule)| {
            let owner = api.parent_of(op)?.clone();
            let list = op.clone();
            let standing = rule.standing;
            let needs = api.needs_rows(op);
            let case = Case::new(law, op, async move |cx: &mut CaseContext| {
                let row = cx.create_row(&owner).await?;
                let exchange = cx.send(Request::of(&list).parent(&row.id)).await?;
                if !cx.accepted(
                    &exchange,
                    &Acceptance::of(&list),
                    "the list of an owner that owns nothing",
                ) {
                    return Ok(());
                }
                let at = |pointer: &str| exchange.at(pointer).cloned();
                let envelope = &rule.envelope;
                let place = "/x-contract/pagination/envelope";
                let wanted = [
                    (&envelope.rows, Value::Array(Vec::new())),
                    (&envelope.has_more, Value::Bool(false)),
                    (&envelope.next_cursor, Value::Null),
                ];
                for (pointer, value) in wanted {
                    if at(pointer).is_some_and(|shown| shown != value) {
                        let message = format!(
                            "in the empty list of {}, {} is not {value}",
                            list.id,
                            pointer.trim_start_matches('/')
                        );
                        cx.broke(
                            exchange.step,
                            pointer,
                            standing,
                            place,
                            message,
                            Expected::words(format!("{} {value}", pointer.trim_start_matches('/'))),
                        );
                        break;
                    }
                }
                Ok(())
            });
            Some(
                case.standing(standing)
                    .place("/x-contract/pagination/envelope")
                    .cost(3)
                    .needs(needs)
                    .needs([op.id.clone()]),
            )
        })
        .collect()
}

fn default_limit(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    paged(api)
        .into_iter()
        .filter(|(op, _, _)| !op.has_slot(PathSlot::Parent))
        .map(|(op, _, rule)| {
            let list = op.clone();
            let standing = rule.standing;
            Case::new(law, op, async move |cx: &mut CaseContext| {
                let exchange = cx.send(Request::of(&list)).await?;
                cx.require_success(&exchange)?;
                let Some(page) = page(cx.api(), &exchange) else { return Ok(()) };
                let count = page.rows.len() as u64;
                let mut stated = vec![rule.limit.default];
                stated.extend(&rule.limit.also_defaults);
                let expect = Expected::words(format!(
                    "{} rows",
                    stated.iter().map(u64::to_string).collect::<Vec<_>>().join(" or ")
                ));
                let most = stated.iter().copied().max().unwrap_or(rule.limit.default);
                if !page.has_more && count <= most {
                    return Err(CaseError::NotJudged(format!("the target has only {count} rows to list")));
                }
                if !stated.contains(&count) {
                    let message = format!("a full page of {} holds {count} rows", list.id);
                    cx.broke(
                        exchange.step,
                        "default",
                        standing,
                        "/x-contract/pagination/limit/default",
                        message,
                        expect,
                    );
                }
                Ok(())
            })
            .standing(standing)
            .place("/x-contract/pagination/limit/default")
            .needs([op.id.clone()])
        })
        .collect()
}

fn out_of_range(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for (op, _, rule) in paged(api) {
        let standing = rule.limit.out_of_range;
        for (variant, text) in [
            ("under", (rule.limit.minimum.saturating_sub(1)).to_string()),
            ("over", (rule.limit.maximum + 1).to_string()),
            ("no-number", "many".to_owned()),
        ] {
            let list = op.clone();
            let (parameter, most) = (rule.limit.parameter.clone(), rule.limit.maximum);
            let refusal = api.refusal(
                op,
                if variant == "no-number" {
                    "value-type"
                } else if variant == "under" {
                    "value-too-small"
                } else {
                    "value-too-big"
                },
            );
            let refusal = refusal.at_most(standing).blaming(&parameter);
            let case = Case::new(law, op, async move |cx: &mut CaseContext| {
                let request = cx.request_for(&list)?.query(&parameter, text.clone());
                let exchange = cx.send(request).await?;
                let clamped = exchange.is_success()
                    && page(cx.api(), &exchange).is_some_and(|page| page.rows.len() as u64 <= most);
                let expect = Expected::words("a refusal, or the limit clamped");
                cx.expecting(exchange.step, expect);
                if !clamped {
                    cx.refused(&exchange, &refusal, &format!("a list with {parameter}={text}"));
                }
                Ok(())
            });
            cases.push(
                case.variant(variant)
                    .standing(standing.weakest(Standing::Assumed))
                    .place("/x-contract/pagination/limit/out_of_range")
                    .needs(api.needs_rows(op)),
            );
        }
    }
    cases
}
