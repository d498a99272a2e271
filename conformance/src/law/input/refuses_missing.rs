//! A request without a required property is refused, and the answer names it.

use schemas::FaultKind;

use super::wrong_property::wrong_properties;
use crate::contract::Api;
use crate::law::{Case, Family, Law, Precedence, Role};

pub(crate) static LAW: Law = Law {
    id: "refuses-missing",
    family: Family::Input,
    says: "a request without a required property is refused, and the answer names it",
    why: "One property is left out of an otherwise valid body.",
    role: Role::Refusal,
    // What is not even missed is not looked at.
    precedence: Precedence::Rule,
    ..Law::by_seeded_cases(cases)
};

fn cases(api: &Api, seed: u64) -> Vec<Case> {
    wrong_properties(&LAW, api, seed, FaultKind::Missing)
}
