//! Every operation and every status that the contract states, reached for real.

use std::collections::BTreeSet;

use schemas::StatusPattern;
use serde_json::{Value, json};

use crate::support::api::{Api, id};
use crate::support::contract::operation;
use crate::support::{Answer, Own, builtin};

/// Calls made, by operation and status.
#[derive(Default)]
struct Reached(BTreeSet<(String, u16)>);

impl Reached {
    fn note(&mut self, answer: &Answer) {
        let (method, target) = answer.asked.split_once(' ').unwrap();
        let path = target.split('?').next().unwrap();
        let contract = builtin();
        let operation = operation(&contract, method, path).unwrap();
        self.0.insert((operation.id.clone(), answer.status));
    }
}

/// What the contract states.
fn stated() -> BTreeSet<(String, u16)> {
    let contract = builtin();
    let all = contract.operations().iter().flat_map(|operation| {
        operation.responses.iter().map(|response| match response.status {
            StatusPattern::Exact(status) => (operation.id.clone(), status),
            other => panic!("{} states {other:?}", operation.id),
        })
    });
    all.collect()
}

/// One call of every operation, on rows that `made` names.
fn calls(customer: &str, contact: &str, onboarding: &str) -> Vec<(&'static str, String, Option<Value>)> {
    let person = json!({"name": "A", "email": "a@b.example"});
    vec![
        ("GET", "/me".to_owned(), None),
        ("GET", "/health".to_owned(), None),
        ("GET", "/customers".to_owned(), None),
        ("POST", "/customers".to_owned(), Some(json!({"name": "A"}))),
        ("GET", format!("/customers/{customer}"), None),
        ("PATCH", format!("/customers/{customer}"), Some(json!({"plan": "p"}))),
        ("GET", format!("/customers/{customer}/contacts"), None),
        ("POST", format!("/customers/{customer}/contacts"), Some(person)),
        ("GET", format!("/customers/{customer}/onboardings"), None),
        ("GET", format!("/contacts/{contact}"), None),
        ("PATCH", format!("/contacts/{contact}"), Some(json!({"title": "t"}))),
        ("GET", "/onboardings".to_owned(), None),
        ("POST", "/onboardings".to_owned(), Some(json!({"customer_id": customer}))),
        ("GET", format!("/onboardings/{onboarding}"), None),
        ("PATCH", format!("/onboardings/{onboarding}"), Some(json!({"notes": "n"}))),
        ("DELETE", format!("/onboardings/{onboarding}"), None),
        ("DELETE", format!("/contacts/{contact}"), None),
        ("DELETE", format!("/customers/{customer}"), None),
    ]
}

async fn call(api: &Api, method: &str, target: &str, body: Option<&Value>) -> Answer {
    api.send(method, target, |request| match body {
        Some(body) => request.json(body),
        None => request,
    })
    .await
}

#[tokio::test]
async fn every_operation_answers_every_status_that_the_contract_states() {
    let own = Own::start(|builder| builder).await;
    let api = &own.api;
    let mut reached = Reached::default();
    let customer = api.make("/customers", json!({"name": "C", "slug": "c"})).await;
    let person = json!({"name": "P", "email": "p@q.example"});
    let contact = api.make(&format!("/customers/{}/contacts", id(&customer)), person.clone()).await;
    let onboarding = api.make("/onboardings", json!({"customer_id": id(&customer)})).await;
    let listed = calls(id(&customer), id(&contact), id(&onboarding));
    let nowhere = calls("nobody", "nobody", "nobody");
    assert_eq!(listed.len(), builtin().operations().len(), "one call of every operation");

    let limited = Own::start(|builder| builder.rate_limit("1/min".parse().unwrap())).await;
    limited.api.get("/me").await.is(200);
    for (method, target, body) in &listed {
        if target != "/health" {
            reached.note(&call(&api.without_key(), method, target, body.as_ref()).await);
            reached.note(&call(&limited.api, method, target, body.as_ref()).await);
        }
        if matches!(*method, "POST" | "PATCH") {
            let refused =
                call(api, method, target, Some(&json!({"name": 5, "customer_id": true, "notes": 5}))).await;
            assert_eq!(refused.status, 400, "{refused}");
            reached.note(&refused);
        }
        if *method == "GET" && !target.ends_with(id(&customer)) {
            let asked = format!("{target}?limit=0");
            reached.note(&call(api, method, &asked, None).await);
        }
    }
    for (method, target, body) in nowhere.iter().filter(|(method, target, _)| {
        target.contains("nobody") || (*method == "POST" && target.starts_with("/onboardings"))
    }) {
        let refused = call(api, method, target, body.as_ref()).await;
        assert_eq!(refused.status, 404, "{refused}");
        reached.note(&refused);
    }
    reached.note(&api.post("/customers", json!({"name": "D", "slug": "c"})).await);
    reached.note(&api.patch("/customers/128", json!({"slug": "c"})).await);
    let contacts = format!("/customers/{}/contacts", id(&customer));
    reached.note(&api.post(&contacts, person.clone()).await);
    let second = api.make(&contacts, json!({"name": "Q", "email": "q@q.example"})).await;
    reached.note(&api.patch(&format!("/contacts/{}", id(&second)), json!({"email": "p@q.example"})).await);
    api.post_once("/onboardings", "k", json!({"customer_id": "128"})).await.is(201);
    reached.note(&api.post_once("/onboardings", "k", json!({"customer_id": "5"})).await);
    for (method, target, body) in &listed {
        let answer = call(api, method, target, body.as_ref()).await;
        assert!(answer.status < 300, "{answer}");
        reached.note(&answer);
    }

    let missed: Vec<_> = stated().difference(&reached.0).cloned().collect();
    assert_eq!(missed, [], "stated and never reached");
    let beyond: Vec<_> = reached.0.difference(&stated()).cloned().collect();
    assert_eq!(beyond, [], "reached and not stated");
}

