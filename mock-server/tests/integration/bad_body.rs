//! Bodies that no client should send: each refused in the envelope, and nothing made.

use std::time::Duration;

use mock_server::Limits;
use serde_json::{Value, json};

use crate::support::api::Api;
use crate::support::{Own, Wire};

/// A world in which nothing has been made, and the check that nothing was.
struct Untouched {
    api: Api,
    before: Vec<Value>,
}

impl Untouched {
    async fn world() -> Self {
        let api = Api::private();
        let before = api.walk("/customers?limit=100").await;
        Self { api, before }
    }

    /// Asserts that the server answers still and that nothing was written.
    async fn still(self) {
        assert_eq!(self.api.walk("/customers?limit=100").await, self.before);
    }
}

#[tokio::test]
async fn a_body_that_is_not_json_is_refused() {
    let world = Untouched::world().await;
    let broken: [&[u8]; 22] = [
        b"{",
        b"}",
        b"{\"name\"",
        b"{\"name\":",
        b"{\"name\":\"a\"",
        b"{\"name\":\"a\"}}",
        b"{\"name\":\"a\"} {\"name\":\"b\"}",
        b"{\"name\":\"a\",}",
        b"{name:\"a\"}",
        b"{'name':'a'}",
        b"{\"name\":\"a\nb\"}",
        b"{\"name\":\"\\x41\"}",
        b"{\"name\":\"a\",\"mrr\":01}",
        b"{\"name\":\"a\",\"mrr\":+1}",
        b"{\"name\":\"a\",\"mrr\":NaN}",
        b"{\"name\":\"a\",\"mrr\":Infinity}",
        b"name=a&slug=b",
        b"<customer/>",
        b"\xef\xbb\xbf{\"name\":\"a\"}",
        b"\0",
        b"{\"name\":\"a\"}\0",
        b"   ",
    ];
    for body in broken {
        world.api.post_bytes("/customers", body).await.refused(400, "invalid_json", None);
        let patched = world.api.send("PATCH", "/customers/128", |request| request.body(body.to_vec())).await;
        patched.refused(400, "invalid_json", None);
    }
    world.still().await;
}

#[tokio::test]
async fn an_empty_body_is_refused() {
    let world = Untouched::world().await;
    for target in ["/customers", "/customers/128/contacts", "/onboardings"] {
        world.api.post_bytes(target, "").await.refused(400, "invalid_json", None);
        world.api.send("POST", target, |request| request).await.refused(400, "invalid_json", None);
    }
    world.still().await;
}

