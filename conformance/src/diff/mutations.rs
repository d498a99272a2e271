//! The built-in contract with one thing changed, at every place where that can be: each change is found by its rule, and
//! nothing else is.

use schemas::{Contract, Document, pointer};
use serde_json::{Map, Value, json};

use super::compare;
use super::verdict::Verdict;

/// One kind of change: where it can be made, and the rules of which one or several are then found.
struct Mutation {
    name: &'static str,
    /// Changes what stands at a pointer, which is told with its tokens; false where it does not apply.
    apply: fn(&mut Value, &[&str]) -> bool,
    rules: &'static [&'static str],
    /// The places it has at least, so that it does not come to nothing.
    places: usize,
}

fn map(value: &mut Value) -> Option<&mut Map<String, Value>> {
    value.as_object_mut()
}

/// Takes the first member away.
fn first(map: &mut Map<String, Value>) -> Option<(String, Value)> {
    let key = map.keys().next()?.clone();
    map.shift_remove_entry(&key)
}

/// Whether a place is a schema that says something itself: below the schemas, and no list of properties.
fn is_schema(value: &Value, at: &[&str]) -> bool {
    let inside = at.first() == Some(&"components") && at.get(1) == Some(&"schemas") && at.len() > 2;
    let named = at.len() == 3
        || matches!(at.get(at.len().wrapping_sub(2)), Some(&"properties"))
        || at.last() == Some(&"items");
    inside && named && value.is_object() && !at.iter().any(|token| token.starts_with("x-"))
}

fn member(value: &mut Value, at: &[&str], change: impl FnOnce(&mut Map<String, Value>) -> bool) -> bool {
    is_schema(value, at) && map(value).is_some_and(change)
}

/// Changes one keyword of a schema.
fn keyword(value: &mut Value, at: &[&str], key: &str, change: impl FnOnce(&mut Value) -> bool) -> bool {
    member(value, at, |map| map.get_mut(key).is_some_and(change))
}

fn shift(value: &mut Value, by: i64) -> bool {
    value.as_i64().is_some_and(|old| {
        *value = json!(old + by);
        true
    })
}

fn in_responses(at: &[&str]) -> bool {
    at.first() == Some(&"paths") && at.get(3) == Some(&"responses") && at.len() == 4
}

fn is_operation(value: &Value, at: &[&str]) -> bool {
    at.first() == Some(&"paths") && at.len() == 3 && value.get("responses").is_some()
}

const REMOVED: &[&str] =
    &["request-property-removed", "response-property-removed", "optional-response-property-removed"];

