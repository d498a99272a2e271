//! Who calls is decided before what is asked for.

use schemas::Action;
use serde_json::json;

use super::rejections::refusal;
use crate::contract::Api;
use crate::http::Credential;
use crate::law::support::unknown_id_in_path;
use crate::law::{Case, Family, Law};
use crate::scenario::CaseContext;

pub(crate) static LAW: Law = Law {
    id: "auth-decided-first",
    family: Family::Auth,
    says: "the caller is authenticated before the request is looked at",
    why: "Without a key nothing is learnt: not whether a row is there, nor what a body should hold.",
    ..Law::by_cases(cases)
};

const PLACE: &str = "/x-contract/authentication/decided_first";

/// What else is wrong with a request without a key.
#[derive(Clone, Copy, PartialEq)]
enum Wrong {
    UnknownRow,
    Body,
    /// A body that does not parse: it may be read before anything of the API's own is asked.
    Unparsable,
}

impl Wrong {
    fn variant(self) -> &'static str {
        match self {
            Self::UnknownRow => "unknown-row",
            Self::Body => "wrong-body",
            Self::Unparsable => "unparsable-body",
        }
    }

    fn describe(self) -> &'static str {
        match self {
            Self::UnknownRow => "a call without a key for an unknown row",
            Self::Body => "a call without a key and with a wrong body",
            Self::Unparsable => "a call without a key and with a body that does not parse",
        }
    }
}

fn cases(api: &Api) -> Vec<Case> {
    let rules = api.rules().authentication.as_ref();
    let Some(standing) = rules.and_then(|rules| rules.decided_first) else { return Vec::new() };
    let mut cases = Vec::new();
    for op in api.closed().filter(|op| api.reachable(op)) {
        let Some(refusal) = refusal(api, op, "missing", |all| Some(&all.missing)) else { continue };
        let mut wrongs = Vec::new();
        if op.slots().next().is_some() {
            wrongs.push(Wrong::UnknownRow);
        }
        if op.body.as_ref().is_some_and(|body| !body.schema.is_valid(&json!([]))) {
            wrongs.push(Wrong::Body);
            if op.action() == Action::Create {
                wrongs.push(Wrong::Unparsable);
            }
        }
        for wrong in wrongs {
            let target = op.clone();
            let mut refusal = refusal.clone().at_most(standing);
            PLACE.clone_into(&mut refusal.place);
            let case = Case::new(&LAW, op, async move |cx: &mut CaseContext| {
                let request = cx.request_for(&target)?.by(Credential::None);
                let request = match wrong {
                    Wrong::UnknownRow => {
                        let id = unknown_id_in_path(cx, &target)?;
                        request.own(&id).parent(&id)
                    }
                    Wrong::Body => request.json(json!([])),
                    Wrong::Unparsable => request.raw("{\"a\": "),
                };
                let exchange = cx.send(request).await?;
                cx.refused(&exchange, &refusal, wrong.describe());
                Ok(())
            });
            let case = case.variant(wrong.variant()).standing(standing).place(PLACE);
            cases.push(case.needs(api.needs_rows(op)));
        }
    }
    cases
}
