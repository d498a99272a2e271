//! Onboardings: defaults, the derived state, and the times that follow from the phase.

use serde_json::{Value, json};

use crate::support::api::{Api, id};

async fn made(api: &Api, more: Value) -> Value {
    let mut body = json!({"customer_id": "128"});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    api.make("/onboardings", body).await
}

async fn changed(api: &Api, row: &Value, body: Value) -> Value {
    let path = format!("/onboardings/{}", id(row));
    let changed = api.patch(&path, body).await.is(200);
    assert_eq!(api.get(&path).await.is(200), changed, "a read returns what the update returned");
    changed
}

/// Whether a state filter finds a row.
async fn found(api: &Api, row: &Value, state: &str) -> bool {
    api.walk(&format!("/onboardings?limit=100&state={state}"))
        .await
        .iter()
        .any(|other| other["id"] == row["id"])
}

#[tokio::test]
async fn a_customer_alone_makes_an_onboarding_with_defaults() {
    let api = Api::private();
    let row = made(&api, json!({})).await;
    assert_eq!(row["customer_id"], "cmb3x9k2p000108l5g7h2d4ef");
    assert_eq!(
        (row["phase"].as_str(), row["state"].as_str()),
        (Some("before_getting_started"), Some("active"))
    );
    assert_eq!((&row["reminders_enabled"], &row["reminder_frequency_days"]), (&json!(true), &json!(1)));
    assert_eq!(row["waiting_on_customer"], false);
    for field in [
        "template_id",
        "started_at",
        "completed_at",
        "target_launch_date",
        "csm_id",
        "se_id",
        "designer_id",
        "product_ops_id",
        "notes",
    ] {
        assert_eq!(row[field], Value::Null, "{field}");
    }
    assert_eq!(api.get("/onboardings?limit=1").await.is(200)["data"], json!([row]));
    assert_eq!(api.get("/customers/128/onboardings?limit=1").await.is(200)["data"], json!([row]));
}

#[tokio::test]
async fn the_customer_may_be_named_by_either_id_as_text_or_number() {
    let api = Api::private();
    for name in [json!("128"), json!(128), json!(128.0), json!("cmb3x9k2p000108l5g7h2d4ef")] {
        let row = api.make("/onboardings", json!({"customer_id": name})).await;
        assert_eq!(row["customer_id"], "cmb3x9k2p000108l5g7h2d4ef");
    }
}

#[tokio::test]
async fn an_unknown_customer_is_not_found() {
    let api = Api::private();
    for name in
        [json!("nobody"), json!("999999"), json!(999_999), json!(-1), json!(""), json!("bright-future-tech")]
    {
        let refused = api.post("/onboardings", json!({"customer_id": name})).await;
        refused.refused(404, "customer_not_found", None);
    }
}

#[tokio::test]
async fn every_phase_and_state_is_accepted() {
    let api = Api::private();
    let phases = [
        "before_getting_started",
        "program_design",
        "review",
        "program_buildout",
        "internal_qa",
        "launch",
        "completed",
    ];
    for phase in phases {
        assert_eq!(made(&api, json!({"phase": phase})).await["phase"], phase);
    }
    for state in ["active", "paused", "at_risk", "waiting"] {
        assert_eq!(made(&api, json!({"state": state})).await["state"], state);
    }
}

#[tokio::test]
async fn waiting_on_the_customer_shows_as_the_state_waiting() {
    let api = Api::private();
    let row = made(&api, json!({"waiting_on_customer": true, "state": "paused"})).await;
    assert_eq!((&row["state"], &row["waiting_on_customer"]), (&json!("waiting"), &json!(true)));
    assert!(found(&api, &row, "waiting").await && !found(&api, &row, "paused").await);
}

#[tokio::test]
async fn setting_the_state_to_waiting_sets_the_flag() {
    let api = Api::private();
    let row = made(&api, json!({"state": "waiting"})).await;
    assert_eq!((&row["state"], &row["waiting_on_customer"]), (&json!("waiting"), &json!(true)));
    let row = made(&api, json!({})).await;
    let row = changed(&api, &row, json!({"state": "waiting"})).await;
    assert_eq!(row["waiting_on_customer"], true);
    assert!(found(&api, &row, "waiting").await && !found(&api, &row, "active").await);
}

