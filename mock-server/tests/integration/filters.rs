//! Lists that show some rows and not the others.

use serde_json::{Value, json};

use crate::support::api::{Api, id, ids};

/// Asserts that a filter finds exactly the rows of the unfiltered list that `chosen` says, in the same order.
async fn selects(api: &Api, list: &str, query: &str, chosen: impl Fn(&Value) -> bool) -> usize {
    let all = api.walk(&format!("{list}?limit=100")).await;
    let expected: Vec<Value> = all.into_iter().filter(chosen).collect();
    for limit in [1, 3, 100] {
        let found = api.walk(&format!("{list}?limit={limit}&{query}")).await;
        assert_eq!(ids(&found), ids(&expected), "{list}?{query} by {limit}");
    }
    expected.len()
}

#[tokio::test]
async fn customers_are_found_by_status() {
    let api = Api::private();
    for status in ["onboarding", "active", "at_risk", "churned", "archived"] {
        let count =
            selects(&api, "/customers", &format!("status={status}"), |row| row["status"] == status).await;
        assert!(count > 0, "{status}");
    }
    assert_eq!(selects(&api, "/customers", "status=never", |_| false).await, 0);
}

#[tokio::test]
async fn customers_are_found_by_slug() {
    let api = Api::private();
    let slug = "atlas-meridian";
    assert_eq!(selects(&api, "/customers", &format!("slug={slug}"), |row| row["slug"] == slug).await, 1);
    for none in ["", "atlas", "ATLAS-MERIDIAN", "null", "atlas-meridian%20"] {
        assert_eq!(selects(&api, "/customers", &format!("slug={none}"), |_| false).await, 0, "{none}");
    }
}

#[tokio::test]
async fn filters_of_customers_combine() {
    let api = Api::private();
    selects(&api, "/customers", "status=active&slug=atlas-meridian", |row| row["slug"] == "atlas-meridian")
        .await;
    selects(&api, "/customers", "status=churned&slug=atlas-meridian", |_| false).await;
}

#[tokio::test]
async fn onboardings_are_found_by_customer_named_by_either_id() {
    let api = Api::private();
    let owner = api.get("/customers/5").await.is(200);
    let opaque = format!("customer_id={}", id(&owner));
    for query in ["customer_id=5", opaque.as_str()] {
        let count = selects(&api, "/onboardings", query, |row| row["customer_id"] == owner["id"]).await;
        assert_eq!(count, 3);
    }
    for nobody in ["nobody", "999999", "atlas-meridian", ""] {
        selects(&api, "/onboardings", &format!("customer_id={nobody}"), |_| false).await;
    }
}

#[tokio::test]
async fn onboardings_are_found_by_state_waiting_included() {
    let api = Api::private();
    for state in ["active", "paused", "at_risk", "waiting"] {
        let count =
            selects(&api, "/onboardings", &format!("state={state}"), |row| row["state"] == state).await;
        assert!(count > 0, "{state}");
    }
    selects(&api, "/onboardings", "state=waiting", |row| row["waiting_on_customer"] == true).await;
}

#[tokio::test]
async fn onboardings_are_found_by_phase() {
    let api = Api::private();
    for phase in [
        "before_getting_started",
        "program_design",
        "review",
        "program_buildout",
        "internal_qa",
        "launch",
        "completed",
    ] {
        let count =
            selects(&api, "/onboardings", &format!("phase={phase}"), |row| row["phase"] == phase).await;
        assert!(count > 0, "{phase}");
    }
}

#[tokio::test]
async fn filters_of_onboardings_combine() {
    let api = Api::private();
    let owner = api.get("/customers/5").await.is(200);
    let first = api.get("/customers/5/onboardings?limit=1").await.is(200)["data"][0].clone();
    let (state, phase) = (first["state"].clone(), first["phase"].clone());
    let query = format!("customer_id=5&state={}&phase={}", state.as_str().unwrap(), phase.as_str().unwrap());
    let count = selects(&api, "/onboardings", &query, |row| {
        row["customer_id"] == owner["id"] && row["state"] == state && row["phase"] == phase
    })
    .await;
    assert!(count > 0);
    selects(&api, "/onboardings", "state=active&phase=review", |row| {
        row["state"] == "active" && row["phase"] == "review"
    })
    .await;
}

#[tokio::test]
async fn an_unlisted_phase_or_state_is_refused() {
    let api = Api::private();
    for field in ["state", "phase"] {
        for value in ["never", "", "ACTIVE"] {
            let answer = api.get(&format!("/onboardings?{field}={value}")).await;
            answer.refused(400, "invalid_enum_value", field);
        }
    }
}

#[tokio::test]
async fn a_changed_row_moves_from_one_filter_to_another() {
    let api = Api::private();
    let row = api.make("/customers", json!({"name": "a", "slug": "moves", "status": "active"})).await;
    api.patch(&format!("/customers/{}", id(&row)), json!({"status": "churned", "slug": "moved"}))
        .await
        .is(200);
    let has = |rows: Vec<Value>| rows.iter().any(|other| other["id"] == row["id"]);
    assert!(!has(api.walk("/customers?limit=100&status=active").await));
    assert!(has(api.walk("/customers?limit=100&status=churned").await));
    assert!(!has(api.walk("/customers?slug=moves").await));
    assert!(has(api.walk("/customers?slug=moved").await));
}

#[tokio::test]
async fn a_customers_lists_show_its_rows_alone() {
    let api = Api::private();
    let owner = api.get("/customers/5").await.is(200);
    for (list, count) in [("contacts", 58), ("onboardings", 3)] {
        for name in ["5", id(&owner)] {
            let rows = api.walk(&format!("/customers/{name}/{list}")).await;
            assert_eq!(rows.len(), count);
            assert!(rows.iter().all(|row| row["customer_id"] == owner["id"]));
        }
    }
    let under = api.walk("/customers/5/onboardings").await;
    assert_eq!(under, api.walk("/onboardings?customer_id=5").await);
}