#[tokio::test]
async fn every_row_is_found_by_either_id() {
    let api = Api::private();
    for (path, number, opaque) in [
        ("/customers", 128, "cmb3x9k2p000108l5g7h2d4ef"),
        ("/contacts", 412, "cmb3xa7w1000308l5c9f6e0ab"),
        ("/onboardings", 77, "cmb3xb5d9000508l5a1k8j3mn"),
    ] {
        let by_number = api.get(&format!("{path}/{number}")).await.is(200);
        let by_opaque = api.get(&format!("{path}/{opaque}")).await.is(200);
        assert_eq!(by_number, by_opaque);
        assert_eq!(
            (by_number["id"].as_str(), by_number["display_id"].as_i64()),
            (Some(opaque), Some(number))
        );
        let changed = api.patch(&format!("{path}/{number}"), json!({})).await.is(200);
        assert_eq!(api.get(&format!("{path}/{opaque}")).await.is(200), changed);
    }
    let lists = ["/customers/128/contacts", "/customers/128/onboardings", "/onboardings?customer_id=128"];
    for list in lists {
        let by_number = api.get(list).await.is(200);
        assert_ne!(by_number["data"], json!([]), "{list}");
        assert_eq!(by_number, api.get(&list.replace("128", "cmb3x9k2p000108l5g7h2d4ef")).await.is(200));
    }
}

#[tokio::test]
async fn a_slug_in_the_place_of_an_id_finds_nothing() {
    let api = Api::private();
    let slug = api.get("/customers/128").await.is(200)["slug"].as_str().unwrap().to_owned();
    for path in ["", "/contacts", "/onboardings"] {
        api.get(&format!("/customers/{slug}{path}")).await.refused(404, "customer_not_found", None);
    }
    api.patch(&format!("/customers/{slug}"), json!({})).await.refused(404, "customer_not_found", None);
    api.delete(&format!("/customers/{slug}")).await.refused(404, "customer_not_found", None);
}

#[tokio::test]
async fn a_slug_of_digits_is_no_number_of_a_row() {
    let api = Api::private();
    let made = api.make("/customers", json!({"name": "Digits", "slug": "987654321"})).await;
    api.get("/customers/987654321").await.refused(404, "customer_not_found", None);
    assert_eq!(api.get("/customers?slug=987654321").await.is(200)["data"], json!([made]));
}

#[tokio::test]
async fn numbers_go_up_and_opaque_ids_are_never_digits_alone() {
    let api = Api::private();
    let (one, two) = (
        api.make("/customers", json!({"name": "a"})).await,
        api.make("/customers", json!({"name": "b"})).await,
    );
    assert!(two["display_id"].as_i64() > one["display_id"].as_i64());
    assert_ne!(one["id"], two["id"]);
    api.delete(&format!("/customers/{}", id(&two))).await.is(200);
    let three = api.make("/customers", json!({"name": "c"})).await;
    assert!(
        three["display_id"].as_i64() > two["display_id"].as_i64(),
        "a deleted row's number is not given again"
    );
}
