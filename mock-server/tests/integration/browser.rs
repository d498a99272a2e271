//! Cross-origin calls, methods, protocols: what a browser app or another client needs of HTTP.

use reqwest::{Method, Response};
use serde_json::json;

use crate::support::api::Api;
use crate::support::server::{shared_address, shared_url};
use crate::support::{Own, Wire, builder, builtin, client};

const ORIGIN: &str = "http://localhost:3000";

async fn preflight(path: &str, method: &str, headers: &str) -> Response {
    client()
        .request(Method::OPTIONS, format!("{}{path}", shared_url()))
        .header("Origin", ORIGIN)
        .header("Access-Control-Request-Method", method)
        .header("Access-Control-Request-Headers", headers)
        .send()
        .await
        .unwrap()
}

/// The members of a list in a header, in lower case.
fn members(response: &Response, name: &str) -> Vec<String> {
    let value = response.headers().get(name).map_or("", |value| value.to_str().unwrap());
    value.split(',').map(|part| part.trim().to_ascii_lowercase()).collect()
}

#[tokio::test]
async fn a_preflight_needs_no_key_and_allows_what_the_api_needs() {
    for (path, method) in
        [("/customers", "POST"), ("/customers/128", "PATCH"), ("/customers/128", "DELETE"), ("/me", "GET")]
    {
        let response = preflight(path, method, "authorization,content-type,idempotency-key").await;
        assert_eq!(response.status(), 204);
        assert_eq!(response.headers()["access-control-allow-origin"], ORIGIN);
        assert_eq!(response.headers()["access-control-allow-credentials"], "true");
        assert!(members(&response, "vary").contains(&"origin".to_owned()));
        assert!(members(&response, "access-control-allow-methods").contains(&method.to_ascii_lowercase()));
        let allowed = members(&response, "access-control-allow-headers");
        for header in ["authorization", "content-type", "idempotency-key"] {
            assert!(allowed.iter().any(|name| name == header), "{header} of {allowed:?}");
        }
    }
}

#[tokio::test]
async fn a_page_of_another_origin_may_read_every_answer_and_its_rate_headers() {
    let api = Api::private();
    for target in ["/me", "/customers/nobody", "/no/such/path", "/health"] {
        for caller in [&api, &api.without_key()] {
            let answer = caller.send("GET", target, |request| request.header("Origin", ORIGIN)).await;
            assert_eq!(answer.header("Access-Control-Allow-Origin"), Some(ORIGIN), "{answer}");
            assert_eq!(answer.header("Access-Control-Allow-Credentials"), Some("true"), "{answer}");
            assert_eq!(answer.header("Vary"), Some("Origin"), "{answer}");
            let exposed = answer.header("Access-Control-Expose-Headers").unwrap().to_ascii_lowercase();
            for name in ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset", "retry-after"] {
                assert!(exposed.contains(name), "{name} of {exposed}");
            }
        }
    }
}

#[tokio::test]
async fn head_answers_like_get_without_the_body() {
    let api = Api::private();
    for target in ["/me", "/customers", "/customers/128", "/customers/nobody", "/customers?limit=0"] {
        let (get, head) = (api.get(target).await, api.send("HEAD", target, |request| request).await);
        assert_eq!((head.status, head.body.len()), (get.status, 0));
        assert_eq!(head.number("Content-Length"), i64::try_from(get.body.len()).unwrap(), "{target}");
        assert_eq!(head.header("Content-Type"), get.header("Content-Type"));
    }
    assert_eq!(api.without_key().send("HEAD", "/me", |request| request).await.status, 401);
    assert_eq!(api.without_key().send("HEAD", "/health", |request| request).await.status, 200);
}

#[tokio::test]
async fn another_method_on_a_known_path_is_refused_with_the_methods_it_takes() {
    let api = Api::private();
    for (path, takes) in [
        ("/me", vec!["GET"]),
        ("/customers", vec!["GET", "POST"]),
        ("/customers/128", vec!["DELETE", "GET", "PATCH"]),
        ("/customers/128/contacts", vec!["GET", "POST"]),
        ("/onboardings/77", vec!["DELETE", "GET", "PATCH"]),
    ] {
        for method in ["PUT", "POST", "DELETE", "PATCH", "TRACE", "BREW"] {
            if takes.contains(&method) {
                continue;
            }
            let answer = api.send(method, path, |request| request).await;
            answer.refused(405, "method_not_allowed", None);
            let allow: Vec<&str> = answer.header("Allow").unwrap().split(", ").collect();
            assert!(takes.iter().all(|method| allow.contains(method)), "{path} {allow:?}");
            assert!(!allow.contains(&method), "{path} {allow:?}");
        }
    }
}

