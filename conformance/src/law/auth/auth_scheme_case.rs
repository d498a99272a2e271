//! The scheme word may be written in any case.

use schemas::Action;

use crate::contract::{Acceptance, Api, Operation};
use crate::http::Credential;
use crate::law::{Case, Family, Law};
use crate::scenario::CaseContext;

pub(crate) static LAW: Law = Law {
    id: "auth-scheme-case",
    family: Family::Auth,
    says: "the scheme word may be written in any case",
    why: "HTTP says so, and clients do.",
    alike: true,
    ..Law::by_cases(cases)
};

const PLACE: &str = "/x-contract/authentication/case_insensitive_scheme";

fn cases(api: &Api) -> Vec<Case> {
    let rules = api.rules().authentication.as_ref();
    let Some(standing) = rules.and_then(|rules| rules.case_insensitive_scheme) else { return Vec::new() };
    let cheap = |op: &&Operation| {
        api.reachable(op)
            && op.body.is_none()
            && matches!(op.action(), Action::Identity | Action::List | Action::Read)
    };
    let spellings = [(Credential::LowerScheme, "lower"), (Credential::UpperScheme, "upper")];
    let mut cases = Vec::new();
    for op in api.closed().filter(cheap) {
        for (credential, variant) in spellings {
            let target = op.clone();
            let case = Case::new(&LAW, op, async move |cx: &mut CaseContext| {
                let request = cx.request_for(&target)?.by(credential);
                let exchange = cx.send(request).await?;
                let acceptance = Acceptance::of(&target).at_most(standing).at(PLACE);
                let what = format!("a call with the scheme word in {variant} case");
                cx.accepted(&exchange, &acceptance, &what);
                Ok(())
            });
            let case = case.variant(variant).standing(standing).place(PLACE);
            cases.push(case.needs(api.needs_rows(op)).needs([op.id.clone()]));
        }
    }
    cases
}