#[tokio::test]
async fn bytes_that_are_not_utf_8_are_refused() {
    let world = Untouched::world().await;
    for bytes in
        [&b"\xff"[..], b"\xc3\x28", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80", b"\xc0\xaf", b"a\xe2\x82"]
    {
        let body = [b"{\"name\":\"", bytes, b"\"}"].concat();
        world.api.post_bytes("/customers", body).await.refused(400, "invalid_json", None);
        let key = [b"{\"name\":\"a\",\"", bytes, b"\":1}"].concat();
        world.api.post_bytes("/customers", key).await.refused(400, "invalid_json", None);
    }
    world.api.post_bytes("/customers", b"\xff\xfe{\0}\0".to_vec()).await.refused(400, "invalid_json", None);
    world.still().await;
}

#[tokio::test]
async fn lone_surrogates_are_refused() {
    let world = Untouched::world().await;
    for text in [r"\ud800", r"\udc00", r"\ud800\ud800", r"\udc00\ud800", r"\ud83e", r"a\ud800b"] {
        let body = format!(r#"{{"name":"{text}"}}"#);
        world.api.post_bytes("/customers", body).await.refused(400, "invalid_json", None);
        let key = format!(r#"{{"name":"a","{text}":1}}"#);
        world.api.post_bytes("/customers", key).await.refused(400, "invalid_json", None);
    }
    world.still().await;
}

#[tokio::test]
async fn a_pair_of_surrogates_is_a_character() {
    let made = Api::private().post_bytes("/customers", r#"{"name":"\ud83e\udd80"}"#).await.is(201);
    assert_eq!(made["name"], "🦀");
}

#[tokio::test]
async fn a_body_that_is_no_object_is_refused() {
    let world = Untouched::world().await;
    for body in ["[]", r#"[{"name":"a"}]"#, "\"name\"", "1", "true", "null", "1e400", "-0"] {
        for (method, target) in
            [("POST", "/customers"), ("PATCH", "/customers/128"), ("POST", "/onboardings")]
        {
            let answer = world.api.send(method, target, |request| request.body(body)).await;
            let expected = if body == "1e400" { "invalid_json" } else { "invalid_type" };
            answer.refused(400, expected, None);
        }
    }
    world.still().await;
}

#[tokio::test]
async fn nesting_of_5000_levels_is_refused() {
    let world = Untouched::world().await;
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = format!("{}1{}", open.repeat(5_000), close.repeat(5_000));
        for body in
            [deep.clone(), format!(r#"{{"name":"a","deep":{deep}}}"#), format!(r#"{{"name":{deep}}}"#)]
        {
            world.api.post_bytes("/customers", body).await.refused(400, "invalid_json", None);
        }
        world.api.post_bytes("/customers", open.repeat(5_000)).await.refused(400, "invalid_json", None);
    }
    world.still().await;
}

#[tokio::test]
async fn moderate_nesting_in_an_unknown_property_is_ignored() {
    let api = Api::private();
    let deep = format!("{}1{}", "[".repeat(100), "]".repeat(100));
    api.post_bytes("/customers", format!(r#"{{"name":"a","deep":{deep}}}"#)).await.is(201);
}

#[tokio::test]
async fn ten_megabytes_are_refused_and_the_client_reads_it() {
    let world = Untouched::world().await;
    let body = format!(r#"{{"name":"{}"}}"#, "a".repeat(10 << 20));
    world.api.post_bytes("/customers", body.clone()).await.refused(413, "body_too_large", None);
    world.api.send("PATCH", "/customers/128", |request| request.body(body)).await.refused(
        413,
        "body_too_large",
        None,
    );
    world.still().await;
}

#[tokio::test]
async fn ten_megabytes_in_chunks_are_refused_too() {
    let world = Untouched::world().await;
    let mut wire = Wire::shared().await;
    let head = format!(
        "POST /api/v1/customers HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nTransfer-Encoding: chunked\r\n\r\n",
        world.api.key()
    );
    assert!(wire.send(head).await);
    let chunk = format!("10000\r\n{}\r\n", "a".repeat(0x10000));
    for _ in 0..160 {
        assert!(wire.send(&chunk).await);
    }
    assert!(wire.send("0\r\n\r\n").await);
    assert_eq!(wire.answer().await.refused(413), "body_too_large");
    world.still().await;
}

#[tokio::test]
async fn a_body_at_the_bound_is_read_and_one_byte_more_is_not() {
    let limits = Limits { body_bytes: 1_000, ..Limits::default() };
    let own = Own::start(|builder| builder.limits(limits)).await;
    let body = |length: usize| {
        let frame = r#"{"name":"a","x":""}"#.len();
        format!(r#"{{"name":"a","x":"{}"}}"#, "x".repeat(length - frame))
    };
    own.api.post_bytes("/customers", body(1_000)).await.is(201);
    own.api.post_bytes("/customers", body(1_001)).await.refused(413, "body_too_large", None);
}

#[tokio::test]
async fn a_large_body_without_a_key_is_refused_for_the_key() {
    let answer = Api::shared().post_bytes("/customers", vec![b'a'; 10 << 20]).await;
    answer.refused(401, "missing_api_key", None);
}

#[tokio::test]
async fn a_refused_client_that_offers_a_body_is_not_asked_for_it() {
    let offer = "Host: x\r\nContent-Length: 10000000\r\nExpect: 100-continue\r\n";
    let key = "Authorization: Bearer pivotal_test_ws_offer\r\n";
    for (line, key, status) in [
        ("POST /api/v1/customers", "", 401),
        ("POST /api/v1/nothing", key, 404),
        ("PUT /api/v1/customers", key, 405),
    ] {
        let mut wire = Wire::shared().await;
        assert!(wire.send(format!("{line} HTTP/1.1\r\n{key}{offer}\r\n")).await);
        wire.answer().await.refused(status);
    }
}

#[tokio::test]
async fn a_slow_body_is_given_up() {
    let limits = Limits { body_time: Duration::from_millis(50), ..Limits::default() };
    let own = Own::start(|builder| builder.limits(limits)).await;
    let mut wire = Wire::to(&own.server.address().to_string()).await;
    let head = "POST /api/v1/customers HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer pivotal_test_demo\r\n\
        Idempotency-Key: slow\r\nContent-Length: 100\r\n\r\n{\"name\":";
    assert!(wire.send(head).await);
    assert_eq!(wire.answer().await.refused(408), "body_timeout");
    wire.ends().await;
    own.api.post_once("/customers", "slow", json!({"name": "a"})).await.is(201);
}

#[tokio::test]
async fn a_body_that_breaks_off_writes_nothing() {
    let world = Untouched::world().await;
    for framing in [
        "Content-Length: 100\r\n\r\n{\"name\":\"a\"}",
        "Transfer-Encoding: chunked\r\n\r\nc\r\n{\"name\":\"a\"}\r\n",
    ] {
        let mut wire = Wire::shared().await;
        let head = format!(
            "POST /api/v1/customers HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n{framing}",
            world.api.key()
        );
        assert!(wire.send(head).await);
        wire.half_close().await;
        if let Some(answer) = wire.try_answer().await {
            assert_eq!(answer.refused(400), "invalid_json");
        }
    }
    world.still().await;
}

#[tokio::test]
async fn a_chunk_that_is_none_writes_nothing() {
    let world = Untouched::world().await;
    for chunk in ["zz\r\n{}", "-1\r\n{}\r\n", "ffffffffffffffffff\r\n{}\r\n", "2\r\n{}0\r\n\r\n"] {
        let mut wire = Wire::shared().await;
        let head = format!(
            "POST /api/v1/customers HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nTransfer-Encoding: chunked\r\n\r\n{chunk}",
            world.api.key()
        );
        assert!(wire.send(head).await);
        if let Some(answer) = wire.try_answer().await {
            assert_eq!(answer.status, 400, "{answer:?}");
        }
    }
    world.still().await;
}

#[tokio::test]
async fn numbers_beyond_every_type_are_refused_or_kept_exactly() {
    let api = Api::private();
    for number in [
        "9007199254740993",
        "9223372036854775807",
        "9223372036854775808",
        "18446744073709551615",
        "18446744073709551616",
        "18446744073709551617",
        "1e30",
        "1e308",
        "123456789012345678901234567890",
    ] {
        let answer = api.post_bytes("/customers", format!(r#"{{"name":"a","mrr":{number}}}"#)).await;
        if answer.status == 201 {
            let kept = answer.json()["mrr"].clone();
            assert_eq!(exact(&kept.to_string()), exact(number), "{number} became {kept}");
        } else {
            assert_eq!(answer.is(400)["error"]["field"], "mrr", "{number}");
        }
    }
    for number in ["1e400", "-1e400", "1e999999999"] {
        let answer = api.post_bytes("/customers", format!(r#"{{"name":"a","mrr":{number}}}"#)).await;
        answer.refused(400, "invalid_json", None);
    }
    for number in ["-9223372036854775808", "-1e30", "-18446744073709551616"] {
        let answer = api.post_bytes("/customers", format!(r#"{{"name":"a","mrr":{number}}}"#)).await;
        answer.refused(400, "too_small", "mrr");
    }
    for number in ["0.5", "1e-7", "1e-400"] {
        let answer = api.post_bytes("/customers", format!(r#"{{"name":"a","mrr":{number}}}"#)).await;
        assert!(answer.status == 400 || answer.json()["mrr"] == 0, "{answer}");
    }
}

/// A number as its reader has it: exactly up to 64 bits, beyond that as near as a double comes.
fn exact(number: &str) -> Result<u64, String> {
    number.parse().map_err(|_| number.parse::<f64>().expect("a number").to_string())
}

#[tokio::test]
async fn nul_and_control_characters_in_texts_are_kept() {
    let api = Api::private();
    for text in [
        "\u{0}",
        "a\u{0}b",
        "\u{1b}[31m",
        "\u{202e}",
        "\u{feff}",
        "\u{2028}\u{2029}",
        "\r\n",
        "\u{10ffff}",
        "'; DROP TABLE",
    ] {
        let made = api.make("/customers", json!({"name": text, "slug": text, "domain": text})).await;
        assert_eq!((&made["name"], &made["slug"]), (&json!(text), &json!(text)));
        let read = api.get(&format!("/customers/{}", made["display_id"])).await.is(200);
        assert_eq!(read, made);
    }
}

#[tokio::test]
async fn a_million_small_properties_do_no_harm() {
    let api = Api::private();
    let many: Vec<String> = (0..50_000).map(|number| format!("\"k{number}\":0")).collect();
    api.post_bytes("/customers", format!("{{\"name\":\"a\",{}}}", many.join(","))).await.is(201);
    let labels = vec!["\"l\""; 100_000].join(",");
    let body = format!(r#"{{"name":"a","email":"a@x.example","labels":[{labels}]}}"#);
    api.post_bytes("/customers/128/contacts", body).await.refused(400, "too_big", "labels");
}

#[tokio::test]
async fn the_content_type_does_not_decide() {
    let api = Api::private();
    for kind in ["application/json; charset=utf-8", "text/plain", "application/merge-patch+json"] {
        let answer = api
            .send("POST", "/customers", |request| {
                request.header("Content-Type", kind).body(r#"{"name":"a"}"#)
            })
            .await;
        answer.is(201);
    }
}
