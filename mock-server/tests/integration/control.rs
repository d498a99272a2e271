//! The control API: faults, requests, rows, snapshots, clocks, resets.

use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::support::api::id;
use crate::support::{Answer, Own, Wire, client};

async fn send(own: &Own, method: &str, path: &str, body: Option<&Value>) -> Response {
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    let mut request = client().request(method, format!("{}/__mock{path}", own.root()));
    if let Some(body) = body {
        request = request.json(body);
    }
    request.send().await.unwrap()
}

async fn ask(own: &Own, method: &str, path: &str, body: Value) -> (u16, Value) {
    let response = send(own, method, path, (!body.is_null()).then_some(&body)).await;
    (response.status().as_u16(), response.json().await.unwrap())
}

/// Asserts a success and returns what it answered.
async fn done(own: &Own, method: &str, path: &str, body: Value) -> Value {
    let (status, answer) = ask(own, method, path, body).await;
    assert!(status < 300, "{method} {path} {status} {answer}");
    answer
}

/// Asserts a refusal with one message that says where and what to do.
async fn refused(own: &Own, method: &str, path: &str, body: Value, status: u16, said: &str) {
    let (is, answer) = ask(own, method, path, body).await;
    assert_eq!(is, status, "{method} {path} {answer}");
    let message = answer["error"]["message"].as_str().unwrap();
    assert!(message.contains(said), "{message}");
}

/// A call whose answer need not be in the contract.
async fn raw(own: &Own, path: &str) -> Result<Response, reqwest::Error> {
    client().get(format!("{}{path}", own.server.url())).bearer_auth("pivotal_test_demo").send().await
}

#[tokio::test]
async fn a_fault_is_met_as_often_as_it_says_and_stands_in_the_journal() {
    let own = Own::start(|builder| builder).await;
    let fault = json!({"operation": "list-*", "times": 2, "after": 1, "status": 503});
    let armed = done(&own, "POST", "/faults", fault).await;
    assert_eq!((&armed["times"], &armed["met"], &armed["spent"]), (&json!(2), &json!(0), &json!(false)));
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(raw(&own, "/customers").await.unwrap().status().as_u16());
    }
    assert_eq!(statuses, [200, 503, 503, 200]);
    own.api.get("/me").await.is(200);
    assert_eq!(done(&own, "GET", "/faults", Value::Null).await["faults"][0]["spent"], true);
    let met = done(&own, "GET", "/requests?forced=true", Value::Null).await;
    assert_eq!(met["requests"].as_array().unwrap().len(), 2);
    assert_eq!(met["requests"][0]["rule"], format!("fault {}", armed["id"]));
    assert!(met["requests"][0]["reason"].is_string());
    assert_eq!(done(&own, "DELETE", "/faults", Value::Null).await["removed"], 1);
}

#[tokio::test]
async fn a_fault_answers_what_it_says() {
    let own = Own::start(|builder| builder).await;
    let next = async |fault: Value| {
        done(&own, "POST", "/faults", fault).await;
        own.api.post("/customers", json!({"name": "a"})).await
    };
    next(json!({"operation": "create-*", "example": "slug_taken"})).await.refused(409, "slug_taken", "slug");
    let answer = next(json!({"status": 409, "body": {"error": {"type": "conflict", "code": "mine", "message": "no"}}, "headers": {"X-Mine": "1"}})).await;
    answer.refused(409, "mine", None);
    assert_eq!(answer.header("X-Mine"), Some("1"));
    let made = next(json!({"headers": {"X-Mine": "2"}})).await;
    assert_eq!((made.status, made.header("X-Mine")), (201, Some("2")), "the operation is carried out");
    let started = std::time::Instant::now();
    assert_eq!(next(json!({"delay_ms": {"min": 60, "max": 80}})).await.status, 201);
    assert!(started.elapsed().as_millis() >= 60);
}

