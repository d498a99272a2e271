//! A key without the scheme word is refused.

use super::everywhere::refused_everywhere;
use super::rejections::refusal;
use crate::contract::{Api, Operation};
use crate::http::Credential;
use crate::law::{Case, Family, Law};

pub(crate) static LAW: Law = Law {
    id: "auth-malformed",
    family: Family::Auth,
    says: "a key without the scheme word is refused",
    why: "The header holds the key alone.",
    alike: true,
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    let refusal = |op: &Operation| refusal(api, op, "malformed", |all| Some(&all.malformed));
    refused_everywhere(&LAW, api, Credential::Bare, refusal, "a call with a key but no scheme word")
}
