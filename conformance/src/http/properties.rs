//! The names of the properties that a value has.

use std::collections::BTreeSet;

use serde_json::Value;

/// How deep names go.
pub(crate) const DEEPEST: usize = 6;
/// Names of one value at the most: a target may make them up.
const MOST: usize = 5_000;

/// The names of the properties that a value has: nested ones are joined by dots, `[]` stands for the items of an array.
pub(crate) fn present(value: &Value) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    walk(value, "", 0, &mut names);
    names
}

fn walk(value: &Value, at: &str, depth: usize, names: &mut BTreeSet<String>) {
    if depth >= DEEPEST {
        return;
    }
    match value {
        Value::Object(map) => {
            for (name, member) in map {
                if names.len() >= MOST {
                    return;
                }
                let name = joined(at, name);
                walk(member, &name, depth + 1, names);
                names.insert(name);
            }
        }
        Value::Array(items) => {
            let at = format!("{at}[]");
            for item in items {
                walk(item, &at, depth + 1, names);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The name of a property within another.
pub(crate) fn joined(at: &str, name: &str) -> String {
    if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_of_a_value_are_joined_by_dots_and_brackets() {
        let names = present(&json!({"data": [{"id": 1}, {"name": {"first": "a"}}], "more": false}));
        let names: Vec<String> = names.into_iter().collect();
        assert_eq!(names, ["data", "data[].id", "data[].name", "data[].name.first", "more"]);
    }

    #[test]
    fn names_end_where_no_sane_body_goes() {
        let deep = (0..DEEPEST + 3).fold(json!(1), |inner, _| json!({"a": inner}));
        let longest = present(&deep).into_iter().map(|name| name.split('.').count()).max();
        assert_eq!(longest, Some(DEEPEST));
    }

    #[test]
    fn names_that_a_target_makes_up_are_bounded() {
        let wide: serde_json::Map<String, Value> =
            (0..2 * MOST).map(|number| (format!("p{number}"), json!(1))).collect();
        assert_eq!(present(&Value::Object(wide)).len(), MOST);
    }
}
