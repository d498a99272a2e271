//! A law as `conformance laws` lists it.

use schemas::Standing;
use serde::Serialize;

use super::law::Law;
use crate::contract::Api;

/// A law as it is listed.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct LawText {
    pub(crate) id: &'static str,
    pub(crate) family: String,
    pub(crate) says: &'static str,
    /// The surest of its statements; absent where the contract does not make it.
    pub(crate) standing: Option<Standing>,
    /// Where it is stated: file, line and column.
    pub(crate) contract: Option<String>,
    /// The operations it is judged on; every one for a law on all answers.
    pub(crate) operations: Vec<String>,
    /// The number of its cases.
    pub(crate) cases: usize,
}

/// Describes a law on a contract.
pub(crate) fn describe(law: &'static Law, api: &Api) -> LawText {
    let cases = law.cases(api, 1);
    let mut operations: Vec<String> = Vec::new();
    for case in &cases {
        if !operations.contains(&case.op.id) {
            operations.push(case.op.id.clone());
        }
    }
    let mut standing = cases.iter().map(|case| case.standing).min();
    let mut place = cases.iter().min_by_key(|case| case.standing).map(|case| case.place.clone());
    if let Some(stated) = law.stated(api) {
        standing = Some(stated.standing);
        place = Some(stated.place);
        operations = api.operations.iter().map(|op| op.id.clone()).collect();
    }
    LawText {
        id: law.id,
        family: law.family.to_string(),
        says: law.says,
        standing,
        contract: place.map(|place| api.contract.locate(&place).to_string()),
        operations,
        cases: cases.len(),
    }
}
