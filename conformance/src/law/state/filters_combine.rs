//! Of two filters both count.

use schemas::Standing;
use serde_json::Map;

use super::filter::{Filter, filters, text_of};
use crate::contract::{Api, Aspect, Expected, Operation};
use crate::law::{Case, Family, Law};
use crate::scenario::{CaseContext, CaseError, CaseResult, Page, Row, Setup, SetupUse, page_request};

pub(crate) static LAW: Law = Law {
    id: "filters-combine",
    family: Family::State,
    says: "two filters apply together",
    why: "A row that matches both is shown; one that matches only one is not.",
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    let all = filters(api);
    let mut cases = Vec::new();
    for (index, one) in all.iter().enumerate() {
        let others = all[index + 1..].iter();
        for other in others.filter(|other| other.list == one.list && other.field != one.field) {
            cases.push(case(api, one, other));
        }
    }
    cases
}

fn case(api: &Api, one: &Filter, other: &Filter) -> Case {
    let run = async move |cx: &mut CaseContext, both: &MatchesBoth| select(cx, both).await;
    let case = Case::given(&LAW, &one.list, MatchesBoth::of(api, one, other), run).sends(3);
    let case = case.variant(format!("{}+{}", one.parameter, other.parameter));
    let case = case.standing(one.standing.weakest(other.standing)).place(one.place.clone());
    case.needs([one.list.id.clone()])
}

/// A row that matches two filters.
struct MatchesBoth {
    one: Filter,
    other: Filter,
    setup: SetupUse,
}

impl MatchesBoth {
    fn of(api: &Api, one: &Filter, other: &Filter) -> Self {
        let name = format!("both/{}/{}+{}", one.rows.name, one.field, other.field);
        let setup = SetupUse::of_rows(api, name, 1, &one.rows);
        Self { one: one.clone(), other: other.clone(), setup }
    }

    fn standing(&self) -> Standing {
        self.one.standing.weakest(self.other.standing)
    }
}

impl Setup for MatchesBoth {
    type Output = Row;

    fn describe(&self) -> SetupUse {
        self.setup.clone()
    }

    async fn get(&self, cx: &mut CaseContext) -> Result<Row, CaseError> {
        let create = async |cx: &mut CaseContext| {
            let mut fields = Map::new();
            for filter in [&self.one, &self.other] {
                let body = filter.create.body.as_ref();
                if body.is_some_and(|body| body.schema.property(&filter.field).is_some()) {
                    fields.insert(filter.field.clone(), filter.two_values(cx)?.0);
                }
            }
            cx.create_row_with(&self.one.rows, None, fields).await
        };
        cx.once_row(&self.setup, create).await
    }
}

/// What is asked for, and whether the row must be there.
struct Asked {
    first: String,
    second: String,
    shown: bool,
}

async fn select(cx: &mut CaseContext, both: &MatchesBoth) -> CaseResult {
    let row = both.get(cx).await?;
    let (one, other) = (&both.one, &both.other);
    let of = |filter: &Filter| row.get(&filter.field).map(text_of).unwrap_or_default();
    let not = |cx: &CaseContext, filter: &Filter| {
        let (matching, another) = filter.two_values(cx)?;
        let texts = [text_of(&another), text_of(&matching)];
        Ok::<String, CaseError>(texts.into_iter().find(|text| *text != of(filter)).unwrap_or_default())
    };
    let all = [
        Asked { first: of(one), second: of(other), shown: true },
        Asked { first: of(one), second: not(cx, other)?, shown: false },
        Asked { first: not(cx, one)?, second: of(other), shown: false },
    ];
    for asked in &all {
        if !is_as_asked(cx, both, &row, asked).await? {
            break;
        }
    }
    Ok(())
}

async fn is_as_asked(
    cx: &mut CaseContext,
    both: &MatchesBoth,
    row: &Row,
    asked: &Asked,
) -> Result<bool, CaseError> {
    let (one, other, shown) = (&both.one, &both.other, asked.shown);
    let request = cx.request_for(&one.list)?;
    let request = request.query(&one.parameter, &*asked.first).query(&other.parameter, &*asked.second);
    let exchange = {
        let most = request.op.as_ref().and_then(Operation::biggest_page);
        cx.send(page_request(request, most, None)).await?
    };
    cx.require_success(&exchange)?;
    let Some(page) = Page::of(cx.api(), &exchange.request, exchange.json.as_ref()) else { return Ok(false) };
    let there = page.rows.iter().any(|listed| one.rows.id_of(listed).as_ref() == Some(&row.id));
    let cut = shown && page.has_more;
    let expected =
        Expected::words(if shown { "the row, which matches both" } else { "only rows that match both" });
    cx.expecting(exchange.step, expected.clone());
    if there == shown || cut {
        return Ok(true);
    }
    let filters = format!("{} with {} and {}", one.list.id, one.parameter, other.parameter);
    let (aspect, message) = if shown {
        (Aspect::Absent, format!("{filters} leaves out a row that matches both"))
    } else {
        (Aspect::Stray, format!("{filters} shows a row that matches only one of them"))
    };
    cx.breach(exchange.step, aspect, message, expected).standing(both.standing());
    Ok(false)
}
