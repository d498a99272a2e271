//! Kinds of change of one thing in a description, each with the rules that find it.

use serde_json::{Map, Value, json};

/// One kind of change: where it can be made, and the rules of which one or several are then found.
pub(super) struct Mutation {
    pub(super) name: &'static str,
    /// Changes what stands at a pointer, given with its tokens; false where it does not apply.
    pub(super) apply: fn(&mut Value, &[&str]) -> bool,
    pub(super) rules: &'static [&'static str],
    /// The places it has at least, so that it does not come to nothing.
    pub(super) places: usize,
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

/// Every kind.
pub(super) static CATALOGUE: &[Mutation] = &[
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
        rules: &[
            "request-enum-value-removed",
            "request-enum-value-added",
            "response-enum-value-removed",
            "response-enum-value-added",
        ],
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
        rules: &["response-values-replaced"],
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