#[tokio::test]
async fn setting_another_state_clears_the_flag() {
    let api = Api::private();
    let row = made(&api, json!({"state": "waiting"})).await;
    let row = changed(&api, &row, json!({"state": "at_risk"})).await;
    assert_eq!((&row["state"], &row["waiting_on_customer"]), (&json!("at_risk"), &json!(false)));
    assert!(found(&api, &row, "at_risk").await && !found(&api, &row, "waiting").await);
}

#[tokio::test]
async fn the_hidden_state_returns_when_the_flag_is_cleared() {
    let api = Api::private();
    let row = made(&api, json!({"state": "paused"})).await;
    let row = changed(&api, &row, json!({"waiting_on_customer": true})).await;
    assert_eq!(row["state"], "waiting");
    let row = changed(&api, &row, json!({"notes": "still"})).await;
    assert_eq!(row["state"], "waiting", "another change leaves it");
    let row = changed(&api, &row, json!({"waiting_on_customer": false})).await;
    assert_eq!(row["state"], "paused");
    assert!(found(&api, &row, "paused").await && !found(&api, &row, "waiting").await);
}

#[tokio::test]
async fn a_state_sent_with_the_flag_is_kept_beneath_it() {
    let api = Api::private();
    let row = made(&api, json!({})).await;
    let row = changed(&api, &row, json!({"state": "at_risk", "waiting_on_customer": true})).await;
    assert_eq!(row["state"], "waiting");
    let row = changed(&api, &row, json!({"waiting_on_customer": false})).await;
    assert_eq!(row["state"], "at_risk");
}

#[tokio::test]
async fn leaving_the_first_phase_stamps_started_at_once() {
    let api = Api::private();
    let row = made(&api, json!({})).await;
    let started = changed(&api, &row, json!({"phase": "review"})).await;
    assert_eq!(started["started_at"], started["updated_at"]);
    let back = changed(&api, &row, json!({"phase": "before_getting_started"})).await;
    let again = changed(&api, &row, json!({"phase": "launch"})).await;
    assert_eq!((&back["started_at"], &again["started_at"]), (&started["started_at"], &started["started_at"]));
    assert_eq!(again["completed_at"], Value::Null);
}

#[tokio::test]
async fn entering_the_last_phase_stamps_completed_at() {
    let api = Api::private();
    let row = made(&api, json!({"phase": "launch"})).await;
    let completed = changed(&api, &row, json!({"phase": "completed"})).await;
    assert_eq!(completed["completed_at"], completed["updated_at"]);
    let noted = changed(&api, &row, json!({"phase": "completed", "notes": "done"})).await;
    assert_eq!(noted["completed_at"], completed["completed_at"], "staying is not entering");
}

#[tokio::test]
async fn an_onboarding_may_begin_completed() {
    let row = made(&Api::private(), json!({"phase": "completed"})).await;
    assert_eq!((&row["started_at"], &row["completed_at"]), (&row["created_at"], &row["created_at"]));
}

#[tokio::test]
async fn the_times_of_the_phase_cannot_be_sent() {
    let forged =
        json!({"started_at": "2000-01-01T00:00:00.000Z", "completed_at": "2000-01-01T00:00:00.000Z"});
    let api = Api::private();
    let row = made(&api, forged.clone()).await;
    assert_eq!((&row["started_at"], &row["completed_at"]), (&Value::Null, &Value::Null));
    let row = changed(&api, &row, forged).await;
    assert_eq!((&row["started_at"], &row["completed_at"]), (&Value::Null, &Value::Null));
}

#[tokio::test]
async fn an_onboarding_stays_with_its_customer() {
    let api = Api::private();
    let row = made(&api, json!({})).await;
    let row = changed(&api, &row, json!({"customer_id": "5"})).await;
    assert_eq!(row["customer_id"], "cmb3x9k2p000108l5g7h2d4ef");
}

#[tokio::test]
async fn null_clears_what_may_be_null() {
    let api = Api::private();
    let full = json!({"notes": "n", "csm_id": "u1", "template_id": "t", "target_launch_date": "2026-08-01T00:00:00Z"});
    let row = made(&api, full.clone()).await;
    for (field, value) in full.as_object().unwrap() {
        assert_eq!(&row[field], value);
        let row = changed(&api, &row, json!({field: null})).await;
        assert_eq!(row[field], Value::Null, "{field}");
    }
}