#[tokio::test]
async fn a_connection_ends_as_a_fault_says() {
    let own = Own::start(|builder| builder).await;
    for kind in ["reset", "close", "truncate"] {
        done(&own, "POST", "/faults", json!({"connection": kind})).await;
        let whole = match raw(&own, "/customers").await {
            Ok(response) => response.bytes().await.map(|_| ()),
            Err(error) => Err(error),
        };
        assert!(whole.is_err(), "{kind}");
        own.api.get("/customers").await.is(200);
    }
    // A reset is no ordinary end: the system says so.
    done(&own, "POST", "/faults", json!({"connection": "reset", "method": "DELETE"})).await;
    let mut wire = tokio::net::TcpStream::connect(own.server.address()).await.unwrap();
    let request =
        "DELETE /api/v1/customers/128 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer pivotal_test_demo\r\n\r\n";
    tokio::io::AsyncWriteExt::write_all(&mut wire, request.as_bytes()).await.unwrap();
    let end = tokio::io::AsyncReadExt::read(&mut wire, &mut [0; 16]).await;
    assert_eq!(end.unwrap_err().kind(), std::io::ErrorKind::ConnectionReset);
    own.api.get("/customers/128").await.is(200);
}

#[tokio::test]
async fn a_stalled_or_slow_answer_lets_go_of_a_server_that_stops() {
    let own = Own::start(|builder| builder).await;
    for kind in ["stall", "slow"] {
        done(&own, "POST", "/faults", json!({"connection": kind, "operation": "get-me"})).await;
        let mut wire = Wire::to(&own.server.address().to_string()).await;
        wire.send("GET /api/v1/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer pivotal_demo\r\n\r\n").await;
    }
    let stream = send(&own, "GET", "/requests/stream", None).await;
    let started = std::time::Instant::now();
    own.server.shutdown().await;
    assert!(started.elapsed().as_secs() < 5, "nobody waits for them");
    drop(stream);
}

#[tokio::test]
async fn faults_that_can_never_be_met_or_contradict_themselves_are_refused() {
    let own = Own::start(|builder| builder).await;
    for (fault, said) in [
        (json!({"operation": "creat-customer", "status": 503}), "Did you mean create-customer?"),
        (
            json!({"operation": "create-customer", "method": "GET", "status": 503}),
            "no request meets the fault",
        ),
        (json!({"method": "PSOT", "status": 503}), "Did you mean POST?"),
        (json!({"path": "customers", "status": 503}), "begins with a slash"),
        (
            json!({"example": "slug_taken", "operation": "list-customers"}),
            "There is no such example of list-customers",
        ),
        (json!({"operation": "*"}), "does nothing"),
        (json!({"status": 503, "connection": "reset"}), "Leave out"),
        (json!({"statsu": 503}), "Did you mean status?"),
        (json!({"status": "503"}), "/status"),
        (json!({"status": 503, "times": -1}), "/times"),
        (json!({"profile": "offlin"}), "/profile"),
        (json!({"profile": "offline", "status": 503}), "/profile"),
        (json!({"status": 503, "delay_ms": {"min": 9, "max": 1}}), "/delay_ms"),
        (json!([]), "object"),
    ] {
        refused(&own, "POST", "/faults", fault, 400, said).await;
    }
    assert_eq!(done(&own, "GET", "/faults", Value::Null).await["faults"], json!([]), "nothing is half-done");
    refused(&own, "POST", "/faults?workspace=nobody", json!({"status": 503}), 404, "no workspace nobody")
        .await;
    refused(&own, "DELETE", "/faults/7", Value::Null, 404, "no fault 7").await;
}

#[tokio::test]
async fn a_fault_of_one_workspace_meets_no_other_and_a_key_says_which() {
    let own = Own::start(|builder| builder).await;
    let armed = client()
        .post(format!("{}/__mock/faults", own.root()))
        .bearer_auth("pivotal_test_ws_mine")
        .json(&json!({"profile": "rate-limited"}))
        .send()
        .await
        .unwrap();
    assert_eq!(armed.json::<Value>().await.unwrap()["workspace"], "demo~mine");
    own.api.get("/customers").await.is(200);
    let refused = own.api.with_key("pivotal_test_ws_mine").get("/customers").await;
    refused.refused(429, "rate_limited", None);
    assert_eq!((refused.number("X-RateLimit-Remaining"), refused.number("Retry-After")), (0, 30));
    let wait = refused.number("X-RateLimit-Reset") - jiff_now();
    assert!((28..=31).contains(&wait), "{wait}");
}

fn jiff_now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    i64::try_from(since.as_secs()).unwrap()
}

