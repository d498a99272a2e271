//! Which findings another one explains.

use schemas::{Contract, Method};

use super::merge::Raw;
use crate::law::id;
use crate::report::Finding;

/// Laws whose breach brings others with it on the same resource: fixing the first may mend the rest.
const BRINGS: &[(&str, &[&str])] = &[
    (
        id::AUTH_MISSING,
        &[
            id::AUTH_QUERY,
            id::AUTH_FIRST,
            id::AUTH_UNKNOWN,
            id::AUTH_REVOKED,
            id::AUTH_MALFORMED,
            id::AUTH_SCHEME,
        ],
    ),
    (id::BOUND_ACCEPTED, &[id::VALID_ACCEPTED]),
    (id::AUTH_OPEN, &[id::VALID_ACCEPTED]),
    (id::VALID_ACCEPTED, &[id::AUTH_OPEN]),
    (id::NOTHING_LEAKS, &[id::AUTH_KEY_HIDDEN]),
    (
        id::UNIQUE_CREATE,
        &[id::UNIQUE_CONCURRENT, id::UNIQUE_NORMALIZED, id::UNIQUE_UPDATE, id::UNIQUE_OWN, id::UNIQUE_FREED],
    ),
    (id::UNIQUE_UPDATE, &[id::UNIQUE_OWN, id::UNIQUE_NORMALIZED]),
    (id::UNIQUE_NORMALIZED, &[id::NORMALIZED]),
    (id::FILTER_EXACT, &[id::FILTER_PAGED, id::FILTERS_COMBINED]),
    (id::READ_YOUR_WRITE, &[id::ROW_EITHER_ID]),
    (
        id::CREATED_LISTED,
        &[id::FILTER_EXACT, id::FILTERS_COMBINED, id::FILTER_PAGED, id::OWN_PARENT, id::WALK_COMPLETE],
    ),
    (id::LIST_ORDER, &[id::WALK_COMPLETE, id::LIMIT_HONOURED]),
    (id::LIMIT_HONOURED, &[id::WALK_COMPLETE]),
    (id::WALK_COMPLETE, &[id::LIMIT_HONOURED, id::CURSOR_STRICT]),
    (id::CURSOR_STRICT, &[id::WALK_COMPLETE]),
    (
        id::OWN_PARENT,
        &[
            id::LIST_EMPTY,
            id::CREATED_LISTED,
            id::LIMIT_HONOURED,
            id::WALK_COMPLETE,
            id::CURSOR_STRICT,
            id::CHILDREN_UNLISTED,
            id::PARENT_EXISTS,
        ],
    ),
    (id::IDEMPOTENT_REPLAY, &[id::IDEMPOTENT_REPLAY, id::IDEMPOTENT_OTHER_BODY, id::IDEMPOTENT_IN_FLIGHT]),
    (id::IDEMPOTENT_FAILURE, &[id::IDEMPOTENT_IN_FLIGHT, id::IDEMPOTENT_REPLAY]),
    (id::UNKNOWN_ROW, &[id::DELETE_GONE, id::VALUE_NO_ID, id::AUTH_ISOLATION, id::PARENT_EXISTS]),
    (
        id::DELETE_GONE,
        &[
            id::DELETE_UNLISTED,
            id::UPDATE_GONE,
            id::DELETE_ANSWER,
            id::DELETE_AGAIN,
            id::UNIQUE_FREED,
            id::CHILDREN_UNLISTED,
            id::LIST_EMPTY,
        ],
    ),
    (id::PARENT_EXISTS, &[id::AUTH_ISOLATION, id::VALUE_NO_ID]),
    (id::AUTH_ISOLATION, &[id::PARENT_EXISTS, id::VALUE_NO_ID]),
    (id::RESPONSE_SCHEMA, &[id::LIST_EMPTY]),
    (id::RATE_HEADERS, &[id::RATE_COHERENT]),
    (id::ERROR_ENVELOPE, &[id::CONTENT_TYPE, id::ROUTE_UNKNOWN]),
];

