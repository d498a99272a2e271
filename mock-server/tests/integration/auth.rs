//! Who may call, who is turned away, and who sees what.

use serde_json::json;

use crate::support::api::{Api, id};

/// An answer to a call with this Authorization header.
async fn with_header(value: &str, target: &str) -> crate::support::Answer {
    Api::shared().send("GET", target, |request| request.header("Authorization", value)).await
}

#[tokio::test]
async fn a_call_without_a_key_is_refused() {
    Api::shared().get("/customers").await.refused(401, "missing_api_key", None);
}

#[tokio::test]
async fn a_key_without_the_scheme_word_is_refused() {
    for value in ["pivotal_demo", "Bearer", "Bearer ", "Bearerpivotal_demo", ""] {
        with_header(value, "/customers").await.refused(401, "missing_api_key", None);
    }
}

#[tokio::test]
async fn another_scheme_is_refused() {
    for value in ["Basic cGl2b3RhbF9kZW1vOg==", "Token pivotal_demo", "Digest pivotal_demo"] {
        with_header(value, "/customers").await.refused(401, "missing_api_key", None);
    }
}

#[tokio::test]
async fn the_scheme_word_may_be_in_any_case() {
    for value in
        ["Bearer pivotal_demo", "bearer pivotal_demo", "BEARER pivotal_demo", "bEaReR   pivotal_demo"]
    {
        with_header(value, "/me").await.is(200);
    }
}

#[tokio::test]
async fn an_unknown_key_is_refused() {
    for key in
        ["pivotal_nobody", "pivotal_test_nobody", "pivotal_test_ws_", "PIVOTAL_DEMO", "pivotal_demo2", "x"]
    {
        Api::shared().with_key(key).get("/customers").await.refused(401, "invalid_api_key", None);
    }
}

#[tokio::test]
async fn a_revoked_key_is_refused_with_its_own_code() {
    Api::shared().with_key("pivotal_test_revoked").get("/me").await.refused(401, "api_key_revoked", None);
}

#[tokio::test]
async fn a_key_in_the_query_does_not_count() {
    for name in ["api_key", "key", "access_token", "Authorization"] {
        let target = format!("/customers?{name}=pivotal_demo");
        Api::shared().get(&target).await.refused(401, "missing_api_key", None);
    }
}

#[tokio::test]
async fn two_authorization_headers_are_refused() {
    let answer = Api::shared()
        .send("GET", "/me", |request| {
            request
                .header("Authorization", "Bearer pivotal_demo")
                .header("Authorization", "Bearer pivotal_demo")
        })
        .await;
    answer.refused(401, "missing_api_key", None);
}

#[tokio::test]
async fn a_header_that_is_no_text_is_refused() {
    let value = reqwest::header::HeaderValue::from_bytes(b"Bearer pivotal_\xff").unwrap();
    let answer = Api::shared().send("GET", "/me", |request| request.header("Authorization", value)).await;
    assert_eq!(answer.status, 401);
}

#[tokio::test]
async fn authentication_is_decided_before_anything_else() {
    let api = Api::shared();
    for target in ["/customers/0", "/no/such/path", "/customers?limit=0", "/customers?cursor=x"] {
        api.get(target).await.refused(401, "missing_api_key", None);
    }
    api.send("PUT", "/customers", |request| request).await.refused(401, "missing_api_key", None);
    api.post_bytes("/customers", "{").await.refused(401, "missing_api_key", None);
    api.post("/customers", json!({})).await.refused(401, "missing_api_key", None);
    api.post("/customers", json!({"name": "a", "slug": "atlas-meridian"})).await.refused(
        401,
        "missing_api_key",
        None,
    );
    api.get("/customers/0?__code=409").await.refused(401, "missing_api_key", None);
}

#[tokio::test]
async fn health_is_open_to_everybody() {
    let api = Api::shared();
    assert_eq!(api.get("/health").await.is(200)["status"], "ok");
    for key in ["pivotal_nobody", "pivotal_test_revoked", "pivotal_demo"] {
        api.with_key(key).get("/health").await.is(200);
    }
}

#[tokio::test]
async fn me_tells_about_the_key_without_showing_it() {
    for key in ["pivotal_demo", "pivotal_test_demo", "pivotal_test_other", "pivotal_test_ws_whoever"] {
        let me = Api::shared().with_key(key).get("/me").await.is(200);
        let prefix = me["api_key"]["prefix"].as_str().unwrap();
        assert!(key.starts_with(prefix) && prefix.len() < key.len(), "{prefix} of {key}");
    }
    let me = Api::shared().with_key("pivotal_demo").get("/me").await.is(200);
    assert_eq!(me["api_key"]["rate_limit_tier"], "live");
}

#[tokio::test]
async fn a_row_of_another_workspace_is_not_there() {
    let other = Api::shared().with_key("pivotal_test_other");
    let row = "cmb3x9k2p000108l5g7h2d4ef";
    Api::private().get(&format!("/customers/{row}")).await.is(200);
    for name in [row, "128"] {
        let path = format!("/customers/{name}");
        other.get(&path).await.refused(404, "customer_not_found", None);
        other.patch(&path, json!({"name": "mine"})).await.refused(404, "customer_not_found", None);
        other.delete(&path).await.refused(404, "customer_not_found", None);
        other.get(&format!("{path}/contacts")).await.refused(404, "customer_not_found", None);
        other.get(&format!("{path}/onboardings")).await.refused(404, "customer_not_found", None);
        let contact = json!({"name": "a", "email": "a@b.example"});
        other.post(&format!("{path}/contacts"), contact).await.refused(404, "customer_not_found", None);
        let onboarding = json!({"customer_id": name});
        other.post("/onboardings", onboarding).await.refused(404, "customer_not_found", None);
    }
    let found = other.get(&format!("/onboardings?customer_id={row}")).await.is(200);
    assert_eq!(found["data"], json!([]));
}

#[tokio::test]
async fn two_keys_of_one_workspace_see_the_same_rows() {
    let own = crate::support::Own::start(|builder| builder).await;
    let made = own.api.make("/customers", json!({"name": "Shared"})).await;
    let seen = own.api.with_key("pivotal_demo").get(&format!("/customers/{}", id(&made))).await.is(200);
    assert_eq!(seen, made);
}

#[tokio::test]
async fn private_copies_begin_as_the_seeded_world_and_never_meet() {
    let (one, two) = (Api::private(), Api::private());
    let made = one.make("/customers", json!({"name": "Mine", "slug": "mine"})).await;
    one.patch("/customers/128", json!({"name": "Renamed"})).await.is(200);
    one.delete("/customers/5").await.is(200);
    two.get(&format!("/customers/{}", id(&made))).await.refused(404, "customer_not_found", None);
    assert_eq!(two.get("/customers/128").await.is(200)["name"], "Bright Future Tech");
    two.get("/customers/5").await.is(200);
    let twin = two.make("/customers", json!({"name": "Mine", "slug": "mine"})).await;
    assert_ne!(twin["id"], made["id"], "ids are never repeated across workspaces");
    assert_eq!(twin["display_id"], made["display_id"], "numbers are counted per workspace");
}