#[tokio::test]
async fn any_status_delay_and_wait_can_be_asked_for() {
    let own = Own::start(|builder| builder).await;
    for (status, empty) in [(418, false), (507, false), (202, true)] {
        let response = raw(&own, &format!("/customers?__code={status}")).await.unwrap();
        assert_eq!(response.status(), status);
        assert_eq!(response.headers()["preference-applied"], format!("code={status}"));
        assert_eq!(response.bytes().await.unwrap().is_empty(), empty, "{status}");
    }
    let started = std::time::Instant::now();
    let answer: Answer =
        own.api.send("GET", "/me", |request| request.header("Prefer", "delay=50ms, retry-after=7")).await;
    answer.is(200);
    assert!(started.elapsed().as_millis() >= 50);
    assert_eq!(answer.header("Preference-Applied"), Some("delay=50ms, retry-after=7"));
    assert_eq!(answer.number("Retry-After"), 7);
    let answer = own.api.get("/me?__code=429&__retry-after=12").await;
    answer.refused(429, "rate_limited", None);
    assert_eq!((answer.number("Retry-After"), answer.number("X-RateLimit-Remaining")), (12, 0));
    assert_eq!(own.api.get("/me?__delay=1h").await.status, 400);
}

#[tokio::test]
async fn the_journal_keeps_all_of_a_request_and_finds_it() {
    let own = Own::start(|builder| builder).await;
    own.api.send("POST", "/customers?__code=409", |request| request.json(&json!({"name": "kept"}))).await;
    own.api.get("/custmers").await.is(404);
    own.api.with_key("pivotal_test_other").get("/customers").await.is(200);
    let large = "x".repeat(100_000);
    own.api.post("/customers", json!({"name": large})).await;
    let found = async |query: &str| {
        done(&own, "GET", &format!("/requests{query}"), Value::Null).await["requests"].clone()
    };
    let forced = &found("?status=409").await[0];
    assert_eq!((&forced["body"], &forced["rule"]), (&json!({"name": "kept"}), &json!("preference code=409")));
    assert_eq!(forced["headers"]["authorization"], "Bearer …");
    assert_eq!(forced["query"], json!({"__code": "409"}));
    assert!(forced["answer_headers"]["content-type"].is_string());
    let missed = &found("?status=4xx&path=*custmers").await[0];
    assert_eq!(missed["near"][0], "GET /api/v1/customers");
    assert_eq!(found("?operation=create-*&method=post").await.as_array().unwrap().len(), 2);
    let cut = &found("?operation=create-customer&after=3").await[0];
    assert_eq!((&cut["truncated"], cut["body_size"].as_u64().unwrap() > 100_000), (&json!(true), true));
    assert_eq!(found("?limit=1&bodies=false").await[0]["body"], Value::Null);
    assert_eq!(done(&own, "GET", "/requests/1", Value::Null).await["status"], 409);
    assert_eq!(done(&own, "DELETE", "/requests?workspace=other", Value::Null).await["cleared"], 1);
    assert_eq!(found("").await.as_array().unwrap().len(), 3, "the others keep theirs");
    for (query, status, said) in [
        ("?workspace=nobody", 404, "no workspace"),
        ("?operation=nothing", 400, "operation is called nothing"),
        ("?status=6xx", 400, "status"),
        ("?sinc=1", 400, "Did you mean since?"),
        ("?wait=90000s", 400, "60 seconds"),
        ("/99", 404, "no request"),
    ] {
        refused(&own, "GET", &format!("/requests{query}"), Value::Null, status, said).await;
    }
    let har = done(&own, "GET", "/requests/har", Value::Null).await;
    assert_eq!(har["log"]["entries"].as_array().unwrap().len(), 3);
    assert!(!har.to_string().contains("pivotal_test_demo"));
}

#[tokio::test]
async fn who_waits_for_requests_gets_them_as_they_come() {
    let own = Own::start(|builder| builder).await;
    let mut stream = send(&own, "GET", "/requests/stream?workspace=demo", None).await;
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    let both =
        tokio::join!(done(&own, "GET", "/requests?wait=20s&count=2&operation=get-me", Value::Null), async {
            for target in ["/customers", "/me", "/me"] {
                own.api.get(target).await.is(200);
            }
        });
    assert_eq!((&both.0["complete"], both.0["requests"].as_array().unwrap().len()), (&json!(true), 2));
    let short = done(&own, "GET", "/requests?wait=10ms&count=9", Value::Null).await;
    assert_eq!(short["complete"], false);
    let mut text = String::new();
    while text.matches("event: request\n").count() < 3 {
        text.push_str(&String::from_utf8_lossy(&stream.chunk().await.unwrap().unwrap()));
    }
    assert!(text.contains("id: 1\nevent: request\ndata: {\"id\":1,"), "{text}");
}

