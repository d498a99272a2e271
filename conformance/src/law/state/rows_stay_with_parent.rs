//! One owner's rows never show under another.

use super::stranger::Stranger;
use crate::contract::{Api, Aspect, Expected, Operation, Resource};
use crate::law::support::{OwnerWithRows, creatable};
use crate::law::{Case, Explains, Family, Law, Precedence};
use crate::scenario::{CaseContext, CaseError, CaseResult, Page, Setup as _, page_request};

pub(crate) static LAW: Law = Law {
    id: "rows-stay-with-parent",
    family: Family::State,
    says: "one owner's rows never show under another",
    why: "Two owners with a row each.",
    precedence: Precedence::Foundation,
    explains: &[
        Explains::on_resource("list-empty"),
        Explains::on_resource("created-is-listed"),
        Explains::on_resource("limit-honoured"),
        Explains::on_resource("walk-meets-each-row-once"),
        Explains::on_resource("concurrent-creates-walked"),
        Explains::on_resource("cursor-is-strict"),
        Explains::on_resource("children-unlisted"),
        Explains::on_resource("parent-must-exist"),
    ],
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    let mut cases = Vec::new();
    for (resource, _) in creatable(api) {
        let owner = resource.parent.as_ref().and_then(|parent| api.resource(&parent.resource));
        let Some(owner) = owner else { continue };
        for list in resource.lists_by_parent(true) {
            let (rows, owners, target) = (resource.clone(), owner.clone(), list.clone());
            let setups = (OwnerWithRows::of(api, resource), Stranger::of(api, resource));
            let run = async move |cx: &mut CaseContext, setups: &(OwnerWithRows, Stranger)| {
                shows_its_own(cx, setups, &rows, &owners, &target).await
            };
            cases.push(Case::given(&LAW, list, setups, run).needs([list.id.clone()]));
        }
    }
    cases
}

async fn shows_its_own(
    cx: &mut CaseContext,
    (family, stranger): &(OwnerWithRows, Stranger),
    rows: &Resource,
    owners: &Resource,
    list: &Operation,
) -> CaseResult {
    let (Some(owner), own) = family.get(cx).await? else {
        return Err(CaseError::NotJudged(format!("nothing makes {}", owners.one())));
    };
    let theirs = stranger.get(cx).await?;
    let most = list.biggest_page();
    let request = page_request(owner.request_under(list), most, None);
    let exchange = cx.send(request).await?;
    cx.require_success(&exchange)?;
    let Some(page) = Page::of(cx.api(), &exchange.request, exchange.json.as_ref()) else { return Ok(()) };
    let ids: Vec<String> = page.rows.iter().filter_map(|row| rows.id_of(row)).collect();
    if ids.contains(&theirs.id) {
        let message = format!("{} shows {} of another {}", list.id, rows.one(), owners.name);
        let expected = Expected::words("only its own rows");
        cx.breach(exchange.step, Aspect::Other("foreign"), message, expected);
    } else if own.iter().any(|mine| !ids.contains(&mine.id)) {
        let message = format!("{} does not show its own {}", list.id, rows.name);
        cx.breach(exchange.step, Aspect::Absent, message, Expected::words("its own row"));
    }
    Ok(())
}
