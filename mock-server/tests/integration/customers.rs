//! Customers: what is stored, what is defaulted, what is ignored.

use serde_json::{Value, json};

use crate::support::api::{Api, id};

#[tokio::test]
async fn a_name_alone_makes_a_customer_with_nulls_and_defaults() {
    let made = Api::private().make("/customers", json!({"name": "Alone"})).await;
    assert_eq!(
        (&made["object"], &made["name"], &made["status"]),
        (&json!("customer"), &json!("Alone"), &json!("active"))
    );
    for field in [
        "domain",
        "plan",
        "mrr",
        "monthly_orders",
        "hubspot_company_id",
        "hubspot_deal_id",
        "stripe_customer_id",
        "intercom_company_id",
        "slack_channel_id",
    ] {
        assert_eq!(made[field], Value::Null, "{field}");
    }
    assert_eq!(made["created_at"], made["updated_at"]);
}

#[tokio::test]
async fn everything_sent_is_stored_and_read_again() {
    let api = Api::private();
    let sent = json!({
        "name": "Ünïcødé 🦀 \u{0}\u{7f}\"\\/ 株式会社", "slug": "every-field", "domain": "x.example", "status": "churned",
        "plan": "scale", "mrr": 0, "monthly_orders": 9_007_199_254_740_991_i64, "hubspot_company_id": "1",
        "hubspot_deal_id": "", "stripe_customer_id": "cus_1", "intercom_company_id": "2", "slack_channel_id": "C",
    });
    let made = api.make("/customers", sent.clone()).await;
    for (field, value) in sent.as_object().unwrap() {
        assert_eq!(&made[field], value, "{field}");
    }
    for name in [made["id"].as_str().unwrap().to_owned(), made["display_id"].to_string()] {
        assert_eq!(api.get(&format!("/customers/{name}")).await.is(200), made);
    }
    assert_eq!(api.get("/customers?limit=1").await.is(200)["data"], json!([made]), "the newest comes first");
}

#[tokio::test]
async fn what_the_server_sets_cannot_be_sent() {
    let api = Api::private();
    let forged = json!({
        "name": "Forged", "id": "mine", "display_id": 1, "object": "cat", "created_at": "2000-01-01T00:00:00.000Z",
        "updated_at": "2000-01-01T00:00:00.000Z",
    });
    let made = api.make("/customers", forged.clone()).await;
    let changed = api.patch(&format!("/customers/{}", id(&made)), forged.clone()).await.is(200);
    for (field, value) in forged.as_object().unwrap().iter().filter(|(field, _)| *field != "name") {
        assert_ne!(&made[field], value, "{field}");
        assert_ne!(&changed[field], value, "{field}");
    }
    assert_eq!((&changed["id"], &changed["created_at"]), (&made["id"], &made["created_at"]));
    api.get("/customers/mine").await.refused(404, "customer_not_found", None);
}

#[tokio::test]
async fn unknown_properties_are_ignored() {
    let api = Api::private();
    let made =
        api.make("/customers", json!({"name": "a", "colour": "red", "deleted": true, "__proto__": {}})).await;
    assert!(made.get("colour").is_none() && made.get("deleted").is_none());
    let changed =
        api.patch(&format!("/customers/{}", id(&made)), json!({"colour": {"deep": [null]}})).await.is(200);
    assert!(changed.get("colour").is_none());
}

#[tokio::test]
async fn a_domain_may_be_used_twice() {
    let api = Api::private();
    for name in ["a", "b"] {
        api.make("/customers", json!({"name": name, "domain": "same.example"})).await;
    }
}

#[tokio::test]
async fn every_documented_status_is_accepted_and_kept() {
    let api = Api::private();
    for status in ["onboarding", "active", "at_risk", "churned", "archived"] {
        let made = api.make("/customers", json!({"name": status, "status": status})).await;
        assert_eq!(made["status"], status);
    }
}

#[tokio::test]
async fn a_whole_number_with_a_fraction_of_zero_is_an_integer() {
    let made = Api::private()
        .post_bytes("/customers", r#"{"name":"a","mrr":1.0,"monthly_orders":2e2}"#)
        .await
        .is(201);
    assert_eq!((&made["mrr"], &made["monthly_orders"]), (&json!(1), &json!(200)));
}

#[tokio::test]
async fn the_last_of_two_equal_properties_counts() {
    let made = Api::private().post_bytes("/customers", r#"{"name":"first","name":"last"}"#).await.is(201);
    assert_eq!(made["name"], "last");
}

#[tokio::test]
async fn times_are_utc_with_milliseconds_and_strictly_increasing() {
    let api = Api::private();
    let mut last = String::new();
    for count in 0..20 {
        let made = api.make("/customers", json!({"name": count.to_string()})).await;
        let at = made["created_at"].as_str().unwrap().to_owned();
        assert!(at.ends_with('Z') && at.len() == "2026-05-26T17:21:09.412Z".len(), "{at}");
        assert!(at > last, "{at} after {last}");
        last = at;
    }
}
