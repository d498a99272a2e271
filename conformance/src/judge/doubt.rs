//! Refusals of valid requests that may be right: what the description does not say, the target may know.

use crate::contract::{Api, Filling, Operation, lets_in};
use crate::http::{Request, Response};

/// Why a refusal of a valid request may be right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// Nobody is let in who makes up who he is.
    SignIn,
    /// It may take other rights than the key has.
    Rights,
    /// It may take a row that is there, or a state that it is in.
    Data,
}

/// Parts of names of properties by which somebody shows who he is.
const SECRETS: [&str; 7] = ["password", "passwd", "secret", "credential", "otp", "token", "pin_code"];

/// Why the refusal of a valid request may be right; `None` where it is none or where the contract says what the operation does,
/// and so what it takes.
pub(crate) fn doubt(api: &Api, request: &Request, response: &Response) -> Option<Doubt> {
    let op = request.op.as_ref().filter(|op| !op.is_stated())?;
    match response.status {
        400 | 401 | 403 | 404 | 422 if lets_in(op) && shows_a_secret(op) => Some(Doubt::SignIn),
        401 | 403 if lets_in(op) || shows_a_secret(op) => Some(Doubt::SignIn),
        401 if !op.takes_key() => None,
        401..=403 => Some(Doubt::Rights),
        404 if names_a_row(api, op, request) => Some(Doubt::Data),
        409 | 412 | 423 | 424 | 428 => Some(Doubt::Data),
        _ => None,
    }
}

fn shows_a_secret(op: &Operation) -> bool {
    let properties = op.body.iter().flat_map(|body| body.schema.properties());
    properties.into_iter().any(|property| {
        let name = property.name.to_ascii_lowercase();
        property.schema.keyword("format").is_some_and(|format| format == "password")
            || SECRETS.iter().any(|part| name.contains(part))
    })
}

/// Whether a request names something that may not be there: by an example in its path, in its query, or in its body.
fn names_a_row(api: &Api, op: &Operation, request: &Request) -> bool {
    let shown = |name: &str| matches!(api.filling(op, name), Filling::Given(_) | Filling::Example(_));
    op.slots().any(|(name, _)| shown(name))
        || request.query.iter().any(|(name, _)| is_like_an_id(name))
        || request.body().is_some_and(|body| body.keys().any(|name| is_like_an_id(name)))
}

/// Whether a property is named like one that names a row.
fn is_like_an_id(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let ends = ["_id", "-id", "_ids", "_key", "_slug", "_uuid", "_ref"];
    let in_humps = ["Id", "ID", "Ids", "Uuid", "Key", "Slug", "Ref"];
    lower == "id"
        || ends.iter().any(|end| lower.ends_with(end))
        || in_humps.iter().any(|end| name.len() > end.len() && name.ends_with(end))
}

impl Doubt {
    /// What may be missing, for people.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::SignIn => "nobody is let in with made-up credentials",
            Self::Rights => "it may need other rights",
            Self::Data => "it may need data that is there",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_ids_end_as_such() {
        for name in ["id", "user_id", "userId", "ownerID", "tag_ids", "parentUuid"] {
            assert!(is_like_an_id(name), "{name}");
        }
        for name in ["paid", "Id2", "grid", "name", "Key"] {
            assert!(!is_like_an_id(name), "{name}");
        }
    }
}
