//! How long a text is: in code points or in UTF-16 units, for implementations count either.

use schemas::Schema;
use serde_json::Value;

/// Whether both ways to count letters agree on every bound of a value and its parts. Where they do not, nothing is known
/// of how the value is answered.
pub(crate) fn lengths_agree(schema: &Schema, value: &Value) -> bool {
    match value {
        Value::String(text) => text_agrees(schema, text),
        Value::Array(items) => {
            schema.items().is_none_or(|schema| items.iter().all(|item| lengths_agree(&schema, item)))
        }
        Value::Object(members) => members.iter().all(|(name, member)| {
            schema.property(name).is_none_or(|property| lengths_agree(&property.schema, member))
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => true,
    }
}

fn text_agrees(schema: &Schema, text: &str) -> bool {
    let (points, units) = (text.chars().count(), text.encode_utf16().count());
    points == units
        || ["minLength", "maxLength"].iter().all(|name| {
            let bound = schema.keyword(name).and_then(Value::as_u64);
            let Some(bound) = bound.and_then(|bound| usize::try_from(bound).ok()) else { return true };
            let least = *name == "minLength";
            let within = |count: usize| if least { count >= bound } else { count <= bound };
            within(points) == within(units)
        })
}

/// As many letters as asked for in code points, and no more UTF-16 units than `most`: where there is no room for another
/// letter of two units, a letter of one stands in its place.
pub(super) fn within(letters: impl IntoIterator<Item = char>, count: usize, most: usize) -> String {
    let mut room = most.saturating_sub(count);
    let one = |letter: char| {
        let more = letter.len_utf16() - 1;
        if more > room {
            return 'x';
        }
        room -= more;
        letter
    };
    letters.into_iter().take(count).map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::within;

    #[test]
    fn texts_keep_both_their_lengths() {
        assert_eq!(within("a🚀𝄞b🚀".chars(), 5, 7), "a🚀𝄞bx");
        assert_eq!(within("🚀🚀🚀".chars(), 3, 3), "xxx");
        assert_eq!(within("🚀🚀🚀".chars(), 2, 9), "🚀🚀");
    }
}
