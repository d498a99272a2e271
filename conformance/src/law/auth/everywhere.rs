//! One refused request on every operation that wants a key.

use schemas::Credential as Place;

use crate::contract::{Api, Operation, Refusal};
use crate::http::Credential;
use crate::law::{Case, Law};
use crate::scenario::CaseContext;

/// One request with a wrong credential on every operation that wants a key and of which a whole request can be built.
pub(super) fn refused_everywhere(
    law: &'static Law,
    api: &Api,
    credential: Credential,
    refusal: impl Fn(&Operation) -> Option<Refusal>,
    what: &'static str,
) -> Vec<Case> {
    api.closed()
        .filter(|op| api.reachable(op) && is_wrong(op, credential))
        .filter_map(|op| {
            let refusal = refusal(op)?;
            let (standing, place, target) = (refusal.standing(), refusal.place.clone(), op.clone());
            let case = Case::new(law, op, async move |cx: &mut CaseContext| {
                let request = cx.request_for(&target)?.by(credential);
                let exchange = cx.send(request).await?;
                cx.refused(&exchange, &refusal, what);
                Ok(())
            });
            Some(case.standing(standing).place(place).needs(api.needs_rows(op)))
        })
        .collect()
}

/// Whether an operation takes no such credential: what is a stated alternative is not refused.
fn is_wrong(op: &Operation, credential: Credential) -> bool {
    let demands = || op.security.alternatives.iter().flatten().map(|demand| &demand.credential);
    let in_header = |place: &Place| matches!(place, Place::Bearer | Place::Word(_) | Place::Basic);
    let is_raw =
        |place: &Place| matches!(place, Place::Header(name) if name.eq_ignore_ascii_case("authorization"));
    match credential {
        Credential::Bare => demands().all(in_header),
        Credential::OtherScheme => {
            let words: Vec<&Place> = demands().collect();
            let has = |word: &Place| words.contains(&word);
            demands().all(in_header)
                && !(has(&Place::Basic) && words.len() > 1)
                && !words.iter().any(|word| is_raw(word))
        }
        Credential::Query => !demands().any(|place| matches!(place, Place::Query(_))),
        _ => demands().any(|place| *place != Place::Unseen),
    }
}
