//! Ids that no row has.

use crate::contract::{Operation, PathSlot, Resource, id_value};
use crate::scenario::{CaseContext, CaseError};

/// An opaque id in the form of those in use, for the row that the path of an operation names.
pub(crate) fn unknown_id_in_path(cx: &CaseContext, op: &Operation) -> Result<String, CaseError> {
    let api = cx.api();
    let resource = if op.has_slot(PathSlot::Own) { api.resource_of(op) } else { api.parent_of(op) };
    let resource =
        resource.ok_or_else(|| CaseError::NotJudged(format!("the path of {} names no row", op.id)))?;
    unknown_id_of(cx, resource)
}

/// An opaque id of a resource in the form of those in use.
pub(crate) fn unknown_id_of(cx: &CaseContext, resource: &Resource) -> Result<String, CaseError> {
    let known = cx.base(resource)?.id.clone();
    let schema = resource.id_schema();
    let is_valid = |id: &String| schema.as_ref().is_none_or(|schema| schema.is_valid(&id_value(schema, id)));
    unlike(&known).into_iter().find(is_valid).ok_or_else(|| {
        CaseError::NotJudged(format!("no id can be made up that {} could have", resource.one()))
    })
}

/// Ids in the form of one that is in use and that no row is likely to have, the likeliest to be valid first.
fn unlike(known: &str) -> Vec<String> {
    let all = |is: fn(&u8) -> bool| !known.is_empty() && known.bytes().all(|byte| is(&byte));
    if all(u8::is_ascii_digit) && known.len() < 10 {
        let near = known.parse::<u64>().unwrap_or_default();
        return vec!["987654321".to_owned(), (near + 7_919).to_string(), (near + 97).to_string()];
    }
    let tails = if all(u8::is_ascii_digit) {
        ["98765432", "98765431"]
    } else if known.len() >= 16 && all(|byte| byte.is_ascii_hexdigit() || *byte == b'-') {
        ["ffffffff", "fffffffe"]
    } else {
        ["zzzzzzzz", "yyyyyyyy"]
    };
    let keep = known.len().saturating_sub(8);
    let keep = (0..=keep).rev().find(|at| known.is_char_boundary(*at)).unwrap_or(0);
    // A part of an id that no write may have in its path is left out.
    let is_plain = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '~');
    let kept = if known[..keep].chars().all(is_plain) { &known[..keep] } else { "" };
    tails.iter().map(|tail| format!("{kept}{tail}")).filter(|unknown| unknown != known).collect()
}

#[cfg(test)]
mod tests {
    use super::unlike;

    #[test]
    fn a_made_up_id_has_the_form_of_those_in_use() {
        let first = |known: &str| unlike(known).remove(0);
        assert_eq!(first("7"), "987654321");
        assert_eq!(first("12345678901234567890"), "12345678901298765432");
        assert_eq!(first("5f2b18965e1d4c9a8f1de8a8"), "5f2b18965e1d4c9affffffff");
        assert_eq!(first("0b9a1c3e-5a77-4b9e-9d53-6c0f5a2be0d1"), "0b9a1c3e-5a77-4b9e-9d53-6c0fffffffff");
        assert_eq!(first("ci9qdc94hvzyb9fugihc19vzp"), "ci9qdc94hvzyb9fugzzzzzzzz");
        assert_eq!(first("a/b c%41..12345678"), "zzzzzzzz");
        assert_eq!(first("caf\u{e9}"), "zzzzzzzz");
        for known in ["zzzzzzzz", "987654321", "ffffffffffffffffffffffff"] {
            assert!(
                !unlike(known).iter().take(1).any(|unknown| unknown == known && known.len() > 9),
                "{known}"
            );
        }
    }
}
