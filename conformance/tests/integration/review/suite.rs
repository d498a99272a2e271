//! Every case of `tests/review-suite`: two descriptions, and all that is to be found between them.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, LazyLock};

use schemas::{Contract, Document, pointer};
use serde_json::Value;

use conformance::review::{compare_documents, rules};

/// The areas of the suite, and their cases.
const AREAS: [(&str, &str); 21] = [
    ("operations", include_str!("../../review-suite/operations.yaml")),
    ("sunset", include_str!("../../review-suite/sunset.yaml")),
    ("parameters", include_str!("../../review-suite/parameters.yaml")),
    ("bodies", include_str!("../../review-suite/bodies.yaml")),
    ("responses", include_str!("../../review-suite/responses.yaml")),
    ("properties", include_str!("../../review-suite/properties.yaml")),
    ("types", include_str!("../../review-suite/types.yaml")),
    ("values", include_str!("../../review-suite/values.yaml")),
    ("bounds", include_str!("../../review-suite/bounds.yaml")),
    ("text", include_str!("../../review-suite/text.yaml")),
    ("composition", include_str!("../../review-suite/composition.yaml")),
    ("authentication", include_str!("../../review-suite/authentication.yaml")),
    ("servers", include_str!("../../review-suite/servers.yaml")),
    ("calls", include_str!("../../review-suite/calls.yaml")),
    ("errors", include_str!("../../review-suite/errors.yaml")),
    ("pages", include_str!("../../review-suite/pages.yaml")),
    ("idempotency", include_str!("../../review-suite/idempotency.yaml")),
    ("rate", include_str!("../../review-suite/rate.yaml")),
    ("resources", include_str!("../../review-suite/resources.yaml")),
    ("fields", include_str!("../../review-suite/fields.yaml")),
    ("standing", include_str!("../../review-suite/standing.yaml")),
];

struct Case {
    /// The area and what the case says.
    name: String,
    base: Arc<Document>,
    head: Arc<Document>,
    /// Rule, verdict, operation.
    expected: Vec<[String; 3]>,
    /// The other way round it is another change.
    is_one_way: bool,
}

fn parsed(name: &str, text: &str) -> Value {
    schemas::parse(name, text).unwrap_or_else(|error| panic!("{error}")).value
}

fn description() -> Value {
    parsed("description.yaml", include_str!("../../review-suite/description.yaml"))
}

/// The description with a patch: pointers to values; `$gone` removes, `$copy POINTER` copies.
fn patched(patch: &Value) -> Value {
    let whole = description();
    let mut value = whole.clone();
    for (at, new) in patch.as_object().into_iter().flatten() {
        let (owner, _) = at.rsplit_once('/').expect("a pointer");
        let last = pointer::tokens(at).last().expect("a token");
        let owner = value.pointer_mut(owner).unwrap_or_else(|| panic!("{at} has no owner"));
        let new = match new.as_str().and_then(|word| word.strip_prefix("$copy ")) {
            Some(from) => whole.pointer(from).expect("is there").clone(),
            None => new.clone(),
        };
        match owner {
            Value::Object(map) if new == "$gone" => {
                assert!(map.shift_remove(&last).is_some(), "{at} is not there");
            }
            Value::Object(map) => {
                map.insert(last, new);
            }
            Value::Array(list) if new == "$gone" => {
                list.remove(last.parse().expect("an index"));
            }
            Value::Array(list) => list.insert(last.parse().expect("an index"), new),
            _ => panic!("{at} is in a scalar"),
        }
    }
    value
}

/// A description, and what is wrong with it by all the checks of a load.
fn checked(name: &str, value: &Value) -> (Document, Option<String>) {
    let text = value.to_string();
    let problem = Contract::from_text(name, &text).err().map(|error| error.to_string());
    (Document::from_text(name, &text).expect("loads"), problem)
}

