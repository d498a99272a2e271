//! A key under another scheme is refused.

use super::everywhere::refused_everywhere;
use super::rejections::refusal;
use crate::contract::{Api, Operation};
use crate::http::Credential;
use crate::law::{Case, Family, Law};

pub(crate) static LAW: Law = Law {
    id: "auth-other-scheme",
    family: Family::Auth,
    says: "a key under another scheme is refused",
    why: "The key stands after `Basic`.",
    alike: true,
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    let refusal = |op: &Operation| refusal(api, op, "malformed", |all| Some(&all.malformed));
    refused_everywhere(
        &LAW,
        api,
        Credential::OtherScheme,
        refusal,
        "a call with the key under another scheme",
    )
}
