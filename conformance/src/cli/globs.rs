//! Patterns that must match something.

use schemas::{Contract, ParameterLocation};

use super::error::UserError;
use crate::contract::{Wishes, matches};
use crate::law;

/// Refuses wishes that stand for nothing: what a misspelt one was to leave out would be called.
pub(super) fn check_wishes(wishes: &Wishes, contract: &Contract) -> Result<(), UserError> {
    let known: Vec<&str> = contract.operations().iter().map(|operation| operation.id.as_str()).collect();
    let list = format!("it has {}", known.join(", "));
    each("--call", "operation of the contract", &wishes.call, &known, &list)?;
    each("--skip", "operation of the contract", &wishes.skip, &known, &list)?;
    let paths = contract.operations().iter().flat_map(|op| op.parameters_in(ParameterLocation::Path));
    let parameters: Vec<&str> = paths.map(|parameter| parameter.name.as_str()).collect();
    let named: Vec<String> = wishes.values.iter().map(|(name, _)| name.clone()).collect();
    let help = "name a parameter as it stands between braces in a path";
    each("--value", "path parameter of the contract", &named, &parameters, help)
}

/// Refuses a pattern of laws or operations that stands for nothing: a misspelt one would judge nothing, and pass.
pub(super) fn check(laws: &[String], operations: &[String], contract: &Contract) -> Result<(), UserError> {
    let known: Vec<&str> = law::catalogue().map(|law| law.id).collect();
    each("--law", "law", laws, &known, "`conformance laws` lists them")?;
    let known: Vec<&str> = contract.operations().iter().map(|operation| operation.id.as_str()).collect();
    each(
        "--operation",
        "operation of the contract",
        operations,
        &known,
        &format!("it has {}", known.join(", ")),
    )
}

fn each(flag: &str, what: &str, patterns: &[String], known: &[&str], list: &str) -> Result<(), UserError> {
    for pattern in patterns {
        if known.iter().any(|name| matches(pattern.trim_start_matches('!'), name)) {
            continue;
        }
        let bare = pattern.replace(['*', '?', '!'], "");
        let help = match schemas::nearest(&bare, known.iter().copied()) {
            Some(near) => format!("did you mean {near}?"),
            None => list.to_owned(),
        };
        return Err(UserError::new(format!("{flag} {pattern} matches no {what}"), help));
    }
    Ok(())
}
