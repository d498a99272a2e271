//! `/__mock`: what was sent, and a clean world on demand.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::api::id;
use crate::support::{Own, client};

async fn ask(own: &Own, method: &str, path: &str) -> (u16, Value) {
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    let response = client().request(method, format!("{}/__mock{path}", own.root())).send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

/// The journal's requests, by method and target.
async fn journal(own: &Own, query: &str) -> Vec<Value> {
    let (status, body) = ask(own, "GET", &format!("/requests{query}")).await;
    assert_eq!(status, 200);
    body["requests"].as_array().unwrap().clone()
}

#[tokio::test]
async fn the_journal_shows_what_was_sent_and_answered() {
    let own = Own::start(|builder| builder).await;
    own.api.post("/customers", json!({"name": "Seen"})).await.is(201);
    own.api.post("/customers", json!({})).await.is(400);
    own.api.get("/customers/nobody?x=1").await.is(404);
    let entries = journal(&own, "").await;
    let told: Vec<_> = entries
        .iter()
        .map(|entry| {
            (
                entry["method"].as_str().unwrap(),
                entry["target"].as_str().unwrap(),
                entry["status"].as_u64().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("POST", "/api/v1/customers", 201),
            ("POST", "/api/v1/customers", 400),
            ("GET", "/api/v1/customers/nobody?x=1", 404)
        ]
    );
    assert_eq!(entries[0]["operation"], "create-customer");
    assert_eq!(entries[0]["body"], json!({"name": "Seen"}));
    assert_eq!(entries[0]["answer"]["name"], "Seen");
    assert!(entries[1]["reason"].as_str().unwrap().contains("missing_field"));
}

#[tokio::test]
async fn the_journal_can_be_narrowed_to_a_workspace_and_cleared() {
    let own = Own::start(|builder| builder).await;
    own.api.get("/me").await.is(200);
    own.api.with_key("pivotal_test_other").get("/customers").await.is(200);
    assert_eq!(journal(&own, "?workspace=other").await.len(), 1);
    assert_eq!(journal(&own, "").await.len(), 2);
    assert_eq!(ask(&own, "DELETE", "/requests").await.0, 200);
    assert_eq!(journal(&own, "").await.len(), 0);
}

#[tokio::test]
async fn the_journal_holds_no_key() {
    let own = Own::start(|builder| builder).await;
    let secret = "pivotal_test_ws_s3cr3t";
    let api = own.api.with_key(secret);
    api.get("/me").await.is(200);
    api.get(&format!("/customers?api_key={secret}&limit=1")).await.is(200);
    api.get(&format!("/customers/{secret}")).await.is(404);
    api.get("/customers?api_key=pivotal%5Ftest_ws_%73%33cr3t").await.is(200);
    for key in ["pivotal_demo", "pivotal_test_revoked", "pivotal_unkn0wn", "unkn0wn"] {
        own.api.with_key(key).get("/me").await;
    }
    own.api.without_key().get("/customers?api_key=pivotal_demo").await.is(401);
    let (_, journal) = ask(&own, "GET", "/requests").await;
    let text = journal.to_string();
    for key in [
        secret,
        "s%33cr3t",
        "%33cr3t",
        "pivotal_demo",
        "pivotal_test_demo",
        "pivotal_test_revoked",
        "unkn0wn",
    ] {
        assert!(!text.contains(key), "{key}");
    }
}

#[tokio::test]
async fn a_full_journal_drops_the_oldest_and_says_so() {
    let limits = mock_server::Limits { journal_entries: 3, ..Default::default() };
    let own = Own::start(|builder| builder.limits(limits)).await;
    for number in 0..5 {
        own.api.get(&format!("/customers/nobody{number}")).await.is(404);
    }
    let (_, body) = ask(&own, "GET", "/requests").await;
    assert_eq!((&body["seen"], &body["dropped"]), (&json!(5), &json!(2)));
    assert_eq!(body["requests"][0]["target"], "/api/v1/customers/nobody2");
}

#[tokio::test]
async fn a_reset_puts_a_workspace_back_and_leaves_the_others() {
    let own = Own::start(|builder| builder).await;
    let (one, two) = (own.api.with_key("pivotal_test_ws_one"), own.api.with_key("pivotal_test_ws_two"));
    let body = json!({"name": "Before", "slug": "before"});
    let made = one.post_once("/customers", "k", body.clone()).await.is(201);
    two.make("/customers", body.clone()).await;
    one.delete("/customers/128").await.is(200);
    let (_, listed) = ask(&own, "GET", "/workspaces").await;
    let names: Vec<&str> =
        listed["workspaces"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    let name = names.iter().find(|name| name.ends_with("one")).unwrap();
    assert_eq!(ask(&own, "POST", &format!("/reset?workspace={name}")).await.0, 200);
    one.get(&format!("/customers/{}", id(&made))).await.refused(404, "customer_not_found", None);
    one.get("/customers/128").await.is(200);
    assert_eq!(two.get("/customers?slug=before").await.is(200)["data"].as_array().unwrap().len(), 1);
    let again = one.post_once("/customers", "k", body).await.is(201);
    assert_eq!(again["id"], made["id"], "the same requests after a reset give the same ids");
}

#[tokio::test]
async fn a_reset_without_a_name_puts_all_back() {
    let own = Own::start(|builder| builder).await;
    own.api.delete("/customers/128").await.is(200);
    own.api.with_key("pivotal_test_other").delete("/customers/1").await.is(200);
    assert_eq!(ask(&own, "POST", "/reset").await.0, 200);
    own.api.get("/customers/128").await.is(200);
    own.api.with_key("pivotal_test_other").get("/customers/1").await.is(200);
}

#[tokio::test]
async fn private_workspaces_are_freed_when_asked() {
    let own = Own::start(|builder| builder).await;
    let api = own.api.with_key("pivotal_test_ws_one");
    own.api.with_key("pivotal_test_ws_two").get("/me").await.is(200);
    let made = api.post_once("/customers", "k", json!({"name": "a"})).await.is(201);
    assert_eq!(ask(&own, "DELETE", "/workspaces?workspace=demo").await.0, 409);
    assert_eq!(ask(&own, "DELETE", "/workspaces?workspace=nobody").await.0, 404);
    let freed = ask(&own, "DELETE", "/workspaces?workspace=demo~one").await;
    assert_eq!(freed, (200, json!({"freed": ["demo~one"]})));
    api.get(&format!("/customers/{}", id(&made))).await.refused(404, "customer_not_found", None);
    assert_eq!(api.post_once("/customers", "k", json!({"name": "b"})).await.is(201)["name"], "b");
    let freed = ask(&own, "DELETE", "/workspaces").await;
    assert_eq!(freed, (200, json!({"freed": ["demo~one", "demo~two"]})));
    let (_, left) = ask(&own, "GET", "/workspaces").await;
    assert_eq!(left["workspaces"].as_array().unwrap().len(), 2, "{left}");
}

#[tokio::test]
async fn what_the_inspector_does_not_know_is_not_found() {
    let own = Own::start(|builder| builder).await;
    for (method, path, wanted) in
        [("GET", "/nothing", 404), ("POST", "/requests", 405), ("POST", "/reset?workspace=nobody", 404)]
    {
        let (status, body) = ask(&own, method, path).await;
        assert_eq!(status, wanted, "{method} {path}");
        assert!(body["error"]["message"].is_string());
    }
}

#[tokio::test]
async fn the_page_is_served_with_a_policy_that_runs_nothing_else() {
    let own = Own::start(|builder| builder).await;
    for (path, kind) in [
        ("", "text/html"),
        ("/", "text/html"),
        ("/page.css", "text/css"),
        ("/page.js", "text/javascript"),
        ("/openapi.yaml", "application/yaml"),
    ] {
        let response = client().get(format!("{}/__mock{path}", own.root())).send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert!(response.headers()["content-type"].to_str().unwrap().starts_with(kind), "{path}");
        let policy = response.headers()["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    }
    let (_, operations) = ask(&own, "GET", "/operations").await;
    let ids: Vec<_> = operations["operations"].as_array().unwrap().iter().map(|one| &one["id"]).collect();
    assert!(ids.contains(&&json!("create-customer")) && ids.contains(&&json!("delete-onboarding")));
}

#[tokio::test]
async fn no_page_of_another_origin_may_change_anything() {
    let own = Own::start(|builder| builder).await;
    own.api.delete("/customers/128").await.is(200);
    let send = async |headers: &[(&str, &str)]| {
        let reset = client().post(format!("{}/__mock/reset", own.root()));
        let request = headers.iter().fold(reset, |request, (name, value)| request.header(*name, *value));
        request.send().await.unwrap()
    };
    for headers in [
        &[("Origin", "http://evil.example"), ("Content-Type", "text/plain")][..],
        &[("Origin", "http://evil.example"), ("Content-Type", "application/json")],
        &[("Origin", "null"), ("Content-Type", "application/x-www-form-urlencoded")],
        &[("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "no-cors")],
    ] {
        let response = send(headers).await;
        assert_eq!(response.status(), 403, "{headers:?}");
        assert_eq!(response.headers().get("access-control-allow-origin"), None);
        let body: Value = response.json().await.unwrap();
        assert_eq!(body["error"]["code"], "origin_not_allowed");
    }
    let preflight = client()
        .request(Method::OPTIONS, format!("{}/__mock/reset", own.root()))
        .header("Origin", "http://evil.example")
        .header("Access-Control-Request-Method", "POST")
        .send()
        .await
        .unwrap();
    assert_eq!(preflight.headers().get("access-control-allow-origin"), None);
    own.api.get("/customers/128").await.is(404);
    assert_eq!(send(&[("Origin", &own.root())]).await.status(), 200);
    own.api.get("/customers/128").await.is(200);
}

#[tokio::test]
async fn it_is_called_by_its_own_names_only_and_the_api_by_any() {
    let own = Own::start(|builder| builder.allow_host("mock.test")).await;
    let get = async |host: &str, path: &str| {
        let request = client().get(format!("{}{path}", own.root())).header("Host", host);
        request.send().await.unwrap()
    };
    for host in ["localhost:1", "127.0.0.1", "a.localhost", "mock.test:4010"] {
        assert_eq!(get(host, "/__mock/requests").await.status(), 200, "{host}");
    }
    let response = get("evil.example", "/__mock/requests").await;
    assert_eq!(response.status(), 403);
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["error"]["code"], "host_not_allowed");
    assert!(body["error"]["message"].as_str().unwrap().contains("--allow-host"), "{body}");
    assert_eq!(get("evil.example", "/api/v1/health").await.status(), 200);
    assert_eq!(get("evil.example", "/__mocking").await.status(), 404, "no such path of the API");
}

#[tokio::test]
async fn no_other_origin_may_read_the_journal() {
    let own = Own::start(|builder| builder).await;
    let response =
        client().get(format!("{}/__mock/requests", own.root())).header("Origin", "http://evil.example");
    let response = response.send().await.unwrap();
    assert_eq!(response.headers().get("access-control-allow-origin"), None);
}
