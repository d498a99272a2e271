//! Which texts mean the same in every recording and are shown as they are.

use schemas::Schema;
use serde_json::Value;

use super::shot::Shot;
use crate::contract::Resource;

/// Codes and names of properties are no longer than this.
const LONGEST: usize = 100;

/// Whether a text is a word of the contract: a member of a list, a fixed or default value, the type, code or field of a
/// refusal. A word the contract does not know is one as well where it stands in the place of one: that is news.
pub(super) fn is_word(
    shot: &Shot<'_>,
    resource: Option<&Resource>,
    name: &str,
    at: &str,
    text: &str,
    schema: Option<&Schema>,
) -> bool {
    let listed = |schema: &Schema| schema.keyword("enum").or_else(|| schema.keyword("const")).is_some();
    let field = resource.and_then(|resource| resource.fields.get(name));
    let asked = || {
        let ops = resource.into_iter().flat_map(|resource| [&resource.create, &resource.update]).flatten();
        let mut bodies = ops.filter_map(|op| op.body.as_ref());
        bodies.any(|body| body.schema.property(name).is_some_and(|property| listed(&property.schema)))
    };
    let default = || {
        let default = field.and_then(|field| field.rules.default.as_ref());
        default.is_some_and(|default| default.value == *text)
    };
    let told = || {
        let pointers = shot.api.rules().errors.as_ref().map(|errors| &errors.pointers);
        !shot.exchange.is_success()
            && pointers.is_some_and(|pointers| {
                [&pointers.kind, &pointers.code, &pointers.field].into_iter().flatten().any(|one| one == at)
            })
    };
    let word = schema.is_some_and(listed) || told() || default() || (shot.exchange.is_success() && asked());
    word && is_harmless(shot, text)
}

/// Nothing made up, no secret, and nothing that could be taken for a placeholder.
fn is_harmless(shot: &Shot<'_>, text: &str) -> bool {
    text.len() <= LONGEST
        && !text.starts_with('<')
        && !shot.memory.is_made_up(text)
        && shot.memory.row(text).is_none()
        && !shot.keys.secrets().iter().any(|(secret, _)| text.contains(secret.as_str()))
}

/// A text for the name of a file: lower case, digits and single dashes.
pub(super) fn slug(text: &str) -> String {
    let mut slug = String::new();
    for letter in text.chars() {
        if letter.is_ascii_alphanumeric() {
            slug.push(letter.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').to_owned()
}

/// A value as a part of a file name.
pub(super) fn slug_of(value: &Value) -> String {
    slug(&value.as_str().map_or_else(|| value.to_string(), str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_hold_single_dashes_alone() {
        for (text, name) in [("hubspot_deal__id", "hubspot-deal-id"), ("At Risk!", "at-risk"), ("__a", "a")] {
            assert_eq!(slug(text), name);
        }
        assert_eq!(slug_of(&Value::Bool(true)), "true");
    }
}
