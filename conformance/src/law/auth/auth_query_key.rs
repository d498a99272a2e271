//! A key in the query string does not count.

use super::everywhere::refused_everywhere;
use super::rejections::refusal;
use crate::contract::{Api, Operation};
use crate::http::Credential;
use crate::law::{Case, Family, Law};

pub(crate) static LAW: Law = Law {
    id: "auth-query-key",
    family: Family::Auth,
    says: "a key in the query string does not count",
    why: "URLs end up in logs.",
    alike: true,
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    let rules = api.rules().authentication.as_ref();
    let Some(standing) = rules.and_then(|rules| rules.query_key_ignored) else { return Vec::new() };
    let refusal = |op: &Operation| {
        refusal(api, op, "missing", |all| Some(&all.missing)).map(|refusal| refusal.at_most(standing))
    };
    let what = "a call with the key in the query string only";
    refused_everywhere(&LAW, api, Credential::Query, refusal, what)
}
