//! A body that is not JSON is refused.

use super::wrong_document::wrong_documents;
use crate::contract::Api;
use crate::law::{Case, Family, Law, Role};

pub(crate) static LAW: Law = Law {
    id: "refuses-unparsable",
    family: Family::Input,
    says: "a body that is not JSON is refused",
    why: "Cut short, or a form.",
    role: Role::Refusal,
    ..Law::by_cases(cases)
};

const TEXTS: &[(&str, &str)] = &[("cut-short", "{\"a\": "), ("no-json", "name=a")];

fn cases(api: &Api) -> Vec<Case> {
    wrong_documents(&LAW, api, "body-unparsable", TEXTS, "a body that is not JSON")
}
