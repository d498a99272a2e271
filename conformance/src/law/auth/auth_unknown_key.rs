//! A request with a key nobody knows is refused.

use schemas::Action;

use super::everywhere::refused_everywhere;
use super::rejections::refusal;
use crate::contract::{Api, Expected, Operation, PathSlot, Refusal};
use crate::http::Credential;
use crate::law::{Case, Family, Law};
use crate::scenario::CaseContext;

pub(crate) static LAW: Law = Law {
    id: "auth-unknown-key",
    family: Family::Auth,
    says: "a call with an unknown key is refused",
    why: "One of the right form, one that begins as a known one, and a known one in other case.",
    alike: true,
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    let refusal = |op: &Operation| refusal(api, op, "unknown", |all| Some(&all.unknown));
    let what = "a call with an unknown key";
    let mut cases = refused_everywhere(&LAW, api, Credential::Unknown, refusal, what);
    // A key that begins as a known one: once will do, for it is one comparison.
    let longer = "a call with a known key and letters after it";
    let near = refused_everywhere(&LAW, api, Credential::Longer, refusal, longer);
    cases.extend(near.into_iter().take(1).map(|case| case.variant("longer")));
    cases.extend(in_other_case(api, refusal));
    cases
}

/// Keys are compared letter by letter. A row is read, for the key in other case may by chance be one of another workspace,
/// where there is no such row.
fn in_other_case(api: &Api, refusal: impl Fn(&Operation) -> Option<Refusal>) -> Option<Case> {
    let reads =
        |op: &&Operation| api.reachable(op) && op.action() == Action::Read && op.has_slot(PathSlot::Own);
    let op = api.closed().find(reads)?;
    let (refusal, resource) = (refusal(op)?, api.resource_of(op)?);
    let gone = resource.unknown_row().status();
    let (standing, place, target) = (refusal.standing(), refusal.place.clone(), op.clone());
    let case = Case::new(&LAW, op, async move |cx: &mut CaseContext| {
        let request = cx.request_for(&target)?.by(Credential::OtherCase);
        let exchange = cx.send(request).await?;
        if exchange.status == gone {
            cx.expecting(exchange.step, Expected::words("a refusal, or no such row"));
            return Ok(());
        }
        cx.refused(&exchange, &refusal, "a call with a known key in other case");
        Ok(())
    });
    let case = case.variant("other-case").standing(standing).place(place);
    Some(case.needs(api.needs_rows(op)).needs([op.id.clone()]))
}
