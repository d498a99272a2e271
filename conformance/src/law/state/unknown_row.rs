//! A row that is not there is answered so.

use super::number::number_of;
use crate::contract::{Api, Operation, Refusal, Resource};
use crate::law::support::{creatable, unknown_id_of};
use crate::law::{Case, Explains, Family, Law, Precedence};
use crate::scenario::{CaseContext, CaseResult};

pub(crate) static LAW: Law = Law {
    id: "unknown-row",
    family: Family::State,
    says: "a row that does not exist is answered with the stated error",
    why: "By an opaque id and by a number that no row has.",
    precedence: Precedence::Foundation,
    explains: &[
        Explains::on_resource("delete-then-gone"),
        Explains::on_resource("value-is-not-an-id"),
        Explains::on_resource("auth-isolation"),
        Explains::on_resource("parent-must-exist"),
    ],
    ..Law::by_cases(cases)
};

/// What no row is named by.
#[derive(Debug, Clone, Copy)]
enum Unknown {
    /// An opaque id.
    Id,
    /// A number.
    Number,
    /// Digits alone are a number; a parser that stops at the first letter takes this for one.
    NumberAndLetters,
}

impl Unknown {
    fn variant(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Number => "number",
            Self::NumberAndLetters => "number-and-letters",
        }
    }
}

fn cases(api: &Api) -> Vec<Case> {
    let mut cases = Vec::new();
    for (resource, _) in creatable(api) {
        let Some(read) = &resource.read else { continue };
        let numbers = [Unknown::Number, Unknown::NumberAndLetters];
        let numbers = numbers.into_iter().filter(|_| resource.identity.display.is_some());
        for unknown in std::iter::once(Unknown::Id).chain(numbers) {
            cases.push(case(api, resource, read, unknown));
        }
    }
    cases
}

fn case(api: &Api, resource: &Resource, read: &Operation, unknown: Unknown) -> Case {
    let refusal = resource.unknown_row_of(read);
    let (rows, op, told) = (resource.clone(), read.clone(), refusal.clone());
    let run = async move |cx: &mut CaseContext| read_unknown(cx, &rows, &op, &told, unknown).await;
    let case = Case::new(&LAW, read, run).variant(unknown.variant());
    case.standing(refusal.standing()).place(refusal.place).needs(api.makers(resource))
}

async fn read_unknown(
    cx: &mut CaseContext,
    rows: &Resource,
    read: &Operation,
    refusal: &Refusal,
    unknown: Unknown,
) -> CaseResult {
    let id = match unknown {
        Unknown::Id => unknown_id_of(cx, rows)?,
        Unknown::Number => "987654321".to_owned(),
        Unknown::NumberAndLetters => format!("{}x", number_of(cx.base(rows)?.as_ref(), rows)?),
    };
    let exchange = cx.send(cx.request_to(read)?.own(&id)).await?;
    let what = format!("a read of an unknown {} by {}", rows.name, unknown.variant());
    cx.refused(&exchange, refusal, &what);
    Ok(())
}
