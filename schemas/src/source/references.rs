//! References as their author meant them: through other references, to anchors, with braces written as they are.

use std::collections::HashMap;

use serde_json::Value;

use crate::pointer;
use crate::tree;

/// Rewrites each reference that leads somewhere, but not by its own words, to the pointer where that stands.
pub(super) fn settle(document: &mut Value) {
    let mut anchors: Option<HashMap<String, String>> = None;
    let mut better: Vec<(String, String)> = Vec::new();
    tree::visit(document, &mut |visit| {
        let Some(Value::String(reference)) = visit.map.get("$ref") else { return };
        let Some(target) = pointer::of_reference(reference) else {
            if let Some(named) = by_name(document, reference) {
                better.push((visit.at.to_owned(), named));
            }
            return;
        };
        let odd = target.contains(['{', '}', ' ', '"', '<', '>', '^', '`', '|', '\\']);
        if document.pointer(&target).is_some() {
            if odd {
                better.push((visit.at.to_owned(), target));
            }
            return;
        }
        let found = if target.starts_with('/') {
            // Some write the pointer as it is, percent signs and all.
            let raw = reference.trim_start_matches('#');
            let raw = (raw != target && document.pointer(raw).is_some()).then(|| raw.to_owned());
            raw.or_else(|| through(document, &target)).or_else(|| moved(document, &target))
        } else {
            anchors.get_or_insert_with(|| gather(document)).get(&target).cloned()
        };
        better.extend(found.map(|found| (visit.at.to_owned(), found)));
    });
    for (at, target) in better {
        if let Some(Value::String(reference)) = document.pointer_mut(&format!("{at}/$ref")) {
            *reference = pointer::reference(&target);
        }
    }
}

/// The pointer where a pointer leads when references on its way are followed.
fn through(document: &Value, target: &str) -> Option<String> {
    let (mut at, mut value) = (String::new(), document);
    let mut hops = 0;
    for token in pointer::tokens(target) {
        loop {
            let here = pointer::join(&at, &token);
            if let Some(next) = document.pointer(&here) {
                (at, value) = (here, next);
                break;
            }
            hops += 1;
            at = value
                .get("$ref")
                .and_then(Value::as_str)
                .and_then(pointer::of_reference)
                .filter(|_| hops < 64)?;
            value = document.pointer(&at)?;
        }
    }
    Some(at)
}

/// Where the words of another version lead: `#/definitions/Name` is `#/components/schemas/Name`.
fn moved(document: &Value, target: &str) -> Option<String> {
    let name = target.strip_prefix("/definitions/")?;
    let here = format!("/components/schemas/{name}");
    document.pointer(&here).map(|_| here)
}

/// A reference that is only the name of a schema.
fn by_name(document: &Value, reference: &str) -> Option<String> {
    let here = pointer::join("/components/schemas", reference);
    document.pointer(&here).map(|_| here)
}

fn gather(document: &Value) -> HashMap<String, String> {
    let mut anchors = HashMap::new();
    tree::visit(document, &mut |visit| {
        for key in ["$anchor", "$dynamicAnchor"] {
            if let Some(Value::String(name)) = visit.map.get(key) {
                anchors.entry(name.clone()).or_insert_with(|| visit.at.to_owned());
            }
        }
    });
    anchors
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn references_lead_through_others_to_anchors_and_as_they_are_written() {
        let mut document = json!({"paths": {"/a/{id}": {"get": {"$ref": "#/components/schemas/A/properties/x"}}},
            "components": {"schemas": {
                "A": {"$ref": "#/components/schemas/B"},
                "B": {"properties": {"x": {"type": "string"}}, "$anchor": "b"},
                "C": {"$ref": "#b"},
                "D": {"$ref": "#/paths/~1a~1{id}/get"},
                "E": {"$ref": "B"},
                "F": {"$ref": "#/definitions/B"},
                "G": {"$ref": "#/nowhere"}}}});
        settle(&mut document);
        let of = |at: &str| document.pointer(at).and_then(|value| value["$ref"].as_str()).map(str::to_owned);
        assert_eq!(of("/paths/~1a~1{id}/get").as_deref(), Some("#/components/schemas/B/properties/x"));
        let told: Vec<Option<String>> =
            ["C", "D", "E", "F", "G"].iter().map(|name| of(&format!("/components/schemas/{name}"))).collect();
        let wanted = [
            "#/components/schemas/B",
            "#/paths/~1a~1%7Bid%7D/get",
            "#/components/schemas/B",
            "#/components/schemas/B",
            "#/nowhere",
        ];
        assert_eq!(told.iter().flatten().collect::<Vec<_>>(), wanted);
    }
}
