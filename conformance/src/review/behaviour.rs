//! Two folders of records side by side.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use schemas::{ErrorPointers, pointer};
use serde_json::{Value, json};

use super::change::{Change, Seen};
use super::found::Found;
use super::owner::Owner;
use super::rules::behaviour as rules;
use crate::record::{Record, RecordId, is_placeholder};

/// Records by their operation and class.
pub type Records = BTreeMap<RecordId, Record>;

/// A change that was observed, in which record and where in it.
#[derive(Debug)]
pub(super) struct Observed {
    pub(super) id: RecordId,
    /// `status`, `header NAME`, or `body` and a pointer into it; nothing for the record as a whole.
    pub(super) at: String,
    pub(super) change: Change,
}

/// Every change from one folder of records to another; `base` and `head` are what they are called. What stands where in
/// the body of a refusal is said by a contract, where there is one.
pub fn compare_records(
    base: (&str, &Records),
    head: (&str, &Records),
    errors: Option<&ErrorPointers>,
) -> Vec<Change> {
    observe(base, head, errors).into_iter().map(|observed| observed.change).collect()
}

/// [`compare_records`], each change with its record.
pub(super) fn observe(
    base: (&str, &Records),
    head: (&str, &Records),
    errors: Option<&ErrorPointers>,
) -> Vec<Observed> {
    let mut changes = Vec::new();
    let ids: std::collections::BTreeSet<&RecordId> = base.1.keys().chain(head.1.keys()).collect();
    for id in ids {
        let mut found = Vec::new();
        match (base.1.get(id), head.1.get(id)) {
            (Some(old), Some(new)) => compare(old, new, errors, &mut found),
            (Some(old), None) => {
                found.push(Found::new(&rules::RECORD_GONE, "").values(Some(json!(old.status)), None));
            }
            (None, Some(new)) => {
                found.push(Found::new(&rules::RECORD_NEW, "").values(None, Some(json!(new.status))));
            }
            (None, None) => {}
        }
        let class =
            head.1.get(id).or(base.1.get(id)).map_or(id.name.as_str(), |record| record.class.as_str());
        for mut found in found {
            let own = std::mem::take(&mut found.subject);
            found.subject = if own.is_empty() { class.to_owned() } else { format!("{class}: {own}") };
            let at = own;
            let is_gone = std::ptr::eq(found.rule, &raw const rules::RECORD_GONE);
            let (side, name) = if is_gone { (Seen::Base, base.0) } else { (Seen::Head, head.0) };
            let place = format!("{}/{}", name.trim_end_matches('/'), id.file());
            let request = head.1.get(id).or(base.1.get(id)).map(|record| record.request.clone());
            let call = request.map(|call| call.split('?').next().unwrap_or_default().to_owned());
            let call = call.unwrap_or_default();
            let owner = Owner { id: id.operation.clone(), call, tags: Vec::new() };
            let change = Change::new(found, Some(&owner), place, side);
            changes.push(Observed { id: id.clone(), at, change });
        }
    }
    changes
}

fn compare(old: &Record, new: &Record, errors: Option<&ErrorPointers>, out: &mut Vec<Found>) {
    if old.status != new.status {
        let found = Found::new(&rules::STATUS_MOVED, "status");
        out.push(found.values(Some(json!(old.status)), Some(json!(new.status))));
    }
    headers(&old.headers, &new.headers, out);
    // A success and a refusal have nothing in common to be compared; the status says it all.
    if (old.status < 400) == (new.status < 400) {
        let errors = errors.filter(|_| new.status >= 400);
        value(&mut String::from("body"), old.body.as_ref(), new.body.as_ref(), errors, out);
    }
}

fn headers(old: &IndexMap<String, String>, new: &IndexMap<String, String>, out: &mut Vec<Found>) {
    for (name, value) in old {
        let found = |rule| Found::new(rule, format!("header {name}"));
        match new.get(name) {
            None => out.push(found(&rules::HEADER_GONE).values(Some(json!(value)), None)),
            Some(other) if other != value => {
                out.push(found(&rules::HEADER_MOVED).values(Some(json!(value)), Some(json!(other))));
            }
            Some(_) => {}
        }
    }
    for (name, value) in new.iter().filter(|(name, _)| !old.contains_key(*name)) {
        let found = Found::new(&rules::HEADER_NEW, format!("header {name}"));
        out.push(found.values(None, Some(json!(value))));
    }
}

/// What a value is: its type, or the name of its placeholder without its number.
pub(super) fn kind(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(_) => "boolean".to_owned(),
        Value::Number(_) => "number".to_owned(),
        Value::String(text) if is_placeholder(text) => match placeholder(text) {
            "integer" | "number" => "number".to_owned(),
            "boolean" => "boolean".to_owned(),
            _ => "text".to_owned(),
        },
        Value::String(_) => "text".to_owned(),
        Value::Array(_) => "list".to_owned(),
        Value::Object(_) => "object".to_owned(),
    }
}

/// The name of a placeholder: `<id#1>` is an `id`.
fn placeholder(text: &str) -> &str {
    let inner = text.trim_start_matches('<').trim_end_matches('>');
    inner.split('#').next().unwrap_or(inner)
}

/// Whether a path is where a part of a refusal stands.
fn is_at(errors: Option<&ErrorPointers>, at: &str, pointer: fn(&ErrorPointers) -> &Option<String>) -> bool {
    let stated = errors.and_then(|errors| pointer(errors).as_deref());
    stated.is_some_and(|stated| at.strip_prefix("body") == Some(stated))
}