/// The kind of breach of a schema: the format of instants, say, whichever property it is.
fn keyword(finding: &Finding) -> Option<&str> {
    let keyword = finding.class.split(':').next()?;
    matches!(keyword, "format" | "pattern").then_some("text")
}

/// Laws about refusals of single properties: what is wrong with all of them alike is wrong once.
fn is_refusal(law: &str) -> bool {
    law.starts_with("refuses-") || law.ends_with("-bad") || law == id::LIMIT_RANGE
}

/// Folds findings into those that explain them; what is folded is told as laws that are broken along with it.
pub(super) fn fold(contract: &Contract, found: Vec<(Finding, Raw)>) -> Vec<(Finding, Raw)> {
    let mut kept: Vec<(Finding, Raw)> = Vec::new();
    let mut rest = found;
    // Whoever explains may come later in the plan than what it explains: the table decides first.
    rest.sort_by_key(|(finding, raw)| (finding.severity, rank(finding), raw.order));
    for (finding, raw) in rest {
        let by = kept.iter_mut().find(|(cause, cause_raw)| {
            cause.severity <= finding.severity && explains(contract, cause, cause_raw, &finding, &raw)
        });
        let Some((cause, _)) = by else {
            kept.push((finding, raw));
            continue;
        };
        if !cause.also_laws.contains(&finding.law) && cause.law != finding.law {
            cause.also_laws.push(finding.law.clone());
        }
        cause.cases += finding.cases;
        cause.found_after = cause.found_after.min(finding.found_after);
        for operation in std::iter::once(&finding.operation).chain(&finding.also) {
            if *operation != cause.operation && !cause.also.contains(operation) {
                cause.also.push(operation.clone());
            }
        }
    }
    kept.sort_by_key(|(finding, raw)| (finding.severity, raw.order));
    kept
}

/// Causes before what they bring.
fn rank(finding: &Finding) -> u8 {
    match finding.law.as_str() {
        id::VALID_ACCEPTED | id::NO_SERVER_ERROR => 0,
        id::RESPONSE_SCHEMA | id::ERROR_ENVELOPE | id::LIST_ORDER | id::NOTHING_LEAKS | id::RATE_HEADERS => 1,
        id::AUTH_MISSING | id::UNIQUE_CREATE | id::UNKNOWN_ROW | id::OWN_PARENT | id::IDEMPOTENT_FAILURE => 2,
        id::IDEMPOTENT_REPLAY
        | id::DELETE_GONE
        | id::DEFAULTS
        | id::STORED_AS_SENT
        | id::DELETE_ANSWER
        | id::PARENT_EXISTS
        | id::CURSOR_STRICT
        | id::FILTER_EXACT => 3,
        _ => 4,
    }
}

