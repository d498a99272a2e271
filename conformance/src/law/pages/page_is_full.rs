//! A page that is not the last holds as many rows as were asked for, or as many as are stated.

use schemas::{Action, ParameterLocation, Standing};

use super::paged_list::LIMIT;
use crate::contract::{Api, Aspect, Expected, Paging};
use crate::judge::AnswerCheck;
use crate::law::{AnswerTurn, Family, Law, Statement};
use crate::scenario::Page;

pub(crate) static LAW: Law = Law {
    id: "page-is-full",
    family: Family::Pages,
    says: "a page that is not the last holds as many rows as were asked for, or the stated number where none was",
    why: "Where more are asked for than the target hands out, clients that stop at a short page miss the rest.",
    ..Law::on_every_answer(AnswerTurn::Agreement, stated, check)
};

fn stated(api: &Api) -> Option<Statement> {
    let standing = api.paging.as_ref()?.standing;
    Some(Statement::new(standing.weakest(Standing::Inferred), LIMIT))
}

fn check(answer: &mut AnswerCheck<'_>) {
    let api = answer.api;
    let (Some(op), Some(rule)) = (answer.success(), &api.paging) else { return };
    let limit = &rule.limit;
    let takes_limit = op.parameter(ParameterLocation::Query, &limit.parameter).is_some();
    if op.action() != Action::List || !takes_limit {
        return;
    }
    let asked = answer.request.query.iter().rev().find(|(name, _)| *name == limit.parameter);
    let Some(page) = Page::of(api, answer.request, answer.response.json.as_ref()) else { return };
    let count = page.rows.len() as u64;
    let Some((_, asked)) = asked else { return without_limit(answer, rule, &page) };
    let Ok(asked) = asked.parse::<u64>() else { return };
    if !(limit.minimum..=limit.maximum).contains(&asked) || !(page.has_more || count >= asked) {
        return;
    }
    answer.judging();
    if count < asked {
        let message = format!(
            "a page of {} holds {count} rows where {asked} were asked for, and there are more",
            answer.operation
        );
        let breach = answer.breach(Aspect::Other("short"), message, Expected::words(format!("{asked} rows")));
        breach.standing(rule.standing.weakest(Standing::Inferred)).place(LIMIT);
    }
}

/// Where no number of rows was asked for, a page that is not the last holds one of those that are stated.
fn without_limit(answer: &mut AnswerCheck<'_>, rule: &Paging, page: &Page<'_>) {
    let count = page.rows.len() as u64;
    let stated: Vec<u64> =
        std::iter::once(rule.limit.default).chain(rule.limit.also_defaults.iter().copied()).collect();
    let most = stated.iter().copied().max().unwrap_or(rule.limit.default);
    if !page.has_more && count <= most {
        return;
    }
    answer.judging();
    if !stated.contains(&count) {
        let numbers = stated.iter().map(u64::to_string).collect::<Vec<_>>().join(" or ");
        let message = format!("a page of {} holds {count} rows where no limit was sent", answer.operation);
        let breach =
            answer.breach(Aspect::Other("default"), message, Expected::words(format!("{numbers} rows")));
        breach.standing(rule.standing).place(LIMIT);
    }
}
