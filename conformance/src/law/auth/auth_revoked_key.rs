//! A request with a revoked key is refused.

use super::everywhere::refused_everywhere;
use super::rejections::{refusal, stated};
use crate::contract::{Api, Operation};
use crate::http::Credential;
use crate::law::{Case, ExtraKey, Family, Law};

pub(crate) static LAW: Law = Law {
    id: "auth-revoked-key",
    family: Family::Auth,
    says: "a call with a revoked key is refused",
    why: "Wants --revoked-key.",
    alike: true,
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    let refusal =
        |op: &Operation| stated(api).and_then(|_| refusal(api, op, "revoked", |all| all.revoked.as_ref()));
    let what = "a call with a revoked key";
    let cases = refused_everywhere(&LAW, api, Credential::Revoked, refusal, what);
    cases.into_iter().map(|case| case.extra_key(ExtraKey::RevokedKey)).collect()
}
