//! What is sent is what is answered.

use schemas::Standing;

use super::writes::{standings, write_case, writes};
use crate::contract::{Acceptance, Api, Operation, Resource};
use crate::generate::Extent;
use crate::law::support::{creatable, kept};
use crate::law::{Case, Family, Law, Precedence};
use crate::scenario::{CaseContext, ExclusiveRow, Setup as _};

pub(crate) static LAW: Law = Law {
    id: "stored-as-sent",
    family: Family::State,
    says: "what is sent is what is answered",
    why: "Every property at once, as far as the contract says that it may be sent.",
    precedence: Precedence::Rule,
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    let mut cases = Vec::new();
    for (resource, create) in creatable(api) {
        for op in writes(resource, create) {
            cases.extend(standings(op).into_iter().map(|standing| case(api, resource, op, standing)));
        }
    }
    cases
}

fn case(api: &Api, resource: &Resource, op: &Operation, standing: Standing) -> Case {
    let target = op.clone();
    let run = async move |cx: &mut CaseContext, row: Option<&ExclusiveRow>| {
        let (sent, sure) = cx.body(&target, Extent::Full(standing))?;
        let request = match row {
            None => cx.request_to(&target)?,
            Some(row) => row.get(cx).await?.request(&target),
        };
        let exchange = cx.send(request.json(sent.clone())).await?;
        let acceptance = Acceptance::of(&target).at_most(sure);
        let what = format!("a request of {} with every property", target.id);
        if cx.accepted_under("valid-request-accepted", &exchange, &acceptance, &what) {
            for field in sent.keys() {
                kept(cx, &target, &exchange, field, &sent, Standing::Documented);
            }
        }
        Ok(())
    };
    let case = write_case(&LAW, api, resource, op, run).variant(standing.as_str());
    case.standing(standing).needs([op.id.clone()])
}
