//! Holding one response to an expected refusal or success, aspect by aspect.

use schemas::{ErrorPointers, Standing};
use serde_json::Value;

use crate::contract::{Acceptance, Aspect, Refusal};
use crate::http::Response;

/// The first aspect of a response that is not as expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Deviation {
    pub(crate) aspect: Aspect,
    /// How sure the contract is of that aspect.
    pub(crate) standing: Standing,
    /// What happened, as the end of a sentence about the request.
    pub(crate) what: String,
    /// The status, code or field that came in place of the expected one.
    pub(crate) actual: Option<String>,
}

/// How a response differs from an expected refusal. A server error is the matter of another law, and so is an error
/// envelope that cannot be read.
pub(crate) fn deviation_from_refusal(
    refusal: &Refusal,
    response: &Response,
    pointers: Option<&ErrorPointers>,
) -> Option<Deviation> {
    let rejection = &refusal.rejection;
    let exact = rejection.standing.weakest(refusal.floor);
    if response.is_server_error() {
        return None;
    }
    if !(400..500).contains(&response.status) {
        let what = format!("was accepted with {}", response.status);
        return Some(Deviation {
            aspect: Aspect::Accepted,
            standing: refusal.standing(),
            what,
            actual: None,
        });
    }
    if response.status != rejection.status {
        let what = format!("was refused with {}, not {}", response.status, rejection.status);
        let (standing, actual) = (exact.weakest(refusal.standing()), Some(response.status.to_string()));
        return Some(Deviation { aspect: Aspect::Status, standing, what, actual });
    }
    let text = |pointer: &str| response.at(pointer).and_then(Value::as_str);
    let pointers = pointers?;
    let code = text(pointers.code.as_deref()?)?;
    if !rejection.admits_code(code) {
        let what = format!("was refused with the code {code}");
        let (standing, actual) = (rejection.code_standing.weakest(exact), Some(code.to_owned()));
        return Some(Deviation { aspect: Aspect::Code, standing, what, actual });
    }
    let field = refusal.field.as_ref().filter(|_| rejection.field)?;
    let actual = text(pointers.field.as_deref()?);
    if actual.is_some_and(|actual| names(actual, field)) {
        return None;
    }
    let what = match actual {
        Some(actual) => format!("was refused with the field {actual}, not {field}"),
        None => format!("was refused without the field {field}"),
    };
    let (standing, actual) = (rejection.field_standing.weakest(exact), actual.map(str::to_owned));
    Some(Deviation { aspect: Aspect::Field, standing, what, actual })
}

/// How a response differs from an expected success.
pub(crate) fn deviation_from_success(acceptance: &Acceptance, response: &Response) -> Option<Deviation> {
    if response.is_server_error() {
        return None;
    }
    let actual = Some(response.status.to_string());
    let redirects = (300..400).contains(&response.status);
    if redirects && (acceptance.status == Some(response.status) || acceptance.also.contains(&response.status))
    {
        return None;
    }
    if !response.is_success() {
        let what = format!("was refused with {}", response.status);
        return Some(Deviation { aspect: Aspect::Refused, standing: acceptance.floor, what, actual });
    }
    let stated = acceptance.status.is_none_or(|status| status == response.status);
    if stated || acceptance.also.contains(&response.status) {
        return None;
    }
    let what = format!("was answered {}", response.status);
    let standing = acceptance.status_standing.weakest(acceptance.floor);
    Some(Deviation { aspect: Aspect::SuccessStatus, standing, what, actual })
}

/// Whether an error names a property: `labels.0` may be written `labels`, `labels.0`, `labels[0]` or `/labels/0`.
fn names(actual: &str, field: &str) -> bool {
    let top = |path: &str| {
        path.trim_start_matches('/').split(['.', '/', '[']).next().unwrap_or_default().to_owned()
    };
    actual == field || top(actual).eq_ignore_ascii_case(&top(field))
}
