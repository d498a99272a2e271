//! A request with a key nobody knows is refused.

use super::everywhere::refused_everywhere;
use super::rejections::refusal;
use crate::contract::{Api, Operation};
use crate::http::Credential;
use crate::law::{Case, Family, Law};

pub(crate) static LAW: Law = Law {
    id: "auth-unknown-key",
    family: Family::Auth,
    says: "a call with an unknown key is refused",
    why: "One of the right form, and one that begins as a known one.",
    alike: true,
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    let refusal = |op: &Operation| refusal(api, op, "unknown", |all| Some(&all.unknown));
    let what = "a call with an unknown key";
    let mut cases = refused_everywhere(&LAW, api, Credential::Unknown, refusal, what);
    // A key that begins as a known one: once will do, for it is one comparison.
    let longer = "a call with a known key and letters after it";
    let near = refused_everywhere(&LAW, api, Credential::Longer, refusal, longer);
    cases.extend(near.into_iter().take(1).map(|case| case.variant("longer")));
    cases
}