/// Every case, loaded once.
static CASES: LazyLock<Vec<Case>> = LazyLock::new(|| {
    let mut problems = Vec::new();
    let mut known: HashMap<String, Arc<Document>> = HashMap::new();
    let mut load = |name: &str, patch: &Value, is_unchecked: bool| {
        let value = patched(patch);
        let document = || {
            let (document, problem) = checked(name, &value);
            problems.extend(problem.filter(|_| !is_unchecked));
            Arc::new(document)
        };
        Arc::clone(known.entry(value.to_string()).or_insert_with(document))
    };
    let mut cases = Vec::new();
    for (area, text) in AREAS {
        for case in parsed(area, text).as_array().expect("a list") {
            let name = format!("{area}: {}", case["says"].as_str().expect("a text"));
            let word = |one: &Value, key: &str| one[key].as_str().unwrap_or("-").to_owned();
            let is_unchecked = case["unchecked"] == true;
            let expected = case["expect"].as_array().expect("a list").iter();
            cases.push(Case {
                is_one_way: case["one_way"] == true,
                base: load(&format!("{name}, base.json"), &case["base"], is_unchecked),
                head: load(&format!("{name}, head.json"), &case["head"], is_unchecked),
                expected: expected
                    .map(|one| [word(one, "rule"), word(one, "verdict"), word(one, "operation")])
                    .collect(),
                name,
            });
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    cases
});

#[test]
fn every_case_is_found_exactly() {
    let mut wrong = Vec::new();
    for case in CASES.iter() {
        let changes = compare_documents(&case.base, &case.head);
        let mut found: Vec<[String; 3]> = changes
            .iter()
            .map(|one| {
                let operation = one.operation.clone().unwrap_or_else(|| "-".to_owned());
                [one.rule.clone(), one.verdict.to_string(), operation]
            })
            .collect();
        let mut expected = case.expected.clone();
        found.sort();
        expected.sort();
        if found != expected {
            let told: Vec<String> = changes
                .iter()
                .map(|one| {
                    format!(
                        "    {} {} {:?} {:?} -> {:?} at {}",
                        one.verdict, one.rule, one.subject, one.before, one.after, one.place
                    )
                })
                .collect();
            wrong.push(format!("{}\n  expected {expected:?}\n  found\n{}", case.name, told.join("\n")));
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_description_against_itself_is_no_change() {
    for case in CASES.iter() {
        for document in [&case.base, &case.head] {
            assert_eq!(compare_documents(document, document), Vec::new(), "{}", case.name);
        }
    }
}

#[test]
fn the_other_way_round_every_rule_has_its_reverse() {
    let mut wrong = Vec::new();
    for case in CASES.iter().filter(|case| !case.is_one_way) {
        let forth = compare_documents(&case.base, &case.head);
        let back = compare_documents(&case.head, &case.base);
        let mut left: Vec<&str> = back.iter().map(|one| one.rule.as_str()).collect();
        for change in &forth {
            let reverse = change.of_rule().expect("a rule").reverse;
            match left.iter().position(|rule| reverse.contains(rule)) {
                Some(index) => {
                    left.remove(index);
                }
                None => wrong.push(format!("{}: {} has no reverse among {left:?}", case.name, change.rule)),
            }
        }
        if !left.is_empty() {
            wrong.push(format!("{}: {left:?} has no reverse", case.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_has_a_case_in_the_file_of_its_area() {
    let mut covered = BTreeSet::new();
    for (area, text) in AREAS {
        for case in parsed(area, text).as_array().expect("a list") {
            let rules = case["expect"].as_array().expect("a list").iter();
            covered.extend(rules.map(|one| (area, one["rule"].as_str().expect("a rule").to_owned())));
        }
    }
    let has_case = |area: &str, id: &str| covered.contains(&(area, id.to_owned()));
    let bare: Vec<&str> = rules()
        .filter(|rule| rule.area != "behaviour" && !has_case(rule.area, rule.id))
        .map(|rule| rule.id)
        .collect();
    assert!(bare.is_empty(), "{bare:?}");
}

#[test]
fn fingerprints_do_not_follow_the_lines() {
    let patch = serde_json::json!({"/components/schemas/Draft/properties/title/maxLength": 100});
    let base = description();
    let head = patched(&patch);
    let prints = |base: &Document, head: &Document| -> Vec<String> {
        compare_documents(base, head).into_iter().map(|one| one.fingerprint).collect()
    };
    let load = |value: &Value| checked("any.json", value).0;
    let plain = prints(&load(&base), &load(&head));
    let mut moved = head;
    moved["info"]["description"] = "Much\nmore\nprose.".into();
    let pretty = serde_json::to_string_pretty(&moved).expect("JSON");
    let elsewhere = Document::from_text("other.json", &pretty).expect("loads");
    assert_eq!(prints(&load(&base), &elsewhere), plain);
    assert_eq!(plain.len(), 1);
}
