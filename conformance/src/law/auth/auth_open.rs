//! An operation that wants no key answers without one.

use schemas::{Method, Standing};

use crate::contract::{Acceptance, Api};
use crate::http::{Credential, Request};
use crate::law::{Case, Explains, Family, Law};
use crate::scenario::CaseContext;

pub(crate) static LAW: Law = Law {
    id: "auth-open",
    family: Family::Auth,
    says: "an operation that needs no key answers without one",
    why: "Health checks carry none.",
    explains: &[Explains::on_resource("valid-request-accepted")],
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    if api.closed().next().is_none() {
        return Vec::new();
    }
    let mut cases = Vec::new();
    for op in api.operations.iter().filter(|op| op.open && op.method == Method::Get && api.reachable(op)) {
        // That a key nobody knows is not asked for either is implied.
        for (credential, variant, standing, how) in [
            (Credential::None, "", Standing::Documented, "without a key"),
            (Credential::Unknown, "unknown-key", Standing::Inferred, "with an unknown key"),
        ] {
            // A wrong key may be refused where a right one would open more.
            if credential == Credential::Unknown
                && op.security.is_optional()
                && op.security.demands().next().is_some()
            {
                continue;
            }
            let target = op.clone();
            let case = Case::new(&LAW, op, async move |cx: &mut CaseContext| {
                let exchange = cx.send(Request::of(&target).by(credential)).await?;
                let acceptance = Acceptance::of(&target).at_most(standing);
                let what = format!("a call {how} of an operation that wants none");
                cx.accepted(&exchange, &acceptance, &what);
                Ok(())
            });
            let place = schemas::pointer::join(&op.pointer, "security");
            cases.push(case.variant(variant).standing(standing).place(place));
        }
    }
    cases
}