static CATALOGUE: &[Mutation] = &[
    Mutation {
        name: "the first property of an object goes",
        apply: |value, at| {
            member(value, at, |map| {
                let gone = map.get_mut("properties").and_then(Value::as_object_mut).and_then(first);
                let Some((name, _)) = gone else { return false };
                if let Some(Value::Array(required)) = map.get_mut("required") {
                    required.retain(|other| *other != json!(name));
                }
                true
            })
        },
        rules: REMOVED,
        places: 12,
    },
    Mutation {
        name: "a property more has to be there",
        apply: |value, at| {
            member(value, at, |map| {
                let Some(Value::Object(all)) = map.get_mut("properties") else { return false };
                all.insert("one_more".to_owned(), json!({"type": "string"}));
                let required = map.entry("required").or_insert_with(|| json!([]));
                required.as_array_mut().is_some_and(|list| {
                    list.push(json!("one_more"));
                    true
                })
            })
        },
        rules: &["required-request-property-added", "response-property-added"],
        places: 12,
    },
    Mutation {
        name: "a property more may be there",
        apply: |value, at| {
            keyword(value, at, "properties", |all| {
                map(all).is_some_and(|all| all.insert("one_more".to_owned(), json!({})).is_none())
            })
        },
        rules: &["request-property-added", "response-property-added"],
        places: 12,
    },
    Mutation {
        name: "a required property is optional",
        apply: |value, at| {
            keyword(value, at, "required", |list| {
                list.as_array_mut().is_some_and(|list| list.pop().is_some())
            })
        },
        rules: &["request-property-became-optional", "response-property-became-optional"],
        places: 10,
    },
    Mutation {
        name: "a lower maximum length",
        apply: |value, at| keyword(value, at, "maxLength", |bound| shift(bound, -1)),
        rules: &["request-length-tightened"],
        places: 10,
    },
    Mutation {
        name: "a higher maximum length",
        apply: |value, at| keyword(value, at, "maxLength", |bound| shift(bound, 1)),
        rules: &["request-length-loosened"],
        places: 10,
    },
    Mutation {
        name: "a higher minimum",
        apply: |value, at| keyword(value, at, "minimum", |bound| shift(bound, 1)),
        rules: &["request-range-tightened", "response-range-tightened"],
        places: 6,
    },
    Mutation {
        name: "no minimum",
        apply: |value, at| member(value, at, |map| map.shift_remove("minimum").is_some()),
        rules: &["request-range-loosened", "response-range-loosened"],
        places: 6,
    },
    Mutation {
        name: "fewer items",
        apply: |value, at| keyword(value, at, "maxItems", |bound| shift(bound, -1)),
        rules: &["request-count-tightened"],
        places: 2,
    },
    Mutation {
        name: "a value of an enum is renamed",
        apply: |value, at| {
            keyword(value, at, "enum", |list| {
                list[0] = json!("renamed");
                true
            })
        },
        rules: &["request-enum-value-renamed", "response-enum-value-renamed"],
        places: 4,
    },
    Mutation {
        name: "a value of an enum goes",
        apply: |value, at| {
            keyword(value, at, "enum", |list| list.as_array_mut().is_some_and(|list| list.pop().is_some()))
        },
        rules: &["request-enum-value-removed", "response-enum-value-removed"],
        places: 4,
    },
    Mutation {
        name: "a value of an enum comes",
        apply: |value, at| {
            keyword(value, at, "enum", |list| {
                list.as_array_mut().is_some_and(|list| {
                    list.push(json!("one_more"));
                    true
                })
            })
        },
        rules: &["request-enum-value-added", "response-enum-value-added"],
        places: 4,
    },
    Mutation {
        name: "a constant is another",
        apply: |value, at| {
            keyword(value, at, "const", |own| {
                let is_text = own.is_string();
                *own = json!("other");
                is_text
            })
        },
        rules: &["response-enum-value-renamed"],
        places: 6,
    },
    Mutation {
        name: "a text is a truth value",
        apply: |value, at| {
            keyword(value, at, "type", |own| {
                let is_text = *own == "string";
                *own = json!("boolean");
                is_text
            })
        },
        rules: &["request-type-changed", "response-type-changed"],
        places: 30,
    },
    Mutation {
        name: "null may be there",
        apply: |value, at| {
            value.get("enum").is_none()
                && keyword(value, at, "type", |own| {
                    let is_text = *own == "string";
                    *own = json!(["string", "null"]);
                    is_text
                })
        },
        rules: &["request-null-accepted", "response-became-nullable"],
        places: 30,
    },
    Mutation {
        name: "null may no longer be there",
        apply: |value, at| {
            keyword(value, at, "type", |own| {
                own.as_array_mut().is_some_and(|list| {
                    let before = list.len();
                    list.retain(|name| name != "null");
                    list.len() < before
                })
            })
        },
        rules: &["request-null-refused", "response-never-null"],
        places: 30,
    },
    Mutation {
        name: "a pattern goes",
        apply: |value, at| member(value, at, |map| map.shift_remove("pattern").is_some()),
        rules: &["response-pattern-removed"],
        places: 2,
    },
    Mutation {
        name: "a format goes",
        apply: |value, at| member(value, at, |map| map.shift_remove("format").is_some()),
        rules: &["request-format-removed", "response-format-removed"],
        places: 6,
    },
    Mutation {
        name: "a default is another",
        apply: |value, at| {
            keyword(value, at, "default", |own| {
                *own = json!("other");
                true
            })
        },
        rules: &["request-default-changed"],
        places: 5,
    },
    Mutation {
        name: "a status goes",
        apply: |value, at| in_responses(at) && map(value).and_then(first).is_some(),
        rules: &["success-status-removed"],
        places: 18,
    },
    Mutation {
        name: "an error goes",
        apply: |value, at| {
            in_responses(at) && map(value).is_some_and(|all| all.shift_remove("401").is_some())
        },
        rules: &["error-status-removed"],
        places: 17,
    },
    Mutation {
        name: "an error comes",
        apply: |value, at| {
            in_responses(at)
                && map(value).is_some_and(|all| all.insert("422".to_owned(), json!({})).is_none())
        },
        rules: &["error-status-added"],
        places: 18,
    },
    Mutation {
        name: "an operation goes",
        apply: |value, at| {
            at.first() == Some(&"paths")
                && at.len() == 2
                && map(value).is_some_and(|item| item.shift_remove("get").is_some())
        },
        rules: &["operation-removed"],
        places: 8,
    },
    Mutation {
        name: "an operationId is another",
        apply: |value, at| {
            is_operation(value, at)
                && map(value)
                    .is_some_and(|one| one.insert("operationId".to_owned(), json!("renamed")).is_some())
        },
        rules: &["operation-id-changed"],
        places: 18,
    },
    Mutation {
        name: "no key is needed",
        apply: |value, at| {
            is_operation(value, at)
                && map(value).is_some_and(|one| one.insert("security".to_owned(), json!([])).is_none())
        },
        rules: &["authentication-lifted"],
        places: 17,
    },
    Mutation {
        name: "an operation is deprecated",
        apply: |value, at| {
            is_operation(value, at)
                && map(value).is_some_and(|one| one.insert("deprecated".to_owned(), json!(true)).is_none())
        },
        rules: &["operation-deprecated"],
        places: 18,
    },
    Mutation {
        name: "a parameter goes",
        apply: |value, at| {
            let own = at.first() == Some(&"paths") && at.len() == 4 && at[3] == "parameters";
            own && value.as_array_mut().is_some_and(|list| list.pop().is_some())
        },
        rules: &["parameter-removed"],
        places: 7,
    },
    Mutation {
        name: "a parameter has to be sent",
        apply: |value, at| {
            let own = at.len() == 5 && at[3] == "parameters" && value.get("name").is_some();
            own && map(value).is_some_and(|one| one.insert("required".to_owned(), json!(true)).is_none())
        },
        rules: &["parameter-became-required"],
        places: 5,
    },
    Mutation {
        name: "a body may be left out",
        apply: |value, at| {
            at.len() == 4
                && at[3] == "requestBody"
                && map(value).is_some_and(|one| one.shift_remove("required").is_some())
        },
        rules: &["request-body-became-optional"],
        places: 6,
    },
    Mutation {
        name: "a header goes",
        apply: |value, at| {
            at.len() == 4
                && at[..2] == ["components", "responses"]
                && at[3] == "headers"
                && map(value).and_then(first).is_some()
        },
        rules: &["response-header-removed"],
        places: 10,
    },
    Mutation {
        name: "a header may be missing",
        apply: |value, at| {
            at.len() == 3
                && at[..2] == ["components", "headers"]
                && map(value).is_some_and(|one| one.shift_remove("required").is_some())
        },
        rules: &["response-header-became-optional"],
        places: 4,
    },
    Mutation {
        name: "an outcome has another code",
        apply: |value, _| {
            value.get("status").is_some_and(Value::is_u64)
                && value.get_mut("code").is_some_and(|code| {
                    *code = json!("another_code");
                    true
                })
        },
        rules: &["error-code-changed"],
        places: 25,
    },
    Mutation {
        name: "an outcome has another status",
        apply: |value, at| {
            at.iter().any(|token| token.starts_with("x-contract"))
                && value.get_mut("status").is_some_and(|status| shift(status, 1))
        },
        rules: &["error-status-changed"],
        places: 25,
    },
    Mutation {
        name: "a status has another error type",
        apply: |value, at| {
            at.len() == 4
                && at[..3] == ["x-contract", "errors", "types"]
                && map(value).is_some_and(|one| one.insert("type".to_owned(), json!("other")).is_some())
        },
        rules: &["error-type-changed"],
        places: 10,
    },
    Mutation {
        name: "a field is unique no longer",
        apply: |value, at| {
            at.last() == Some(&"x-contract-field")
                && map(value).is_some_and(|one| one.shift_remove("unique").is_some())
        },
        rules: &["field-no-longer-unique"],
        places: 2,
    },
    Mutation {
        name: "the server sets a field no longer",
        apply: |value, at| {
            at.last() == Some(&"x-contract-field")
                && map(value).is_some_and(|one| one.shift_remove("server_set").is_some())
        },
        rules: &["field-no-longer-server-set"],
        places: 15,
    },
    Mutation {
        name: "a row has another default",
        apply: |value, at| {
            at.last() == Some(&"x-contract-field")
                && value
                    .get_mut("default")
                    .and_then(map)
                    .is_some_and(|one| one.insert("value".to_owned(), json!("other")).is_some())
        },
        rules: &["row-default-changed"],
        places: 25,
    },
    Mutation {
        name: "a statement about deleting goes",
        apply: |value, at| at.last() == Some(&"deletion") && map(value).and_then(first).is_some(),
        rules: &["deletion-statement-withdrawn"],
        places: 3,
    },
];

