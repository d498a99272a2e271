//! PATCH: only what is sent changes.

use serde_json::{Value, json};

use crate::support::api::Api;

const ROWS: [&str; 3] = ["/customers/128", "/contacts/412", "/onboardings/77"];

#[tokio::test]
async fn an_empty_change_is_accepted_and_moves_the_time_alone() {
    let api = Api::private();
    for path in ROWS {
        let before = api.get(path).await.is(200);
        let mut after = api.patch(path, json!({})).await.is(200);
        assert!(after["updated_at"].as_str() > before["updated_at"].as_str(), "{path}");
        after["updated_at"] = before["updated_at"].clone();
        assert_eq!(after, before);
    }
}

#[tokio::test]
async fn only_the_fields_that_are_sent_change() {
    let api = Api::private();
    for (path, field, value) in [
        ("/customers/128", "plan", json!("scale")),
        ("/customers/128", "name", json!("Bright Future Technologies")),
        ("/contacts/412", "title", json!("Chief")),
        ("/onboardings/77", "notes", json!("call back")),
    ] {
        let before = api.get(path).await.is(200);
        let mut after = api.patch(path, json!({field: value})).await.is(200);
        assert_eq!(after[field], value);
        assert_eq!(api.get(path).await.is(200), after);
        after[field] = before[field].clone();
        after["updated_at"] = before["updated_at"].clone();
        assert_eq!(after, before);
    }
}

#[tokio::test]
async fn the_time_of_change_moves_on_and_the_time_of_creation_stays() {
    let api = Api::private();
    for path in ROWS {
        let made = api.get(path).await.is(200);
        let mut last = made["updated_at"].as_str().unwrap().to_owned();
        for _ in 0..5 {
            let row = api.patch(path, json!({})).await.is(200);
            assert!(row["updated_at"].as_str() > Some(&last));
            assert_eq!(row["created_at"], made["created_at"]);
            last = row["updated_at"].as_str().unwrap().to_owned();
        }
    }
}

#[tokio::test]
async fn a_change_does_not_move_a_row_in_its_list() {
    let api = Api::private();
    let before: Vec<Value> = api.walk("/customers").await.iter().map(|row| row["id"].clone()).collect();
    api.patch("/customers/128", json!({"name": "z"})).await.is(200);
    let after: Vec<Value> = api.walk("/customers").await.iter().map(|row| row["id"].clone()).collect();
    assert_eq!(before, after);
}

#[tokio::test]
async fn changing_what_never_was_is_not_found_whatever_is_sent() {
    let api = Api::private();
    for (path, code) in [
        ("/customers", "customer_not_found"),
        ("/contacts", "contact_not_found"),
        ("/onboardings", "onboarding_not_found"),
    ] {
        for name in ["nobody", "999999"] {
            api.patch(&format!("{path}/{name}"), json!({})).await.refused(404, code, None);
        }
    }
}

#[tokio::test]
async fn unset_optional_fields_can_be_set_and_cleared_again() {
    let api = Api::private();
    let set = json!({"slug": "set", "domain": "d.example", "plan": "p", "mrr": 5, "slack_channel_id": "C1"});
    let made = api.make("/customers", json!({"name": "a"})).await;
    let path = format!("/customers/{}", made["display_id"]);
    let row = api.patch(&path, set.clone()).await.is(200);
    for (field, value) in set.as_object().unwrap() {
        assert_eq!(&row[field], value);
        assert_eq!(api.patch(&path, json!({field: null})).await.is(200)[field], Value::Null);
    }
}
