//! Contacts: emails, the one primary, labels.

use serde_json::{Value, json};

use crate::support::api::{Api, id};

/// A customer without contacts, and the path of its contacts.
async fn customer(api: &Api) -> (Value, String) {
    let made = api.make("/customers", json!({"name": "Owner"})).await;
    let path = format!("/customers/{}/contacts", id(&made));
    (made, path)
}

#[tokio::test]
async fn name_and_email_make_a_contact_with_defaults() {
    let api = Api::private();
    let (owner, path) = customer(&api).await;
    let made = api.make(&path, json!({"name": "Ada", "email": "ada@x.example"})).await;
    assert_eq!(made["object"], "contact");
    assert_eq!(made["customer_id"], owner["id"]);
    assert_eq!(
        (&made["title"], &made["is_primary"], &made["labels"]),
        (&Value::Null, &json!(false), &json!([]))
    );
    assert_eq!(api.get(&format!("/contacts/{}", id(&made))).await.is(200), made);
    assert_eq!(api.get(&path).await.is(200)["data"], json!([made]));
}

#[tokio::test]
async fn a_contact_of_a_customer_named_by_number_belongs_to_its_opaque_id() {
    let api = Api::private();
    let made = api.make("/customers/128/contacts", json!({"name": "a", "email": "n@x.example"})).await;
    assert_eq!(made["customer_id"], "cmb3x9k2p000108l5g7h2d4ef");
}

#[tokio::test]
async fn the_owner_cannot_be_sent() {
    let api = Api::private();
    let (owner, path) = customer(&api).await;
    let sent = json!({"name": "a", "email": "a@x.example", "customer_id": "cmb3x9k2p000108l5g7h2d4ef"});
    let made = api.make(&path, sent.clone()).await;
    assert_eq!(made["customer_id"], owner["id"]);
    let changed = api.patch(&format!("/contacts/{}", id(&made)), sent).await.is(200);
    assert_eq!(changed["customer_id"], owner["id"]);
}

#[tokio::test]
async fn an_email_is_stored_in_lower_case() {
    let api = Api::private();
    let (_, path) = customer(&api).await;
    let made = api.make(&path, json!({"name": "a", "email": "MiXeD@Example.ORG"})).await;
    assert_eq!(made["email"], "mixed@example.org");
    let changed =
        api.patch(&format!("/contacts/{}", id(&made)), json!({"email": "UP@X.EXAMPLE"})).await.is(200);
    assert_eq!(changed["email"], "up@x.example");
}

#[tokio::test]
async fn an_email_is_unique_for_its_customer_whatever_its_case() {
    let api = Api::private();
    let (_, path) = customer(&api).await;
    let (_, elsewhere) = customer(&api).await;
    api.make(&path, json!({"name": "a", "email": "one@x.example"})).await;
    for email in ["one@x.example", "ONE@x.example", "One@X.Example"] {
        api.post(&path, json!({"name": "b", "email": email})).await.refused(409, "email_taken", "email");
    }
    api.make(&elsewhere, json!({"name": "a", "email": "one@x.example"})).await;
    let second = api.make(&path, json!({"name": "b", "email": "two@x.example"})).await;
    let second = format!("/contacts/{}", id(&second));
    api.patch(&second, json!({"email": "ONE@X.EXAMPLE"})).await.refused(409, "email_taken", "email");
    assert_eq!(api.get(&second).await.is(200)["email"], "two@x.example", "a refused change changes nothing");
    api.patch(&second, json!({"email": "Two@X.example"})).await.is(200);
}

#[tokio::test]
async fn the_email_of_a_deleted_contact_is_free_again() {
    let api = Api::private();
    let (_, path) = customer(&api).await;
    let made = api.make(&path, json!({"name": "a", "email": "free@x.example"})).await;
    api.delete(&format!("/contacts/{}", id(&made))).await.is(200);
    api.make(&path, json!({"name": "b", "email": "free@x.example"})).await;
}

#[tokio::test]
async fn a_new_primary_demotes_the_one_before() {
    let api = Api::private();
    let (_, path) = customer(&api).await;
    let (_, elsewhere) = customer(&api).await;
    let make = |path: &str, email: &str| {
        let (api, path, body) =
            (api.clone(), path.to_owned(), json!({"name": "p", "email": email, "is_primary": true}));
        async move { api.make(&path, body).await }
    };
    let apart = make(&elsewhere, "z@x.example").await;
    let first = make(&path, "a@x.example").await;
    let second = make(&path, "b@x.example").await;
    let primaries = |rows: Vec<Value>| {
        rows.into_iter()
            .filter(|row| row["is_primary"] == true)
            .map(|row| row["id"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(primaries(api.walk(&path).await), [second["id"].clone()]);
    let demoted = api.get(&format!("/contacts/{}", id(&first))).await.is(200);
    assert_eq!(demoted["is_primary"], false);
    assert!(demoted["updated_at"].as_str() > first["updated_at"].as_str(), "a demotion is a change");
    api.patch(&format!("/contacts/{}", id(&first)), json!({"is_primary": true})).await.is(200);
    assert_eq!(primaries(api.walk(&path).await), [first["id"].clone()]);
    assert_eq!(
        primaries(api.walk(&elsewhere).await),
        [apart["id"].clone()],
        "another customer keeps its own"
    );
    api.patch(&format!("/contacts/{}", id(&first)), json!({"is_primary": true, "title": "x"})).await.is(200);
    assert_eq!(primaries(api.walk(&path).await), [first["id"].clone()], "again is no change");
    api.patch(&format!("/contacts/{}", id(&first)), json!({"is_primary": false})).await.is(200);
    assert_eq!(primaries(api.walk(&path).await), Vec::<Value>::new());
}

#[tokio::test]
async fn a_refused_contact_demotes_nobody() {
    let api = Api::private();
    let (_, path) = customer(&api).await;
    let first = api.make(&path, json!({"name": "a", "email": "a@x.example", "is_primary": true})).await;
    let taken = json!({"name": "b", "email": "a@x.example", "is_primary": true});
    api.post(&path, taken).await.refused(409, "email_taken", "email");
    assert_eq!(api.get(&format!("/contacts/{}", id(&first))).await.is(200), first);
}

#[tokio::test]
async fn labels_are_kept_in_order_and_replaced_as_a_whole() {
    let api = Api::private();
    let (_, path) = customer(&api).await;
    let made = api.make(&path, json!({"name": "a", "email": "a@x.example", "labels": ["b", "a", "b"]})).await;
    assert_eq!(made["labels"], json!(["b", "a", "b"]));
    let path = format!("/contacts/{}", id(&made));
    assert_eq!(api.patch(&path, json!({"labels": ["c"]})).await.is(200)["labels"], json!(["c"]));
    assert_eq!(api.patch(&path, json!({"labels": []})).await.is(200)["labels"], json!([]));
}

#[tokio::test]
async fn one_customers_contacts_never_show_under_another() {
    let api = Api::private();
    let (owner, path) = customer(&api).await;
    let (_, elsewhere) = customer(&api).await;
    api.make(&path, json!({"name": "a", "email": "a@x.example"})).await;
    assert_eq!(api.walk(&elsewhere).await, Vec::<Value>::new());
    for row in api.walk("/customers/5/contacts").await {
        assert_ne!(row["customer_id"], owner["id"]);
    }
}
