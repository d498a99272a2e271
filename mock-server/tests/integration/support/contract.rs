//! The built-in contract and world, loaded once, and what every answer owes the contract.

use std::sync::{Arc, LazyLock};

use fixtures::Fixtures;
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use schemas::{Contract, Operation};
use serde_json::Value;

static BUILTIN: LazyLock<Arc<Contract>> =
    LazyLock::new(|| Arc::new(Contract::builtin().expect("the built-in contract")));
static WORLD: LazyLock<Fixtures> =
    LazyLock::new(|| Fixtures::builtin(&BUILTIN).expect("the built-in fixtures"));

/// The built-in contract.
pub(crate) fn builtin() -> Arc<Contract> {
    Arc::clone(&BUILTIN)
}

/// The built-in world.
pub(crate) fn world() -> Fixtures {
    WORLD.clone()
}

/// The operation that a method and a path below the base path name.
pub(crate) fn operation<'c>(contract: &'c Contract, method: &str, path: &str) -> Option<&'c Operation> {
    let wanted = if method == "HEAD" { "GET" } else { method };
    let given: Vec<&str> = path.split('/').collect();
    contract.operations().iter().find(|operation| {
        let template: Vec<&str> = operation.path.as_str().split('/').collect();
        operation.method.as_str() == wanted
            && template.len() == given.len()
            && template
                .iter()
                .zip(&given)
                .all(|(part, given)| if part.starts_with('{') { !given.is_empty() } else { part == given })
    })
}

/// Asserts what holds for every answer: a success fits its schema, anything else comes in the envelope with a type that
/// agrees with the status, and calls that need a key say what is left of its allowance.
#[track_caller]
pub(crate) fn hold(
    contract: &Contract,
    method: &str,
    path: &str,
    status: u16,
    headers: &HeaderMap,
    body: &[u8],
) {
    let what = format!("{method} {path} answered {status} {}", String::from_utf8_lossy(body));
    assert!(status < 500, "{what}");
    let operation = operation(contract, method, path);
    if operation.is_none_or(|operation| !operation.open)
        && let Some(rule) = &contract.rules().rate_limit
    {
        for name in [&rule.headers.limit, &rule.headers.remaining, &rule.headers.reset] {
            let value = headers.get(name.as_str()).unwrap_or_else(|| panic!("{what} without {name}"));
            assert!(value.to_str().is_ok_and(|text| text.parse::<u64>().is_ok()), "{what}, {name} {value:?}");
        }
    }
    if method == "HEAD" || (method == "OPTIONS" && status == 204) {
        assert!(body.is_empty(), "{what}");
        return;
    }
    if let Some(response) = operation.and_then(|operation| operation.response(status)) {
        let Some(schema) = &response.schema else { return };
        assert_eq!(
            headers.get(CONTENT_TYPE).map(reqwest::header::HeaderValue::as_bytes),
            Some(&b"application/json"[..])
        );
        let value: Value = serde_json::from_slice(body).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert!(schema.is_valid(&value), "{what}: {:?}", schema.faults(&value));
    } else {
        assert!(status >= 400, "{what}, which the contract does not state");
    }
    if status >= 400 {
        in_envelope(contract, status, body, &what);
    }
}

/// Asserts that a body is the contract's envelope, for this status.
#[track_caller]
pub(crate) fn in_envelope(contract: &Contract, status: u16, body: &[u8], what: &str) {
    let value: Value = serde_json::from_slice(body).unwrap_or_else(|error| panic!("{what}: {error}"));
    let Some(errors) = &contract.rules().errors else { return };
    let schema = contract.error_schema().expect("a schema of errors");
    assert!(schema.is_valid(&value), "{what}: {:?}", schema.faults(&value));
    let kind = errors.type_of(status).unwrap_or_else(|| panic!("{what}: a status without a type"));
    assert_eq!(
        value.pointer(errors.pointers.kind.as_deref().expect("a type")).and_then(Value::as_str),
        Some(kind.name.as_str()),
        "{what}"
    );
}
