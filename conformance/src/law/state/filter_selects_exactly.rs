//! A filter selects exactly the rows that match.

use serde_json::{Map, Value};

use super::filter::{Filter, Values, filters, text_of};
use super::filter_rows::{Chosen, FilterRows};
use crate::contract::{Acceptance, Api, Aspect, Expected, PathSlot};
use crate::judge::same_value;
use crate::law::support::unknown_id_of;
use crate::law::{Case, Explains, Family, Law, Precedence, When};
use crate::scenario::{CaseContext, CaseError, CaseResult, Exchange, Page, ReadonlyRow, Row, Setup as _};

pub(crate) static LAW: Law = Law {
    id: "filter-selects-exactly",
    family: Family::State,
    says: "a filter selects exactly the rows that match",
    why: "A row that matches and one that does not; every row shown is looked at.",
    precedence: Precedence::Rule,
    explains: &[
        Explains::on_resource("filter-before-page"),
        Explains::on_resource("filters-combine"),
        // A filter that selects nothing takes any value.
        Explains { law: "refuses-query", when: When::AcceptedFor(Aspect::Stray) },
    ],
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    let mut cases = Vec::new();
    for filter in filters(api) {
        cases.push(case(api, &filter, false).variant(filter.parameter.clone()).about(&filter.parameter));
        if matches!(&filter.values, Values::Owners(owner) if owner.identity.display.is_some()) {
            cases.push(case(api, &filter, true).variant(format!("{}-by-number", filter.parameter)));
        }
        cases.extend(by_derived(api, &filter));
    }
    cases
}

fn case(api: &Api, filter: &Filter, by_number: bool) -> Case {
    let used = filter.clone();
    let run = async move |cx: &mut CaseContext, sources: &FilterRows| {
        selects_exactly(cx, &used, sources, by_number).await
    };
    let case = Case::given(&LAW, &filter.list, FilterRows::of(api, filter), run).standing(filter.standing);
    case.place(filter.place.clone()).needs([filter.list.id.clone()])
}

async fn selects_exactly(
    cx: &mut CaseContext,
    filter: &Filter,
    sources: &FilterRows,
    by_number: bool,
) -> CaseResult {
    let chosen = sources.choose(cx, filter, by_number).await?;
    let most = filter.list.biggest_page();
    let exchange = filter.select(cx, &chosen.text, most).await?;
    let what = format!("{} with {}", filter.list.id, filter.parameter);
    let acceptance = Acceptance::of(&filter.list).at_most(filter.standing);
    if !cx.accepted(&exchange, &acceptance, &what)
        || !shows_exactly(cx, filter, &chosen, &exchange, &what)?
        || by_number
    {
        return Ok(());
    }
    nearly_the_value(cx, filter, &chosen.wanted, &chosen.text, most).await
}

/// Whether a page shows the rows that match and no other.
fn shows_exactly(
    cx: &mut CaseContext,
    filter: &Filter,
    Chosen { wanted, other, .. }: &Chosen,
    exchange: &Exchange,
    what: &str,
) -> Result<bool, CaseError> {
    let Some(page) = Page::of(cx.api(), &exchange.request, exchange.json.as_ref()) else { return Ok(false) };
    let value = wanted.get(&filter.field).cloned().unwrap_or_default();
    let ids: Vec<String> = page.rows.iter().filter_map(|row| filter.rows.id_of(row)).collect();
    let differs = |row: &Value| row.get(&filter.field).is_some_and(|shown| !same_value(shown, &value));
    let stray = page.rows.iter().any(differs) || ids.contains(&other.id);
    let expected = Expected::words(format!("exactly the rows with {} {value}", filter.field));
    cx.expecting(exchange.step, expected.clone());
    let (aspect, message) = if stray {
        (Aspect::Stray, format!("{what} shows a row that does not match"))
    } else if ids.contains(&wanted.id) {
        return Ok(true);
    } else if page.has_more {
        return Err(CaseError::NotJudged("more rows match than a page holds".to_owned()));
    } else {
        (Aspect::Absent, format!("{what} leaves out a row that matches"))
    };
    cx.breach(exchange.step, aspect, message, expected).standing(filter.standing).subject(&filter.parameter);
    Ok(false)
}

