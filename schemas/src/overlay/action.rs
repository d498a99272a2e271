//! One action of an overlay.

use serde_json::Value;
use serde_json_path::JsonPath;

use crate::pointer;

/// What is done to what a target selects.
pub(super) enum Deed {
    /// A value is merged into it.
    Update(Value),
    /// What another path selects is merged into it.
    Copy(JsonPath),
    /// It is taken out.
    Remove,
}

/// One action.
pub(super) struct Action {
    pub(super) target: JsonPath,
    /// The target as written.
    pub(super) shown: String,
    pub(super) deed: Deed,
    /// It has found its target.
    pub(super) done: bool,
}

/// The pointers that a path (RFC 9535) selects, in the order of the document.
pub(super) fn selected(path: &JsonPath, value: &Value) -> Vec<String> {
    let mut pointers: Vec<String> = Vec::new();
    for location in path.query_located(value).locations() {
        let mut at = String::new();
        for element in location.iter() {
            match (element.as_name(), element.as_index()) {
                (Some(name), _) => pointer::push(&mut at, name),
                (None, Some(index)) => pointer::push(&mut at, &index.to_string()),
                (None, None) => {}
            }
        }
        if !pointers.contains(&at) {
            pointers.push(at);
        }
    }
    pointers
}