fn explains(contract: &Contract, cause: &Finding, cause_raw: &Raw, other: &Finding, other_raw: &Raw) -> bool {
    let same_operation = cause.operation == other.operation || cause.also.contains(&other.operation);
    let same_resource = resource(contract, &cause.operation) == resource(contract, &other.operation)
        || cause.also.iter().any(|also| resource(contract, also) == resource(contract, &other.operation));
    // What is broken where it is documented and where it is only implied is broken once; and keys that do not count
    // show as a second row, or as a value that is taken.
    if cause.law == other.law && (cause.class == other.class || cause.law == id::IDEMPOTENT_REPLAY) {
        return true;
    }
    // An operation that refuses, or answers another success, does so whatever law asks.
    let plainest = cause.case == format!("{}/{}", id::VALID_ACCEPTED, cause.operation);
    if plainest
        && cause.class == other.class
        && matches!(cause.class.as_str(), "refused" | "success-status")
        && same_operation
    {
        return true;
    }
    // One kind of answer is told in one way, whatever was asked: with another code or status.
    if matches!(cause.class.as_str(), "code" | "status")
        && cause.class == other.class
        && cause_raw.breach.told == other_raw.breach.told
        && cause_raw.breach.expect.status == other_raw.breach.expect.status
    {
        return true;
    }
    // A property that is refused is refused in any request that carries it.
    let subjects = (&cause_raw.breach.subject, &other_raw.breach.subject);
    if cause.class == "refused"
        && other.class == "refused"
        && subjects.0.is_some()
        && subjects.0 == subjects.1
        && same_resource
    {
        return true;
    }
    // An operation that finds no row for a valid request finds none for a wrong one.
    if cause.law == id::VALID_ACCEPTED
        && cause.class == "refused"
        && matches!(other.class.as_str(), "refused" | "status")
        && cause_raw.breach.told.is_some()
        && cause_raw.breach.told == other_raw.breach.told
        && same_operation
    {
        return true;
    }
    // A row that cannot be read cannot be changed either, nor is it listed.
    if cause.law == id::VALID_ACCEPTED
        && cause.class == "refused"
        && same_resource
        && (other.class == "absent"
            || other.law == id::VALID_ACCEPTED && cause_raw.breach.told == other_raw.breach.told)
    {
        return true;
    }
    // One way of showing a value, or one answer that is wrong as a whole, is one cause.
    if cause.law == id::RESPONSE_SCHEMA
        && other.law == id::RESPONSE_SCHEMA
        && (same_operation || keyword(cause) == keyword(other))
    {
        return true;
    }
    // What is taken however wrong it is is wrong in one way, and shows in answers.
    if cause.class == "accepted"
        && (other.class == "accepted" && is_refusal(&other.law) || other.law == id::RESPONSE_SCHEMA)
        && is_refusal(&cause.law)
        && subjects.0.is_some()
        && subjects.0 == subjects.1
        && same_resource
    {
        return true;
    }
    if other.law == id::MODEL && cause.class == other.class && same_resource {
        return true;
    }
    if cause.class == "field" && other.class == "field" && cause_raw.breach.told == other_raw.breach.told {
        return true;
    }
    // All refusals alike lack the field.
    if cause.class == other.class
        && matches!(cause.class.as_str(), "field" | "status")
        && is_refusal(&cause.law)
        && is_refusal(&other.law)
    {
        return true;
    }
    // A property that reads wrong is read by many laws, and one that is not looked at is not refused either.
    let ignored = cause.class == "value"
        && other.class == "accepted"
        && subjects.0.is_some()
        && subjects.0 == subjects.1;
    if ignored && same_operation && other.cases == 1 {
        return true;
    }
    // A filter that is ignored refuses no value, and keys that do not count none that is too long.
    let unlooked = match (cause.law.as_str(), other.law.as_str()) {
        (id::FILTER_EXACT, id::REFUSES_QUERY) => cause.class == "stray" && subjects.0 == subjects.1,
        (id::IDEMPOTENT_REPLAY, id::IDEMPOTENT_LONGEST) => true,
        _ => false,
    };
    if unlooked && other.class == "accepted" && same_operation {
        return true;
    }
    // A sequence meets again what a law has told more plainly.
    if other.law == id::MODEL && cause.class == other.class && subjects.0 == subjects.1 && same_resource {
        return true;
    }
    if cause.class == "value"
        && other.class == "value"
        && subjects.0.is_some()
        && subjects.0 == subjects.1
        && same_resource
    {
        return true;
    }
    let brings =
        BRINGS.iter().any(|(law, brought)| *law == cause.law && brought.contains(&other.law.as_str()));
    let whole_api = matches!(cause.law.as_str(), id::NOTHING_LEAKS | id::ERROR_ENVELOPE | id::RATE_HEADERS);
    brings && (same_resource || whole_api)
}

/// The resource an operation acts on, else its path.
fn resource(contract: &Contract, operation: &str) -> String {
    let Some(operation) = contract.operation(operation) else { return operation.to_owned() };
    operation.acts().map_or_else(
        || format!("{} {}", Method::as_str(operation.method), operation.path),
        |(resource, _)| resource.to_owned(),
    )
}
