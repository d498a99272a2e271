//! What is refused with 400, with which code, and which property is blamed.

use serde_json::{Value, json};

use crate::support::api::{Api, ids};

/// A text of so many characters, each of two bytes.
fn text(characters: usize) -> String {
    "é".repeat(characters)
}

/// Asserts that a body is refused and that nothing was made.
async fn refused(api: &Api, target: &str, body: Value, code: &str, field: &str) {
    api.post(target, body).await.refused(400, code, field);
}

fn customer(field: &str, value: Value) -> Value {
    let mut body = json!({"name": "a"});
    body[field] = value;
    body
}

fn contact(field: &str, value: Value) -> Value {
    let mut body = json!({"name": "a", "email": "a@x.example"});
    body[field] = value;
    body
}

fn onboarding(field: &str, value: Value) -> Value {
    let mut body = json!({"customer_id": "128"});
    body[field] = value;
    body
}

#[tokio::test]
async fn an_absent_required_property_is_missing() {
    let api = Api::private();
    refused(&api, "/customers", json!({}), "missing_field", "name").await;
    refused(&api, "/customers", json!({"slug": "s"}), "missing_field", "name").await;
    let contacts = "/customers/128/contacts";
    refused(&api, contacts, json!({"email": "a@x.example"}), "missing_field", "name").await;
    refused(&api, contacts, json!({"name": "a"}), "missing_field", "email").await;
    refused(&api, "/onboardings", json!({}), "missing_field", "customer_id").await;
}

#[tokio::test]
async fn another_type_is_refused() {
    let api = Api::private();
    for field in ["name", "slug", "domain", "plan", "hubspot_company_id", "slack_channel_id"] {
        for value in [json!(1), json!(true), json!([]), json!({})] {
            refused(&api, "/customers", customer(field, value), "invalid_type", field).await;
        }
    }
    for field in ["mrr", "monthly_orders"] {
        for value in [json!("1"), json!(1.5), json!(false), json!([1])] {
            refused(&api, "/customers", customer(field, value), "invalid_type", field).await;
        }
    }
    let contacts = "/customers/128/contacts";
    refused(&api, contacts, contact("email", json!(1)), "invalid_type", "email").await;
    refused(&api, contacts, contact("is_primary", json!("yes")), "invalid_type", "is_primary").await;
    refused(&api, contacts, contact("is_primary", json!(1)), "invalid_type", "is_primary").await;
    refused(&api, contacts, contact("labels", json!("one")), "invalid_type", "labels").await;
    refused(&api, contacts, contact("labels", json!({})), "invalid_type", "labels").await;
    for value in [json!(true), json!([]), json!({}), json!(1.5)] {
        refused(&api, "/onboardings", json!({"customer_id": value}), "invalid_type", "customer_id").await;
    }
    refused(
        &api,
        "/onboardings",
        onboarding("waiting_on_customer", json!(0)),
        "invalid_type",
        "waiting_on_customer",
    )
    .await;
    refused(&api, "/onboardings", onboarding("notes", json!(5)), "invalid_type", "notes").await;
    refused(
        &api,
        "/onboardings",
        onboarding("reminder_frequency_days", json!("1")),
        "invalid_type",
        "reminder_frequency_days",
    )
    .await;
}

#[tokio::test]
async fn a_wrong_type_in_a_label_blames_that_label() {
    let api = Api::private();
    refused(&api, "/customers/128/contacts", contact("labels", json!(["a", 1])), "invalid_type", "labels.1")
        .await;
    refused(&api, "/customers/128/contacts", contact("labels", json!([""])), "too_small", "labels.0").await;
    refused(&api, "/customers/128/contacts", contact("labels", json!([text(61)])), "too_big", "labels.0")
        .await;
}

#[tokio::test]
async fn null_is_refused_on_create() {
    let api = Api::private();
    for field in ["name", "slug", "domain", "status", "plan", "mrr", "monthly_orders", "stripe_customer_id"] {
        refused(&api, "/customers", customer(field, Value::Null), "invalid_type", field).await;
    }
    for field in ["name", "email", "title", "is_primary", "labels"] {
        refused(&api, "/customers/128/contacts", contact(field, Value::Null), "invalid_type", field).await;
    }
    for field in ["customer_id", "phase", "state", "waiting_on_customer"] {
        refused(&api, "/onboardings", onboarding(field, Value::Null), "invalid_type", field).await;
    }
}

#[tokio::test]
async fn null_on_update_clears_only_what_may_be_null() {
    let api = Api::private();
    for field in ["slug", "domain", "plan", "mrr", "monthly_orders", "hubspot_deal_id"] {
        assert_eq!(api.patch("/customers/128", json!({field: null})).await.is(200)[field], Value::Null);
    }
    for field in ["name", "status"] {
        api.patch("/customers/128", json!({field: null})).await.refused(400, "invalid_type", field);
    }
    for field in ["name", "email", "is_primary", "labels"] {
        api.patch("/contacts/412", json!({field: null})).await.refused(400, "invalid_type", field);
    }
    assert_eq!(api.patch("/contacts/412", json!({"title": null})).await.is(200)["title"], Value::Null);
    for field in ["phase", "state", "waiting_on_customer"] {
        api.patch("/onboardings/77", json!({field: null})).await.refused(400, "invalid_type", field);
    }
}

