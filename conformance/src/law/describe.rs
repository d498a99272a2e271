//! A law as it is listed.

use schemas::Standing;
use serde::Serialize;

use super::statement::{Law, Tried};
use crate::atlas::Atlas;

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
    /// The operations it is tried on; every one for a law on all answers.
    pub(crate) operations: Vec<String>,
    /// Cases of it.
    pub(crate) cases: usize,
}

/// Describes a law on a contract.
pub(crate) fn describe(law: &'static Law, atlas: &Atlas) -> LawText {
    let cases = law.cases(atlas, 1);
    let mut operations: Vec<String> = Vec::new();
    for case in &cases {
        if !operations.contains(&case.op.id) {
            operations.push(case.op.id.clone());
        }
    }
    let mut standing = cases.iter().map(|case| case.standing).min();
    let mut place = cases.iter().min_by_key(|case| case.standing).map(|case| case.place.clone());
    if let Tried::Always(stated) = law.tried
        && let Some((sure, at)) = stated(atlas)
    {
        standing = Some(sure);
        place = Some(at);
        operations = atlas.operations.iter().map(|op| op.id.clone()).collect();
    }
    LawText {
        id: law.id,
        family: law.family.to_string(),
        says: law.says,
        standing,
        contract: place.map(|place| atlas.contract.locate(&place).to_string()),
        operations,
        cases: cases.len(),
    }
}