fn value(
    at: &mut String,
    old: Option<&Value>,
    new: Option<&Value>,
    errors: Option<&ErrorPointers>,
    out: &mut Vec<Found>,
) {
    let length = at.len();
    let told = |rule| Found::new(rule, at.clone()).values(old.cloned(), new.cloned());
    match (old, new) {
        (Some(old), Some(new)) if old == new => {}
        (None, None) => {}
        (None, Some(_)) | (Some(_), None) if is_at(errors, at, |errors| &errors.field) => {
            out.push(told(&rules::FIELD_MOVED));
        }
        (Some(_), None) => out.push(told(&rules::PROPERTY_GONE)),
        (None, Some(_)) => out.push(told(&rules::PROPERTY_NEW)),
        (Some(Value::Object(left)), Some(Value::Object(right))) => {
            let more = right.keys().filter(|key| !left.contains_key(*key));
            for key in left.keys().chain(more) {
                at.push('/');
                at.push_str(&pointer::escape(key));
                value(at, left.get(key), right.get(key), errors, out);
                at.truncate(length);
            }
        }
        (Some(Value::Array(left)), Some(Value::Array(right))) => {
            if left.len() != right.len() {
                let found = Found::new(&rules::COUNT_MOVED, at.clone());
                out.push(found.values(Some(json!(left.len())), Some(json!(right.len()))));
            }
            for (index, (one, other)) in left.iter().zip(right).enumerate() {
                at.push('/');
                at.push_str(&index.to_string());
                value(at, Some(one), Some(other), errors, out);
                at.truncate(length);
            }
        }
        (Some(Value::Null), Some(_)) => out.push(told(&rules::PROPERTY_VALUE)),
        (Some(_), Some(Value::Null)) => out.push(told(&rules::PROPERTY_NULL)),
        (Some(left), Some(right)) => {
            let is = |pointer: fn(&ErrorPointers) -> &Option<String>| is_at(errors, at, pointer);
            let rule = match () {
                () if kind(left) != kind(right) => &rules::PROPERTY_TYPE,
                () if is(|errors| &errors.kind) => &rules::TYPE_MOVED,
                () if is(|errors| &errors.code) => &rules::CODE_MOVED,
                () if is(|errors| &errors.field) => &rules::FIELD_MOVED,
                // Prose is for people.
                () if is(|errors| &errors.message) => return,
                () => &rules::VALUE_MOVED,
            };
            out.push(told(rule));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::rules::all;

    const CASES: &str = include_str!("../../tests/review-suite/behaviour.yaml");

    fn records(patch: &Value, refused: bool) -> Records {
        let mut record = if refused {
            json!({"request": "POST /books", "class": "an ISBN that is taken", "status": 409, "body":
                {"error": {"type": "conflict", "code": "isbn_taken", "message": "Taken.", "field": "isbn"}}})
        } else {
            json!({"request": "POST /books", "class": "a title alone", "status": 201,
                "headers": {"content-type": "application/json", "x-limit": "<integer>"},
                "body": {"id": "<id#1>", "owner": "<id#1>", "title": "<text>", "genre": "novel", "note": null,
                    "tags": ["new"]}})
        };
        for (at, new) in patch.as_object().into_iter().flatten() {
            let (owner, key) = at.rsplit_once('/').expect("a pointer");
            match record.pointer_mut(owner).expect("an owner") {
                Value::Object(map) if new == "$gone" => assert!(map.shift_remove(key).is_some(), "{at}"),
                Value::Object(map) => {
                    map.insert(key.to_owned(), new.clone());
                }
                Value::Array(list) => list.push(new.clone()),
                _ => panic!("{at} is in a scalar"),
            }
        }
        let id = RecordId { operation: "create-book".to_owned(), name: "case".to_owned() };
        let record = serde_json::from_value(record).expect("a record");
        if *patch == "$none" { Records::new() } else { Records::from([(id, record)]) }
    }

    #[test]
    fn every_case_is_found_exactly_and_its_reverse_the_other_way_round() {
        let parsed = schemas::parse("behaviour.yaml", CASES).expect("valid");
        let contract = schemas::Contract::builtin().expect("loads");
        let errors = &contract.rules().errors.as_ref().expect("are described").pointers;
        let mut covered = std::collections::HashSet::new();
        for case in parsed.value.as_array().expect("a list") {
            let refused = case["refused"] == true;
            let (old, new) = (records(&case["base"], refused), records(&case["head"], refused));
            let told = |old, new| -> Vec<(String, String)> {
                let changes = compare_records(("a", old), ("b", new), Some(errors));
                assert!(changes.iter().all(|one| one.operation.as_deref() == Some("create-book")));
                changes.into_iter().map(|one| (one.rule, one.verdict.to_string())).collect()
            };
            let expected: Vec<(String, String)> = case["expect"]
                .as_array()
                .expect("a list")
                .iter()
                .map(|one| {
                    (
                        one["rule"].as_str().unwrap_or("-").into(),
                        one["verdict"].as_str().unwrap_or("-").into(),
                    )
                })
                .collect();
            let found = told(&old, &new);
            assert_eq!(found, expected, "{}", case["says"]);
            for ((rule, _), (back, _)) in found.iter().zip(told(&new, &old)) {
                let rule = crate::review::rule(rule).expect("a rule");
                assert!(rule.reverse.contains(&back.as_str()), "{}: {back}", case["says"]);
                covered.insert(rule.id);
            }
        }
        let bare: Vec<_> =
            all().filter(|rule| rule.area == "behaviour" && !covered.contains(rule.id)).collect();
        assert!(bare.is_empty(), "{bare:?}");
    }
}