/// Nearly the value is another value: a part of a text, the same in capitals, an owner that is not there.
async fn nearly_the_value(
    cx: &mut CaseContext,
    filter: &Filter,
    wanted: &Row,
    text: &str,
    most: Option<u64>,
) -> CaseResult {
    let texts = match &filter.values {
        Values::Members(..) => return Ok(()),
        Values::Fresh => {
            let mut part = text.to_owned();
            part.pop();
            vec![part, text.to_uppercase()]
        }
        Values::Owners(owner) => vec![unknown_id_of(cx, owner)?],
    };
    for other in texts.into_iter().filter(|other| other != text && !other.is_empty()) {
        let exchange = filter.select(cx, &other, most).await?;
        let expected = Expected::words(format!("no row with {} {text}", filter.field));
        cx.expecting(exchange.step, expected.clone());
        let page =
            Page::of(cx.api(), &exchange.request, exchange.json.as_ref()).filter(|_| exchange.is_success());
        let Some(page) = page else { continue };
        if page.rows.iter().any(|row| filter.rows.id_of(row).as_ref() == Some(&wanted.id)) {
            let message =
                format!("{} with {}={other} shows a row with {text}", filter.list.id, filter.parameter);
            cx.breach(exchange.step, Aspect::Stray, message, expected)
                .standing(filter.standing)
                .subject(&filter.parameter);
            break;
        }
    }
    Ok(())
}

/// Filtering by the value of a derived property finds the rows whose deciding property says so.
fn by_derived(api: &Api, filter: &Filter) -> Option<Case> {
    let field = filter.rows.fields.get(&filter.field)?;
    let rule = field.rules.derived.clone()?;
    filter.create.body.as_ref()?.schema.property(&rule.from)?;
    if filter.list.has_slot(PathSlot::Parent) {
        return None;
    }
    let standing = rule.standing.weakest(filter.standing);
    let derived = DerivedFilter { filter: filter.clone(), rule };
    let run = async move |cx: &mut CaseContext, row: &ReadonlyRow| derived.run(cx, row).await;
    let case = Case::given(&LAW, &filter.list, ReadonlyRow::of(api, &filter.rows), run).alone();
    let case = case.variant(format!("{}-derived", filter.field)).about(&filter.field).standing(standing);
    // A row and two lists.
    let case = case.sends(2).creates(1, &filter.rows);
    Some(case.place(field.pointer.clone()).needs([filter.list.id.clone()]))
}

struct DerivedFilter {
    filter: Filter,
    rule: schemas::Derived,
}

impl DerivedFilter {
    async fn run(&self, cx: &mut CaseContext, row: &ReadonlyRow) -> CaseResult {
        let Self { filter, rule } = self;
        let fields = Map::from_iter([(rule.from.clone(), rule.equals.clone())]);
        let wanted = cx.create_row_with(&filter.rows, None, fields).await?;
        let other = row.get(cx).await?;
        if wanted.get(&rule.from) != Some(&rule.equals) {
            return Err(CaseError::NotJudged(format!("the create does not keep {}", rule.from)));
        }
        let text = text_of(&rule.value);
        let request = cx.request_for(&filter.list)?.query(&filter.parameter, text.clone());
        let found = cx.find(request, &[&wanted, &other]).await?;
        let expected = Expected::words(format!("exactly the rows whose {} is {}", rule.from, rule.equals));
        cx.expecting(found.step, expected.clone());
        let what = format!("{} with {}={text}", filter.list.id, filter.parameter);
        let standing = rule.standing.weakest(filter.standing);
        if found.ids.contains(&other.id) {
            let message = format!("{what} shows a row whose {} is not {}", rule.from, rule.equals);
            cx.breach(found.step, Aspect::Stray, message, expected).standing(standing);
        } else if !found.ids.contains(&wanted.id) {
            let message = format!("{what} leaves out a row whose {} is {}", rule.from, rule.equals);
            cx.breach(found.step, Aspect::Absent, message, expected).standing(standing);
        } else if let Some(plain) = other.get(&filter.field).filter(|plain| **plain != rule.value) {
            self.no_longer_plain(cx, &wanted, plain).await?;
        }
        Ok(())
    }

    /// What reads otherwise now is no longer found by what it would read without.
    async fn no_longer_plain(&self, cx: &mut CaseContext, wanted: &Row, plain: &Value) -> CaseResult {
        let Self { filter, rule } = self;
        let text = text_of(plain);
        let request = cx.request_for(&filter.list)?.query(&filter.parameter, text.clone());
        let found = cx.find(request, &[wanted]).await?;
        let expected = Expected::words(format!("no row whose {} is {}", rule.from, rule.equals));
        cx.expecting(found.step, expected.clone());
        if !found.ids.is_empty() {
            let what = format!("{} with {}={text}", filter.list.id, filter.parameter);
            let message = format!("{what} shows a row whose {} is {}", rule.from, rule.equals);
            let shown = rule.standing.weakest(filter.standing).weakest(rule.shown.unwrap_or(rule.standing));
            cx.breach(found.step, Aspect::Other("stored"), message, expected).standing(shown);
        }
        Ok(())
    }
}