#[tokio::test]
async fn rows_come_out_and_go_in_again() {
    let own = Own::start(|builder| builder).await;
    let state = done(&own, "GET", "/state?workspace=demo", Value::Null).await;
    assert_eq!(state["customer"].as_array().unwrap().len(), 64);
    own.api.delete("/customers/128").await.is(200);
    own.api.make("/customers", json!({"name": "later"})).await;
    let put = done(&own, "PUT", "/state?workspace=demo", state.clone()).await;
    assert_eq!(put["rows"]["customer"], 64);
    assert_eq!(done(&own, "GET", "/state?workspace=demo", Value::Null).await, state);
    own.api.get("/customers/128").await.is(200);
    let made = own.api.make("/customers", json!({"name": "new"})).await;
    let ids: Vec<_> = state["customer"].as_array().unwrap().iter().map(|row| &row["id"]).collect();
    assert!(!ids.contains(&&made["id"]));
}

#[tokio::test]
async fn partial_rows_are_completed() {
    let clock = "2026-07-01T00:00:00Z".parse().unwrap();
    let own = Own::start(|builder| builder.clock(clock)).await;
    let api = own.api.with_key("pivotal_test_ws_rows");
    let rows = json!({
        "customer": [{"name": "One", "slug": "one", "created_at": "now-3d"}, {"count": 30, "name": "Many {n}"}],
        "contact": [{"customer_id": 1, "name": "P", "email": "P@One.example"}, {"count": 5}],
    });
    let put = done(&own, "PUT", "/state?workspace=demo~rows", rows.clone()).await;
    assert_eq!((&put["rows"]["customer"], &put["rows"]["contact"]), (&json!(31), &json!(6)));
    let one = api.get("/customers/1").await.is(200);
    assert_eq!((&one["slug"], &one["created_at"]), (&json!("one"), &json!("2026-06-28T00:00:00.000Z")));
    let walked = api.walk("/customers?limit=10").await;
    assert_eq!(walked.len(), 31);
    assert_eq!(walked[0]["name"], "Many 30", "the last that is written is the newest");
    let contacts = api.get("/customers/1/contacts").await.is(200);
    assert!(
        contacts["data"].as_array().unwrap().iter().any(|row| row["email"] == "p@one.example"),
        "{contacts}"
    );
    let again = done(&own, "GET", "/state?workspace=demo~rows", Value::Null).await;
    done(&own, "POST", "/reset?workspace=demo~rows", Value::Null).await;
    done(&own, "PUT", "/state?workspace=demo~rows", rows).await;
    assert_eq!(done(&own, "GET", "/state?workspace=demo~rows", Value::Null).await, again, "seeded");
}

#[tokio::test]
async fn rows_that_break_the_contract_change_nothing() {
    let own = Own::start(|builder| builder).await;
    let before = done(&own, "GET", "/state?workspace=demo", Value::Null).await;
    for (rows, status, said) in [
        (json!({"custmer": []}), 422, "Did you mean customer?"),
        (json!({"customer": [{"name": 5}]}), 422, "/customer/0/name"),
        (
            json!({"customer": [{"name": "a", "slug": "s"}, {"name": "b", "slug": "s"}]}),
            422,
            "already in use",
        ),
        (
            json!({"contact": [{"name": "a", "email": "a@b.example", "customer_id": "none"}]}),
            422,
            "/contact/0/customer_id",
        ),
        (json!({"customer": [7]}), 422, "no row"),
        (json!({"customer": [{"count": -1}]}), 422, "whole number"),
        (json!({"customer": [{"count": 9_000_000}]}), 422, "--max-rows"),
        (json!({"customer": 7}), 400, "/customer"),
        (json!(7), 400, "object"),
    ] {
        refused(&own, "PUT", "/state?workspace=demo", rows, status, said).await;
    }
    assert_eq!(done(&own, "GET", "/state?workspace=demo", Value::Null).await, before);
    assert_eq!(done(&own, "GET", "/state", Value::Null).await, before, "the first by name");
    refused(&own, "GET", "/state?workspace=dmo", Value::Null, 404, "Did you mean demo?").await;
}

