//! Odd ids, parameters and headers: each answered in the envelope, never with a failure.

use serde_json::json;

use crate::support::api::Api;
use crate::support::{Own, Wire};

/// The head of a request with a key.
fn head(api: &Api, method: &str, target: &str, more: &str) -> String {
    format!("{method} {target} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n{more}\r\n", api.key())
}

#[tokio::test]
async fn an_id_that_names_no_row_is_not_found_however_odd() {
    let api = Api::private();
    let long = "a".repeat(10_000);
    let digits = "9".repeat(10_000);
    let ids = [
        "99999999999999999999",
        "18446744073709551615",
        "18446744073709551616",
        "340282366920938463463374607431768211456",
        "-1",
        "0",
        "1.0",
        "1e2",
        "0x80",
        "%2B128",
        "128%20",
        "%20128",
        "null",
        "undefined",
        "%E6%A0%AA",
        "%D9%A1%D9%A2%D9%A8",
        "%F0%9F%A6%80",
        "%2F",
        "%2e%2e",
        "a%2Fb",
        "%00",
        "128%00",
        "%FF",
        "%C3%28",
        "%",
        "%2",
        "%zz",
        "%25",
        "*",
        "'",
        "%22",
        "%3Cscript%3E",
        ":",
        "@",
        ";a=b",
        "a,b",
        "$(id)",
        "%0d%0aX-Injected:1",
        "cmb3x9k2p000108l5g7h2d4e",
        "cmb3x9k2p000108l5g7h2d4eff",
        "CMB3X9K2P000108L5G7H2D4EF",
        long.as_str(),
        digits.as_str(),
    ];
    let mut wire = Wire::shared().await;
    for id in ids {
        for (path, code) in [
            ("/api/v1/customers/{}", "customer_not_found"),
            ("/api/v1/customers/{}/contacts", "customer_not_found"),
            ("/api/v1/contacts/{}", "contact_not_found"),
            ("/api/v1/onboardings/{}", "onboarding_not_found"),
        ] {
            assert!(wire.send(head(&api, "GET", &path.replace("{}", id), "")).await);
            assert_eq!(wire.answer().await.refused(404), code, "{path} {id}");
        }
        let delete = head(&api, "DELETE", &format!("/api/v1/customers/{id}"), "");
        assert!(wire.send(delete).await);
        assert_eq!(wire.answer().await.refused(404), "customer_not_found", "{id}");
    }
    assert_eq!(api.walk("/customers?limit=100").await.len(), 64);
}

#[tokio::test]
async fn a_percent_encoded_id_is_the_id_it_stands_for() {
    let api = Api::private();
    let mut wire = Wire::shared().await;
    for id in ["%31%32%38", "12%38", "%63mb3x9k2p000108l5g7h2d4ef"] {
        assert!(wire.send(head(&api, "GET", &format!("/api/v1/customers/{id}"), "")).await);
        let answer = wire.answer().await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }
}

#[tokio::test]
async fn dots_in_a_path_do_not_climb() {
    let api = Api::private();
    let mut wire = Wire::shared().await;
    for target in [
        "/api/v1/../v1/me",
        "/api/v1/./me",
        "/api/v1/customers/..",
        "/api/v1//me",
        "//api/v1/me",
        "/api/v1/%2e%2e/me",
        "/api/v1/customers/128/../5",
        "/api%2Fv1/me",
        "/api/v1/me%00",
        "/api/v1/me;x",
    ] {
        assert!(wire.send(head(&api, "GET", target, "")).await);
        let answer = wire.answer().await;
        assert_eq!(answer.status, 404, "{target}: {answer:?}");
        answer.refused(404);
    }
}

#[tokio::test]
async fn odd_bytes_in_a_target_end_in_a_refusal_and_nothing_else() {
    let api = Api::private();
    for target in [
        &b"/api/v1/customers/\xff\xfe"[..],
        b"/api/v1/customers/caf\xc3\xa9",
        b"/api/v1/customers?status=\xff",
        b"/api/v1/customers?\xe6\xa0\xaa=1",
        b"/api/v1/customers/\"<>\\^`{|}",
        b"*",
        b"/",
    ] {
        let mut wire = Wire::shared().await;
        let rest = format!(" HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n\r\n", api.key());
        wire.send([b"GET ", target, rest.as_bytes()].concat()).await;
        let answer = wire.try_answer().await;
        let answer = answer.unwrap_or_else(|| panic!("{} is not answered", target.escape_ascii()));
        assert!(matches!(answer.status, 200 | 400 | 404), "{answer:?}");
    }
    api.get("/me").await.is(200);
}