/// Every pointer of a value, with its tokens.
fn places(value: &Value) -> Vec<Vec<String>> {
    fn walk(value: &Value, at: &mut Vec<String>, all: &mut Vec<Vec<String>>) {
        all.push(at.clone());
        let children: Vec<(String, &Value)> = match value {
            Value::Object(map) => map.iter().map(|(key, child)| (key.clone(), child)).collect(),
            Value::Array(list) => {
                list.iter().enumerate().map(|(index, child)| (index.to_string(), child)).collect()
            }
            _ => Vec::new(),
        };
        for (key, child) in children {
            at.push(key);
            walk(child, at, all);
            at.pop();
        }
    }
    let mut all = Vec::new();
    walk(value, &mut Vec::new(), &mut all);
    all
}

fn load(value: &Value) -> Document {
    Document::from_text("contract.json", &value.to_string()).expect("loads")
}

fn builtin() -> Value {
    Contract::builtin().expect("loads").document().value().clone()
}

/// The places of a description, without those in schemas that nobody refers to: they are on no wire.
fn used(whole: &Value) -> Vec<Vec<String>> {
    let text = whole.to_string();
    let named = whole["components"]["schemas"].as_object().expect("has schemas").keys();
    let unused: Vec<&String> =
        named.filter(|name| !text.contains(&format!("\"#/components/schemas/{name}\""))).collect();
    let mut all = places(whole);
    all.retain(|at| {
        let inside = at.len() > 2 && at[0] == "components" && at[1] == "schemas";
        !(inside && unused.contains(&&at[2]))
    });
    all
}