#[tokio::test]
async fn rows_are_changed_one_by_one() {
    let own = Own::start(|builder| builder).await;
    let at = |path: &str| format!("/state/{path}?workspace=demo");
    let added = done(&own, "POST", &at("customer"), json!({"name": "Added", "slug": "added"})).await;
    own.api.get(&format!("/customers/{}", id(&added))).await.is(200);
    let changed = done(&own, "PUT", &at("customer/128"), json!({"name": "Changed"})).await;
    assert_eq!((&changed["name"], &changed["display_id"]), (&json!("Changed"), &json!(128)));
    assert_eq!(own.api.get("/customers/128").await.is(200)["name"], "Changed");
    done(&own, "DELETE", &at("customer/128"), Value::Null).await;
    own.api.get("/customers/128").await.is(404);
    done(&own, "PUT", &at(&format!("customer/{}", id(&changed))), json!({})).await;
    assert_eq!(own.api.get("/customers/128").await.is(200), changed, "it is back as it was");
    assert_eq!(own.api.walk("/customers?limit=100").await.len(), 65);
    refused(&own, "POST", &at("customer"), json!({"name": "b", "slug": "added"}), 422, "already in use")
        .await;
    refused(&own, "PUT", &at("customer/128"), json!({"name": null}), 422, "name").await;
    refused(&own, "DELETE", &at("customer/nobody"), Value::Null, 404, "no customer nobody").await;
    refused(&own, "DELETE", &at("thing/1"), Value::Null, 404, "no resource thing").await;
}

#[tokio::test]
async fn snapshots_are_kept_restored_and_deleted() {
    let own = Own::start(|builder| builder).await;
    let path = |name: &str| format!("/snapshots/{name}?workspace=demo");
    assert_eq!(done(&own, "POST", &path("before"), Value::Null).await["name"], "before");
    own.api.delete("/customers/128").await.is(200);
    let made = own.api.post_once("/customers", "k", json!({"name": "a"})).await.is(201);
    done(&own, "POST", "/snapshots/before/restore?workspace=demo", Value::Null).await;
    own.api.get("/customers/128").await.is(200);
    own.api.get(&format!("/customers/{}", id(&made))).await.is(404);
    let again = own.api.post_once("/customers", "k", json!({"name": "b"})).await.is(201);
    assert_eq!((&again["id"], &again["name"]), (&made["id"], &json!("b")));
    assert_eq!(done(&own, "GET", "/snapshots?workspace=other", Value::Null).await["snapshots"], json!([]));
    refused(
        &own,
        "POST",
        "/snapshots/befor/restore?workspace=demo",
        Value::Null,
        404,
        "Did you mean before?",
    )
    .await;
    refused(&own, "POST", &path("a%20b"), Value::Null, 400, "name").await;
    done(&own, "DELETE", &path("before"), Value::Null).await;
    refused(&own, "DELETE", &path("before"), Value::Null, 404, "no snapshot before").await;
}

#[tokio::test]
async fn a_clock_is_a_workspace_s_own() {
    let own = Own::start(|builder| builder).await;
    let api = own.api.with_key("pivotal_test_ws_clock");
    let clock = "/clock?workspace=demo~clock";
    let frozen = done(&own, "PUT", clock, json!({"now": "2031-01-01T00:00:00Z"})).await;
    assert_eq!((&frozen["now"], &frozen["frozen"]), (&json!("2031-01-01T00:00:00.000Z"), &json!(true)));
    let made = api.make("/customers", json!({"name": "a"})).await;
    assert_eq!(made["created_at"], "2031-01-01T00:00:00.000Z");
    let later = done(&own, "PUT", clock, json!({"advance": "P1DT2H"})).await;
    assert_eq!(later["now"], "2031-01-02T02:00:00.000Z");
    assert_eq!(api.make("/customers", json!({"name": "b"})).await["created_at"], "2031-01-02T02:00:00.000Z");
    assert!(own.api.make("/customers", json!({"name": "c"})).await["created_at"].as_str() < Some("2031"));
    assert_eq!(done(&own, "PUT", clock, json!({"now": "real"})).await["frozen"], false);
    for body in [
        json!({"now": "noon"}),
        json!({"advance": "2h?"}),
        json!({"advance": "-PT1H"}),
        json!({}),
        json!({"nwo": "real"}),
    ] {
        refused(&own, "PUT", clock, body, 400, "").await;
    }
}