#[tokio::test]
async fn what_allow_lists_is_not_refused_as_a_method() {
    let api = Api::private();
    for path in ["/me", "/customers", "/customers/128"] {
        let refused = api.send("PUT", path, |request| request).await;
        for method in refused.header("Allow").unwrap().split(", ") {
            let answer = api.send(method, path, |request| request).await;
            assert_ne!(answer.status, 405, "{answer}");
        }
    }
}

#[tokio::test]
async fn an_unknown_path_is_not_found_in_the_envelope() {
    let api = Api::private();
    for path in [
        "",
        "/",
        "/nothing",
        "/customers/",
        "/customers/128/",
        "/customers//contacts",
        "/customers/128/contacts/1",
        "/Customers",
        "/me/x",
    ] {
        api.get(path).await.refused(404, "route_not_found", None);
    }
    for path in ["/", "/api", "/api/v2/customers", "/api/v1x", "/favicon.ico"] {
        let response = client().get(format!("http://{}{path}", shared_address())).send().await.unwrap();
        assert_eq!(response.status(), 404, "{path}");
        let body = response.bytes().await.unwrap();
        crate::support::contract::in_envelope(&builtin(), 404, &body, path);
    }
}

#[tokio::test]
async fn http_2_without_tls_is_served_on_the_same_port() {
    let client = builder().http2_prior_knowledge().build().unwrap();
    let response = client.get(format!("{}/health", shared_url())).send().await.unwrap();
    assert_eq!(response.version(), reqwest::Version::HTTP_2);
    let api = Api::private().over(client);
    let made = api.make("/customers", json!({"name": "two", "slug": "two"})).await;
    assert_eq!(api.get("/customers?slug=two").await.is(200)["data"], json!([made]));
    api.post("/customers", json!({"name": "two", "slug": "two"})).await.refused(409, "slug_taken", "slug");
    let many = (0..50).map(|number| {
        let api = api.clone();
        tokio::spawn(async move { api.make("/customers", json!({"name": number.to_string()})).await })
    });
    for task in many.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    api.post_bytes("/customers", vec![b'x'; 3 << 20]).await.refused(413, "body_too_large", None);
    api.get("/me").await.is(200);
}

#[tokio::test]
async fn one_connection_serves_many_requests_and_pipelined_ones_in_order() {
    let api = Api::private();
    let get = |name: &str| {
        format!(
            "GET /api/v1/customers/{name} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n\r\n",
            api.key()
        )
    };
    let mut wire = Wire::shared().await;
    assert!(wire.send(format!("{}{}{}", get("128"), get("nobody"), get("5"))).await);
    let bodies: Vec<serde_json::Value> = {
        let mut bodies = Vec::new();
        for _ in 0..3 {
            bodies.push(serde_json::from_slice(&wire.answer().await.body).unwrap());
        }
        bodies
    };
    assert_eq!(
        (&bodies[0]["display_id"], &bodies[1]["error"]["code"], &bodies[2]["display_id"]),
        (&json!(128), &json!("customer_not_found"), &json!(5))
    );
}

#[tokio::test]
async fn an_old_client_is_answered() {
    let mut wire = Wire::shared().await;
    assert!(wire.send("GET /api/v1/health HTTP/1.0\r\n\r\n").await);
    assert_eq!(wire.answer().await.status, 200);
    assert!(wire.ends().await.is_empty(), "and the connection ends");
}

#[tokio::test]
async fn a_target_with_scheme_and_host_is_answered() {
    let mut wire = Wire::shared().await;
    assert!(wire.send("GET http://example.org/api/v1/health HTTP/1.1\r\nHost: x\r\n\r\n").await);
    assert_eq!(wire.answer().await.status, 200);
}

#[tokio::test]
async fn a_dropped_server_no_longer_listens_and_a_shut_down_one_neither() {
    let own = Own::start(|builder| builder).await;
    let address = own.server.address();
    own.server.shutdown().await;
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}