#[tokio::test]
async fn lengths_are_counted_in_characters_and_bounds_belong_to_the_range() {
    let api = Api::private();
    for (field, least, most) in [("name", 1, 255), ("slug", 1, 120), ("domain", 0, 255), ("plan", 0, 120)] {
        for length in [least, most] {
            let body = customer(field, json!(text(length)));
            assert_eq!(api.make("/customers", body).await[field], text(length));
        }
        refused(&api, "/customers", customer(field, json!(text(most + 1))), "too_big", field).await;
        let longer = api.patch("/customers/128", json!({field: text(most + 1)})).await;
        longer.refused(400, "too_big", field);
        if least > 0 {
            refused(&api, "/customers", customer(field, json!("")), "too_small", field).await;
            api.patch("/customers/128", json!({field: ""})).await.refused(400, "too_small", field);
        }
    }
}

#[tokio::test]
async fn a_character_outside_the_basic_plane_counts_once() {
    let api = Api::private();
    api.make("/customers", json!({"name": "🦀".repeat(255)})).await;
    refused(&api, "/customers", json!({"name": "🦀".repeat(256)}), "too_big", "name").await;
}

#[tokio::test]
async fn the_bounds_of_a_contact_are_kept() {
    let api = Api::private();
    let contacts = "/customers/128/contacts";
    let (local, host) = ("a".repeat(60), "b".repeat(60));
    let long = format!("{local}@{host}.{host}.{host}.{host}.example");
    assert!(long.len() < 320);
    refused(&api, contacts, contact("name", json!("")), "too_small", "name").await;
    refused(&api, contacts, contact("name", json!(text(256))), "too_big", "name").await;
    refused(&api, contacts, contact("title", json!(text(256))), "too_big", "title").await;
    api.make(contacts, json!({"name": text(255), "email": "l@x.example", "title": text(255)})).await;
    let labels = |count: usize| json!(vec![text(60); count]);
    api.make(contacts, json!({"name": "a", "email": "m@x.example", "labels": labels(50)})).await;
    refused(&api, contacts, contact("labels", labels(51)), "too_big", "labels").await;
    let over = format!("{}@x.example", "a".repeat(320));
    let answer = api.post(contacts, contact("email", json!(over))).await;
    let code = answer.is(400)["error"]["code"].as_str().unwrap().to_owned();
    assert!(code == "too_big" || code == "invalid_string", "{answer}");
}

#[tokio::test]
async fn numbers_below_the_bound_are_too_small() {
    let api = Api::private();
    for field in ["mrr", "monthly_orders"] {
        refused(&api, "/customers", customer(field, json!(-1)), "too_small", field).await;
        api.patch("/customers/128", json!({field: -1})).await.refused(400, "too_small", field);
        assert_eq!(api.make("/customers", customer(field, json!(0))).await[field], 0);
    }
    let days = "reminder_frequency_days";
    refused(&api, "/onboardings", onboarding(days, json!(0)), "too_small", days).await;
    api.make("/onboardings", onboarding(days, json!(1))).await;
}

#[tokio::test]
async fn what_is_no_address_is_an_invalid_string() {
    let api = Api::private();
    for email in ["", "a", "a@", "@x.example", "a b@x.example", "a@x@y.example", "a@x.example, b@x.example"] {
        refused(&api, "/customers/128/contacts", contact("email", json!(email)), "invalid_string", "email")
            .await;
        api.patch("/contacts/412", json!({"email": email})).await.refused(400, "invalid_string", "email");
    }
}

#[tokio::test]
async fn what_is_no_instant_is_an_invalid_string() {
    let api = Api::private();
    let field = "target_launch_date";
    for value in ["", "tomorrow", "2026-08-01", "2026-13-01T00:00:00Z", "2026-08-01T25:00:00Z"] {
        refused(&api, "/onboardings", onboarding(field, json!(value)), "invalid_string", field).await;
        api.patch("/onboardings/77", json!({field: value})).await.refused(400, "invalid_string", field);
    }
}

#[tokio::test]
async fn what_is_not_listed_is_an_invalid_enum_value() {
    let api = Api::private();
    for value in ["", "Active", "gone", "waiting"] {
        refused(&api, "/customers", customer("status", json!(value)), "invalid_enum_value", "status").await;
        api.patch("/customers/128", json!({"status": value})).await.refused(
            400,
            "invalid_enum_value",
            "status",
        );
    }
    for field in ["phase", "state"] {
        refused(&api, "/onboardings", onboarding(field, json!("never")), "invalid_enum_value", field).await;
        api.patch("/onboardings/77", json!({field: "never"})).await.refused(400, "invalid_enum_value", field);
    }
}

#[tokio::test]
async fn a_wrong_type_where_a_value_is_listed_is_refused() {
    let api = Api::private();
    for value in [json!(1), json!([]), json!({}), json!(true)] {
        let answer = api.post("/customers", customer("status", value)).await;
        assert_eq!(answer.is(400)["error"]["field"], "status");
    }
}

#[tokio::test]
async fn a_refused_write_changes_nothing() {
    let api = Api::private();
    let before = (api.walk("/customers?limit=100").await, api.get("/customers/128").await.is(200));
    api.post("/customers", json!({"name": "a", "mrr": -1})).await.refused(400, "too_small", "mrr");
    api.patch("/customers/128", json!({"name": "other", "mrr": -1})).await.refused(400, "too_small", "mrr");
    api.patch("/customers/128", json!({"name": "other", "slug": "atlas-meridian"})).await.refused(
        409,
        "slug_taken",
        "slug",
    );
    let after = (api.walk("/customers?limit=100").await, api.get("/customers/128").await.is(200));
    assert_eq!(ids(&before.0), ids(&after.0));
    assert_eq!(before.1, after.1);
}
