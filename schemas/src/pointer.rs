//! JSON pointers (RFC 6901) as plain strings.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

/// What the fragment of a URI may hold as it is, of what pointers are made of.
const FRAGMENT: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'$');

/// Escapes one reference token: `~` and `/`.
pub fn escape(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}

/// Undoes [`escape`].
pub fn unescape(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}

/// `pointer` with one more token.
pub fn join(pointer: &str, token: &str) -> String {
    let mut joined = String::with_capacity(pointer.len() + token.len() + 1);
    joined.push_str(pointer);
    push(&mut joined, token);
    joined
}

/// Appends one more token to a pointer that is being built.
pub(crate) fn push(pointer: &mut String, token: &str) {
    pointer.push('/');
    for character in token.chars() {
        match character {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            other => pointer.push(other),
        }
    }
}

/// The unescaped tokens of a pointer.
pub fn tokens(pointer: &str) -> impl Iterator<Item = String> + '_ {
    pointer.split('/').skip(1).map(unescape)
}

/// Every pointer from `pointer` itself up to the root.
pub fn ancestors(pointer: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(pointer);
    std::iter::from_fn(move || {
        let current = rest?;
        rest = current.rfind('/').map(|end| &current[..end]);
        Some(current)
    })
}

/// The pointer of a local reference: `#/a/b%20c` becomes `/a/b c`; `None` when the reference is not local.
pub fn of_reference(reference: &str) -> Option<String> {
    let fragment = reference.strip_prefix('#')?;
    Some(percent_encoding::percent_decode_str(fragment).decode_utf8_lossy().into_owned())
}

/// The reference to a pointer of the same document: `/a/b c` becomes `#/a/b%20c`.
pub fn reference(pointer: &str) -> String {
    format!("#{}", utf8_percent_encode(pointer, FRAGMENT))
}

/// Sets the value at `pointer`, making objects on the way; does nothing where an ancestor is a scalar.
pub fn set(target: &mut Value, pointer: &str, value: Value) {
    let mut node = target;
    for token in tokens(pointer) {
        let Value::Object(map) = node else { return };
        node = map.entry(token).or_insert_with(|| Value::Object(serde_json::Map::new()));
    }
    *node = value;
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn tokens_survive_escaping() {
        assert_eq!(join("/paths", "/a~b"), "/paths/~1a~0b");
        assert_eq!(tokens("/paths/~1a~0b").collect::<Vec<_>>(), ["paths", "/a~b"]);
    }

    #[test]
    fn ancestors_end_at_the_root() {
        assert_eq!(ancestors("/a/b").collect::<Vec<_>>(), ["/a/b", "/a", ""]);
    }

    #[test]
    fn references_are_percent_decoded() {
        assert_eq!(of_reference("#/a/%7Bid%7D").as_deref(), Some("/a/{id}"));
        assert_eq!(of_reference("other.yaml#/a"), None);
    }

    #[test]
    fn set_makes_the_way() {
        let mut value = json!({});
        set(&mut value, "/error/type", json!("x"));
        assert_eq!(value, json!({"error": {"type": "x"}}));
    }
}