#[test]
fn every_mutation_is_found_by_its_rule_and_nothing_else_is() {
    let whole = builtin();
    let base = load(&whole);
    let all = used(&whole);
    let mut wrong = Vec::new();
    // A share of the places, another for each kind; all of them where it is asked for, which takes its time.
    let share = if std::env::var_os("CONFORMANCE_EVERY_PLACE").is_some() { 1 } else { 5 };
    for (kind, mutation) in CATALOGUE.iter().enumerate() {
        let mut applied = 0;
        for at in &all {
            let tokens: Vec<&str> = at.iter().map(String::as_str).collect();
            let place = at.iter().fold(String::new(), |place, token| pointer::join(&place, token));
            let mut part = whole.pointer(&place).expect("is there").clone();
            if !(mutation.apply)(&mut part, &tokens) {
                continue;
            }
            applied += 1;
            if applied > 1 && (applied + kind) % share != 0 {
                continue;
            }
            let mut changed = whole.clone();
            *changed.pointer_mut(&place).expect("is there") = part;
            let found = compare::found(&base, &load(&changed));
            let strays: Vec<_> = found
                .iter()
                .filter(|(_, found)| !mutation.rules.contains(&found.rule.id))
                .map(|(operation, found)| format!("{} {operation:?} {}", found.rule.id, found.subject))
                .collect();
            if found.is_empty() || !strays.is_empty() {
                wrong.push(format!("{} at {place}: {} found, strays {strays:?}", mutation.name, found.len()));
            }
        }
        if applied < mutation.places {
            wrong.push(format!("{} applies at {applied} places only", mutation.name));
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn other_words_for_the_same_are_no_change() {
    /// Every reference to a schema or response is written out once, prose is changed, and every mapping is turned round.
    fn rewritten(value: &Value, whole: &Value, inline: bool) -> Value {
        match value {
            Value::Object(map) => {
                let target = map.get("$ref").and_then(Value::as_str).and_then(pointer::of_reference);
                if let (true, Some(target), 1) = (inline, target, map.len()) {
                    return rewritten(whole.pointer(&target).expect("is there"), whole, false);
                }
                let turned = map.iter().rev().map(|(key, child)| match (key.as_str(), child) {
                    ("description" | "summary" | "title", Value::String(_)) => {
                        (key.clone(), json!("Other prose."))
                    }
                    _ => (key.clone(), rewritten(child, whole, inline)),
                });
                Value::Object(turned.collect())
            }
            Value::Array(list) => list.iter().map(|item| rewritten(item, whole, inline)).collect(),
            other => other.clone(),
        }
    }
    let whole = builtin();
    let (base, head) = (load(&whole), load(&rewritten(&whole, &whole, true)));
    for (old, new) in [(&base, &head), (&head, &base)] {
        let found: Vec<_> = compare::found(old, new)
            .into_iter()
            .map(|(operation, found)| (found.rule.id, operation, found.subject))
            .collect();
        assert_eq!(found, [], "other words");
    }
}

/// What subtraction proves of whole bodies never contradicts what the rules say of their parts.
#[test]
fn where_a_request_loses_values_a_rule_says_that_it_breaks() {
    use schemas::canonical::{Covered, covers};
    use schemas::{Side, excerpt};

    let whole = builtin();
    let base = load(&whole);
    let names = ["CustomerCreate", "ContactCreate", "OnboardingUpdate"];
    let mut proven = 0;
    for name in names {
        let root = format!("/components/schemas/{name}");
        for mutation in CATALOGUE {
            for at in places(whole.pointer(&root).expect("is there")) {
                let at: Vec<String> =
                    ["components", "schemas", name].into_iter().map(str::to_owned).chain(at).collect();
                let tokens: Vec<&str> = at.iter().map(String::as_str).collect();
                let place = at.iter().fold(String::new(), |place, token| pointer::join(&place, token));
                let mut changed = whole.clone();
                let part = changed.pointer_mut(&place).expect("is there");
                if !(mutation.apply)(part, &tokens) {
                    continue;
                }
                let head = load(&changed);
                let taken = |document| excerpt(document, Side::Request, &[&root]).expect("complete");
                let answer = covers(&taken(&head), &taken(&base));
                let found = compare::found(&base, &head);
                let breaks = found.iter().any(|(_, found)| found.rule.verdict == Verdict::Breaking);
                if let Covered::No { .. } = answer {
                    proven += 1;
                    assert!(breaks, "{} at {place}: values are lost, and no rule says so", mutation.name);
                }
                if answer == Covered::Yes {
                    // What breaks without a value being refused is what a property means, not which values it takes.
                    let other = [
                        "request-property-removed",
                        "request-default-changed",
                        "error-code-changed",
                        "error-status-changed",
                    ];
                    let harmless = found.iter().all(|(_, found)| {
                        found.rule.verdict != Verdict::Breaking || other.contains(&found.rule.id)
                    });
                    assert!(harmless, "{} at {place}: no value is lost, and a rule says so", mutation.name);
                }
            }
        }
    }
    assert!(proven >= 20, "only {proven} were decided");
}