#[tokio::test]
async fn a_reset_gives_everything_back_and_the_same_ids_again() {
    let own = Own::start(|builder| builder.rate_limit(mock_server::RateLimitMode::PerMinute(3))).await;
    let api = own.api.with_key("pivotal_test_ws_r");
    let reset = "/reset?workspace=demo~r";
    assert_eq!(
        done(&own, "POST", reset, Value::Null).await["reset"],
        "demo~r",
        "one that nobody used is fine"
    );
    done(&own, "POST", "/faults?workspace=demo~r", json!({"operation": "get-me", "status": 503, "times": 0}))
        .await;
    done(&own, "PUT", "/clock?workspace=demo~r", json!({"now": "2031-01-01T00:00:00Z"})).await;
    let mut made = Vec::new();
    for _ in 0..2 {
        let body = json!({"name": "a", "slug": "same"});
        made.push(api.post_once("/customers", "k", body).await.is(201)["id"].clone());
        api.delete("/customers/128").await.is(200);
        api.get("/customers").await.is(200);
        api.get("/customers").await.refused(429, "rate_limited", None);
        done(&own, "POST", reset, json!({"journal": false})).await;
    }
    assert_eq!(made[0], made[1]);
    api.get("/me").await.is(200);
    assert_eq!(done(&own, "GET", "/clock?workspace=demo~r", Value::Null).await["frozen"], false);
    assert!(
        !done(&own, "GET", "/requests?workspace=demo~r", Value::Null).await["requests"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    done(&own, "POST", reset, json!({"journal": true})).await;
    assert_eq!(done(&own, "GET", "/requests?workspace=demo~r", Value::Null).await["requests"], json!([]));
    assert_eq!(done(&own, "DELETE", "/workspaces/demo~r", Value::Null).await["freed"], json!(["demo~r"]));
    refused(&own, "POST", reset, json!({"jurnal": true}), 400, "Did you mean journal?").await;
}

#[tokio::test]
async fn a_server_with_a_token_asks_for_it_but_says_that_it_is_well() {
    let own = Own::start(|builder| builder.control_token("t0ken")).await;
    for (path, status) in [("/requests", 401), ("/state?workspace=demo", 401), ("/health", 200), ("/", 200)] {
        assert_eq!(send(&own, "GET", path, None).await.status(), status, "{path}");
    }
    let with = |token: &str| {
        client().get(format!("{}/__mock/requests", own.root())).header("Mock-Control-Token", token)
    };
    assert_eq!(with("t0ken").send().await.unwrap().status(), 200);
    assert_eq!(with("other").send().await.unwrap().status(), 401);
    let head = client().head(format!("{}/__mock/health", own.root())).send().await.unwrap();
    assert_eq!(head.status(), 200);
}

#[tokio::test]
async fn a_strict_server_tells_what_it_ignores() {
    let own = Own::start(|builder| builder.strict(true).cors_origin("http://localhost:5173")).await;
    let answer = own.api.post("/customers?limt=5", json!({"name": "a", "sulg": "s"})).await;
    answer.is(201);
    assert_eq!(answer.header("Mock-Ignored"), Some("body sulg (did you mean slug?), query limt"));
    let journal = done(&own, "GET", "/requests", Value::Null).await;
    assert_eq!(journal["requests"][0]["ignored"].as_array().unwrap().len(), 2);
    assert_eq!(own.api.get("/customers?limit=5").await.header("Mock-Ignored"), None);
    for (origin, allowed) in [("http://localhost:5173", true), ("http://localhost:3000", false)] {
        let answer = own.api.send("GET", "/me", |request| request.header("Origin", origin)).await;
        assert_eq!(answer.header("Access-Control-Allow-Origin").is_some(), allowed, "{origin}");
    }
}

#[tokio::test]
async fn every_call_that_is_described_is_there() {
    let own = Own::start(|builder| builder).await;
    let text = send(&own, "GET", "/openapi.yaml", None).await.text().await.unwrap();
    let contract = schemas::Contract::from_text("control.yaml", &text).unwrap();
    assert_eq!(contract.problems(), []);
    for operation in contract.operations() {
        let path = operation.path.expand(|name| Some(if name == "id" { "1" } else { "nothing" }.to_owned()));
        let response = send(&own, operation.method.as_str(), &path, None).await;
        assert_ne!(response.status(), 501, "{}", operation.id);
        let status = response.status().as_u16();
        if path.ends_with("/stream") || operation.response(status).is_none_or(|known| known.schema.is_none())
        {
            continue;
        }
        let body: Value = response.json().await.unwrap();
        let schema = operation.response(status).and_then(|known| known.schema.clone()).unwrap();
        assert!(schema.is_valid(&body), "{} {status} {:?}", operation.id, schema.faults(&body));
    }
}