#[tokio::test]
async fn odd_query_values_select_nothing_and_break_nothing() {
    let api = Api::private();
    let long = "s".repeat(10_000);
    for value in
        ["%00", "%FF", "%", "%zz", "%E6%A0%AA", "%22", "a%26b", "a+b", "%01", "%F0%9F%A6%80", long.as_str()]
    {
        let page = api.get(&format!("/customers?slug={value}")).await.is(200);
        assert_eq!(page["data"], json!([]), "{value}");
        api.get(&format!("/onboardings?customer_id={value}")).await.is(200);
        api.get(&format!("/onboardings?state={value}")).await.refused(400, "invalid_enum_value", "state");
        api.get(&format!("/customers?limit={value}")).await.refused(400, "invalid_type", "limit");
        api.get(&format!("/customers?cursor={value}")).await.refused(400, "invalid_string", "cursor");
    }
}

#[tokio::test]
async fn a_thousand_query_parameters_are_read_as_one() {
    let api = Api::private();
    let query = vec!["limit=2"; 1_000].join("&");
    assert_eq!(api.get(&format!("/customers?{query}")).await.is(200)["data"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn the_first_of_equal_filters_counts() {
    let api = Api::private();
    let both = api.get("/customers?status=churned&status=active").await.is(200);
    assert_eq!(both, api.get("/customers?status=churned").await.is(200));
}

#[tokio::test]
async fn a_slug_with_odd_characters_is_found_by_its_encoding() {
    let api = Api::private();
    for slug in ["a b", "a+b", "a&b=c", "100%", "株", "\u{0}", "🦀/é", "#?"] {
        let made = api.make("/customers", json!({"name": "a", "slug": slug})).await;
        let encoded: String = slug.bytes().fold(String::new(), |all, byte| format!("{all}%{byte:02X}"));
        assert_eq!(
            api.get(&format!("/customers?slug={encoded}")).await.is(200)["data"],
            json!([made]),
            "{slug}"
        );
    }
}

#[tokio::test]
async fn repeated_headers_do_no_harm() {
    let api = Api::private();
    let mut wire = Wire::shared().await;
    let body = r#"{"name":"a"}"#;
    let more = format!(
        "Idempotency-Key: one\r\nIdempotency-Key: two\r\nContent-Type: text/html\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nX: 1\r\nX: 2\r\nAccept: text/html\r\nAccept-Encoding: gzip\r\n",
        body.len()
    );
    assert!(wire.send(format!("{}{body}", head(&api, "POST", "/api/v1/customers", &more))).await);
    let answer = wire.answer().await;
    assert_eq!(answer.status, 201, "{answer:?}");
    assert!(
        answer.head.contains("content-type: application/json") && !answer.head.contains("content-encoding")
    );
}

#[tokio::test]
async fn a_hundred_headers_too_many_or_a_head_too_long_is_refused() {
    let api = Api::private();
    let many = (0..200).fold(String::new(), |all, number| format!("{all}X-{number}: y\r\n"));
    let long = format!("X: {}\r\n", "y".repeat(100_000));
    let target = format!("/api/v1/customers/{}", "a".repeat(100_000));
    for head in [
        head(&api, "GET", "/api/v1/me", &many),
        head(&api, "GET", "/api/v1/me", &long),
        head(&api, "GET", &target, ""),
    ] {
        let mut wire = Wire::shared().await;
        wire.send(head).await;
        if let Some(answer) = wire.try_answer().await {
            assert!(matches!(answer.status, 200 | 400 | 414 | 431), "{answer:?}");
        }
    }
    api.get("/me").await.is(200);
}

#[tokio::test]
async fn an_odd_preference_is_told_from_a_good_one() {
    let own = Own::start(|builder| builder).await;
    for value in ["%00", "%0d%0aX:1", "9999999999999999999999", "-409", "409.0", "%E6%A0%AA"] {
        let answer = own.api.get(&format!("/customers?__code={value}")).await;
        assert_eq!(answer.status, 400, "{answer}");
        assert_eq!(answer.header("X"), None);
        own.api.get(&format!("/customers?__example={value}")).await.is(400);
    }
}
