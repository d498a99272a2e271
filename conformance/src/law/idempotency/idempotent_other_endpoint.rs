//! A key counts for one endpoint only.

use super::keyed::{KeyUsed, PLACE, keyed_creates};
use crate::contract::{Acceptance, Api};
use crate::law::{Case, Family, Law};
use crate::scenario::{CaseContext, Setup as _};

pub(crate) static LAW: Law = Law {
    id: "idempotent-other-endpoint",
    family: Family::Idempotency,
    says: "a key counts for one endpoint only",
    why: "The same key elsewhere is another key.",
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    let creates = keyed_creates(api);
    if creates.len() < 2 {
        return Vec::new();
    }
    let mut cases = Vec::new();
    for (create, other) in creates.iter().zip(creates.iter().cycle().skip(1)) {
        let (keyed, standing) = (create.clone(), create.rule.standing);
        let run = async move |cx: &mut CaseContext, used: &KeyUsed| {
            let first = used.get(cx).await?;
            let second = cx.send(keyed.request(cx, &first.key)?).await?;
            let acceptance = Acceptance::of(&keyed.op).at_most(standing).at(PLACE);
            cx.accepted(&second, &acceptance, "a key that another endpoint has seen");
            Ok(())
        };
        let case = Case::given(&LAW, &create.op, other.done(api), run).creates(1, &create.resource);
        cases.push(case.standing(standing).place(PLACE).needs(api.makers(&create.resource)));
    }
    cases
}
