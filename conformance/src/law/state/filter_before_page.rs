//! A filter applies before the page is cut.

use schemas::ParameterLocation;
use serde_json::Value;

use super::filter::{Filter, filters};
use super::filter_rows::{Chosen, FilterRows};
use crate::contract::{Api, Aspect, Expected};
use crate::judge::same_value;
use crate::law::{Case, Explains, Family, Law};
use crate::scenario::{CaseContext, CaseResult, Page, page_request};

pub(crate) static LAW: Law = Law {
    id: "filter-before-page",
    family: Family::State,
    says: "a filter applies before the page is cut",
    why: "The newest row does not match; a page of the least size still shows one that does.",
    explains: &[Explains::anywhere("page-is-full")],
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    let Some(rule) = &api.paging else { return Vec::new() };
    let mut cases = Vec::new();
    for mut filter in filters(api) {
        if filter.list.parameter(ParameterLocation::Query, &rule.limit.parameter).is_none() {
            continue;
        }
        filter.standing = filter.standing.weakest(rule.standing);
        cases.push(case(api, filter, rule.limit.minimum));
    }
    cases
}

fn case(api: &Api, filter: Filter, least: u64) -> Case {
    let (list, sources) = (filter.list.clone(), FilterRows::of(api, &filter));
    let (standing, place, variant) = (filter.standing, filter.place.clone(), filter.parameter.clone());
    let run = async move |cx: &mut CaseContext, sources: &FilterRows| {
        cut_after_filter(cx, &filter, sources, least).await
    };
    let case = Case::given(&LAW, &list, sources, run).about(&variant).variant(variant).standing(standing);
    case.place(place).needs([list.id.clone()])
}

async fn cut_after_filter(
    cx: &mut CaseContext,
    filter: &Filter,
    sources: &FilterRows,
    least: u64,
) -> CaseResult {
    let Chosen { wanted, text, .. } = sources.choose(cx, filter, false).await?;
    let exchange = filter.select(cx, &text, Some(least)).await?;
    cx.require_success(&exchange)?;
    let Some(page) = Page::of(cx.api(), &exchange.request, exchange.json.as_ref()) else { return Ok(()) };
    let value = wanted.get(&filter.field).cloned().unwrap_or_default();
    let matches = |row: &Value| row.get(&filter.field).is_none_or(|shown| same_value(shown, &value));
    let mut fine = !page.rows.is_empty() && page.rows.iter().all(matches);
    let mut at = ("page", exchange.step);
    if let (true, true, Some(next)) = (fine, page.has_more, page.next) {
        let request = cx.request_for(&filter.list)?.query(&filter.parameter, &*text);
        let second = cx.send(page_request(request, Some(least), Some(&next))).await?;
        cx.require_success(&second)?;
        let page = Page::of(cx.api(), &second.request, second.json.as_ref());
        fine = page.is_none_or(|page| page.rows.iter().all(matches));
        at = ("next-page", second.step);
    }
    let (aspect, step) = at;
    let expected = Expected::words(format!("a row with {} {value}", filter.field));
    cx.expecting(step, expected.clone());
    if !fine {
        let message = match aspect {
            "page" => format!("{} cuts the page before it applies {}", filter.list.id, filter.parameter),
            _ => format!("the second page of {} forgets {}", filter.list.id, filter.parameter),
        };
        cx.breach(step, Aspect::Other(aspect), message, expected)
            .standing(filter.standing)
            .subject(&filter.parameter);
    }
    Ok(())
}
