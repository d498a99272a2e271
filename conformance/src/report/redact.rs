//! Keeping secrets out of everything that is written.

use serde_json::Value;

use crate::probe::Keys;

/// The shortest key that is taken for a secret.
const SHORTEST: usize = 6;

/// Replaces secrets by the variables that stand for them.
#[derive(Clone)]
pub(crate) struct Redactor {
    secrets: Vec<(String, String)>,
}

impl Redactor {
    pub(crate) fn new(keys: &Keys) -> Self {
        let mut secrets = keys.secrets();
        // Shorter ones are parts of any text, and no secrets.
        secrets.retain(|(secret, _)| secret.len() >= SHORTEST);
        // A key may be the beginning of another.
        secrets.sort_by_key(|(secret, _)| std::cmp::Reverse(secret.len()));
        Self { secrets }
    }

    /// In a text.
    pub(crate) fn text(&self, text: &mut String) {
        for (secret, name) in &self.secrets {
            if text.contains(secret.as_str()) {
                *text = text.replace(secret.as_str(), name);
            }
        }
    }

    /// In every text of a value, names of properties included.
    pub(crate) fn value(&self, value: &mut Value) {
        match value {
            Value::String(text) => self.text(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.value(item)),
            Value::Object(map) => {
                let old = std::mem::take(map);
                for (mut name, mut member) in old {
                    self.text(&mut name);
                    self.value(&mut member);
                    map.insert(name, member);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_longer_of_two_keys_is_replaced_whole() {
        let redactor = Redactor {
            secrets: vec![("key_of_mine2".into(), "$B".into()), ("key_of_mine".into(), "$A".into())],
        };
        let mut value = json!({"a": ["x key_of_mine2 y"], "key_of_mine": 1});
        redactor.value(&mut value);
        assert_eq!(value, json!({"a": ["x $B y"], "$A": 1}));
    }
}
