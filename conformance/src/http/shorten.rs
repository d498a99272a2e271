//! Shortened forms of long bodies, without halves of secrets.

use serde_json::{Map, Value};

use super::redaction::Redactor;

/// Bytes of a JSON body that is shown whole.
pub(super) const LONGEST_WHOLE: usize = 16 << 10;
/// Letters of a text that are shown.
const LONGEST_TEXT: usize = 600;
/// What is left out at the end of a piece after secrets were replaced in it: the cut may have halved one.
const MARGIN: usize = 16 << 10;
/// How much is shown of a long body, from the most to the least: items of an array, members of an object, letters of a
/// text, levels.
const MEASURES: [Measure; 3] = [
    Measure { items: 3, members: 60, letters: LONGEST_TEXT, levels: 8 },
    Measure { items: 1, members: 30, letters: 100, levels: 5 },
    Measure { items: 1, members: 10, letters: 40, levels: 3 },
];

#[derive(Debug, Clone, Copy)]
struct Measure {
    items: usize,
    members: usize,
    letters: usize,
    levels: usize,
}

/// The beginning of a text without secrets, no longer than so many bytes, and whether that is all of it.
pub(super) fn start_of(bytes: &[u8], most: usize, redactor: &Redactor) -> (String, bool) {
    let piece = &bytes[..bytes.len().min(most + MARGIN)];
    let mut text = redactor.clean(String::from_utf8_lossy(piece));
    let whole = piece.len() == bytes.len();
    if whole && text.len() <= most {
        return (text, true);
    }
    let known = if whole { text.len() } else { text.len().saturating_sub(MARGIN) };
    text.truncate(text.floor_char_boundary(known.min(most)));
    (text, false)
}

/// Leaves the beginning of a text that is longer than a report shows.
pub(crate) fn shorten(text: &mut String, redactor: &Redactor) {
    if text.len() > LONGEST_TEXT {
        *text = beginning(text.as_bytes(), redactor);
    }
}

/// The beginning of a text as a report shows it.
pub(super) fn beginning(bytes: &[u8], redactor: &Redactor) -> String {
    letters(bytes, LONGEST_TEXT, redactor)
}

fn letters(bytes: &[u8], most: usize, redactor: &Redactor) -> String {
    let (mut text, whole) = start_of(bytes, most * 4, redactor);
    let end = text.char_indices().nth(most).map(|(end, _)| end);
    if let Some(end) = end {
        text.truncate(end);
    }
    if end.is_some() || !whole {
        text.push('…');
    }
    text
}

/// A value of which only the beginnings of its arrays, objects and texts are left.
pub(super) fn shortened(value: &Value, redactor: &Redactor) -> Value {
    for measure in MEASURES {
        let short = short(value, measure, redactor);
        if short.to_string().len() <= LONGEST_WHOLE {
            return short;
        }
    }
    Value::String("…".to_owned())
}

fn short(value: &Value, measure: Measure, redactor: &Redactor) -> Value {
    let Some(levels) = measure.levels.checked_sub(1) else {
        let is_nested = matches!(value, Value::Array(_) | Value::Object(_));
        return if is_nested {
            Value::String("…".to_owned())
        } else {
            short_text(value, measure, redactor)
        };
    };
    let within = Measure { levels, ..measure };
    match value {
        Value::Array(items) => {
            let mut kept: Vec<Value> =
                items.iter().take(measure.items).map(|item| short(item, within, redactor)).collect();
            if items.len() > measure.items {
                kept.push(Value::String(format!("… {} more", items.len() - measure.items)));
            }
            Value::Array(kept)
        }
        Value::Object(map) => {
            let shown = map.iter().take(measure.members);
            let mut kept: Map<String, Value> = shown
                .map(|(name, member)| {
                    (letters(name.as_bytes(), measure.letters, redactor), short(member, within, redactor))
                })
                .collect();
            if map.len() > measure.members {
                let more = Value::String(format!("{} more", map.len() - measure.members));
                kept.insert("…".to_owned(), more);
            }
            Value::Object(kept)
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            short_text(value, measure, redactor)
        }
    }
}

fn short_text(value: &Value, measure: Measure, redactor: &Redactor) -> Value {
    match value {
        Value::String(text) if text.len() > measure.letters => {
            Value::String(letters(text.as_bytes(), measure.letters, redactor))
        }
        _ => value.clone(),
    }
}

/// Values in a text of JSON, at the most: what parts them is counted outside of strings. An object, which takes the most
/// memory, counts as four.
pub(super) fn values_in(json: &[u8]) -> usize {
    let (mut values, mut in_string, mut escaped) = (1, false, false);
    for byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b',' | b'[' if !in_string => values += 1,
            b'{' if !in_string => values += 4,
            _ => {}
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_long_list_keeps_its_first_rows_and_says_how_many_there_were() {
        let rows: Vec<Value> = (0..5_000).map(|id| json!({"id": id, "name": "é".repeat(40)})).collect();
        let short = shortened(&json!({"data": rows, "has_more": true}), &Redactor::default());
        assert_eq!(short["data"].as_array().map(Vec::len), Some(4));
        assert_eq!((&short["data"][2]["id"], &short["data"][3]), (&json!(2), &json!("… 4997 more")));
        assert_eq!(short["has_more"], true);
    }

    #[test]
    fn whatever_the_shape_what_is_kept_is_short() {
        let wide: Map<String, Value> =
            (0..9_000).map(|n| (format!("name{n}"), json!("x".repeat(900)))).collect();
        let nested = (0..100)
            .fold(json!("y".repeat(50_000)), |inner, _| json!([inner, {"a": inner.to_string().len()}]));
        let bushy = (0..6).fold(json!("z".repeat(700)), |inner, _| {
            Value::Object((0..6).map(|n| (format!("{n}"), inner.clone())).collect())
        });
        for value in [Value::Object(wide), nested, bushy, json!("z".repeat(1 << 20))] {
            assert!(shortened(&value, &Redactor::default()).to_string().len() <= LONGEST_WHOLE);
        }
    }

    #[test]
    fn no_half_of_a_secret_is_left_where_a_text_is_cut() {
        let redactor = Redactor::of(vec![("secret-key-of-mine".to_owned(), "$S".to_owned())]);
        for before in 580..620 {
            let text = "x".repeat(before) + &"secret-key-of-mine".repeat(3_000);
            let told = [
                beginning(text.as_bytes(), &redactor),
                start_of(text.as_bytes(), 600, &redactor).0,
                shortened(&json!({ "a": text }), &redactor).to_string(),
            ];
            for told in told {
                assert!(!told.contains("sec") && !told.contains("mine"), "{told}");
            }
        }
    }

    #[test]
    fn values_are_counted_outside_of_texts() {
        assert_eq!(values_in(br#"{"a": [1, 2, "x,\",[{"], "b": {}}"#), 13);
        assert_eq!(values_in(b"[]"), 2);
    }
}
