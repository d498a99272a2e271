//! A value just under its bound is refused, and the answer names the field.

use schemas::FaultKind;

use super::wrong_property::wrong_properties;
use crate::contract::Api;
use crate::law::{Case, Family, Law, Role};

pub(crate) static LAW: Law = Law {
    id: "refuses-too-small",
    family: Family::Input,
    says: "a value just under its bound is refused, and the answer names the field",
    why: "One less than the least, one character less than the shortest.",
    role: Role::Refusal,
    ..Law::by_seeded_cases(cases)
};

fn cases(api: &Api, seed: u64) -> Vec<Case> {
    wrong_properties(&LAW, api, seed, FaultKind::TooSmall)
}
