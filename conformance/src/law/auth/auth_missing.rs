//! A request without a key is refused.

use super::everywhere::refused_everywhere;
use super::rejections::refusal;
use crate::contract::{Api, Operation};
use crate::http::Credential;
use crate::law::{Case, Explains, Family, Law, Precedence};

pub(crate) static LAW: Law = Law {
    id: "auth-missing",
    family: Family::Auth,
    says: "a call without a key is refused",
    why: "One forgotten check on one route opens it to everybody, so every operation is tried.",
    precedence: Precedence::Foundation,
    explains: &[
        Explains::on_resource("auth-query-key"),
        Explains::on_resource("auth-decided-first"),
        Explains::on_resource("auth-unknown-key"),
        Explains::on_resource("auth-revoked-key"),
        Explains::on_resource("auth-malformed"),
        Explains::on_resource("auth-other-scheme"),
    ],
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    let refusal = |op: &Operation| refusal(api, op, "missing", |all| Some(&all.missing));
    refused_everywhere(&LAW, api, Credential::None, refusal, "a call without a key")
}
