//! The built-in contract with one thing changed, at every place where that can be: each change is found by its rule, and
//! nothing else is.

use conformance::review::{Change, Verdict, compare_documents};
use schemas::{Contract, Document, pointer};
use serde_json::{Value, json};

use super::mutation_catalogue::CATALOGUE;

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
            let found = compare_documents(&base, &load(&changed));
            let strays: Vec<_> = found
                .iter()
                .filter(|change| !mutation.rules.contains(&change.rule.as_str()))
                .map(|change| format!("{} {:?} {}", change.rule, change.operation, change.subject))
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
        let found: Vec<_> = compare_documents(old, new)
            .into_iter()
            .map(|change| (change.rule, change.operation, change.subject))
            .collect();
        assert_eq!(found, [], "other words");
    }
}

/// What the rule says before the standing of the statement is weighed.
fn is_breaking_by_rule(change: &Change) -> bool {
    change.of_rule().is_some_and(|rule| rule.verdict == Verdict::Breaking)
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
                let found = compare_documents(&base, &head);
                let breaks = found.iter().any(is_breaking_by_rule);
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
                    let harmless = found
                        .iter()
                        .all(|change| !is_breaking_by_rule(change) || other.contains(&change.rule.as_str()));
                    assert!(harmless, "{} at {place}: no value is lost, and a rule says so", mutation.name);
                }
            }
        }
    }
    assert!(proven >= 20, "only {proven} were decided");
}
