//! One refused request on every operation that wants a key.

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
        .filter(|op| api.reachable(op))
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
