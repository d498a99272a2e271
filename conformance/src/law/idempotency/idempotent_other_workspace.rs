//! A key counts for one workspace only.

use super::keyed::{KeyUsed, PLACE, keyed_creates};
use crate::contract::{Acceptance, Api, Aspect, Expected};
use crate::http::Credential;
use crate::law::{Case, ExtraKey, Family, Law};
use crate::scenario::{CaseContext, Setup as _};

pub(crate) static LAW: Law = Law {
    id: "idempotent-other-workspace",
    family: Family::Idempotency,
    says: "a key counts for one workspace only",
    why: "Wants --other-key.",
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    let mut cases = Vec::new();
    for create in keyed_creates(api) {
        // Another workspace has no owner to create a row under.
        if create.resource.parent.is_some() || create.op.slots().next().is_some() {
            continue;
        }
        let (keyed, standing) = (create.clone(), create.rule.standing);
        let run = async move |cx: &mut CaseContext, used: &KeyUsed| {
            let first = used.get(cx).await?;
            let second = cx.send(first.request.by(Credential::Other)).await?;
            let acceptance = Acceptance::of(&keyed.op).at_most(standing).at(PLACE);
            if cx.accepted(&second, &acceptance, "a key that another workspace has used")
                && keyed.id_in(&first.response) == keyed.id_in(&second)
            {
                let message = "a key answers another workspace's row";
                let expected = Expected::words("a row of its own");
                let breach = cx.breach(second.step, Aspect::Other("foreign"), message, expected);
                breach.standing(standing).place(PLACE);
            }
            Ok(())
        };
        let case = Case::given(&LAW, &create.op, create.done(api), run).creates(1, &create.resource);
        cases.push(case.standing(standing).place(PLACE).extra_key(ExtraKey::OtherKey));
    }
    cases
}
