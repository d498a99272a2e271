//! One seed and one clock: the same requests get the same bytes.

use mock_server::Clock;
use serde_json::json;

use crate::support::api::Api;
use crate::support::process::Program;
use crate::support::{Answer, Own};

const SCRIPT: &[(&str, &str, &str)] = &[
    ("GET", "/health", ""),
    ("GET", "/me", ""),
    ("GET", "/customers?limit=3", ""),
    ("POST", "/customers", r#"{"name":"One","slug":"one"}"#),
    ("POST", "/customers", r#"{"name":"Two","slug":"one"}"#),
    ("POST", "/customers", r#"{"name":"Three","mrr":5}"#),
    ("PATCH", "/customers/128", r#"{"plan":"scale","slug":null}"#),
    ("POST", "/customers/128/contacts", r#"{"name":"P","email":"P@x.example","is_primary":true}"#),
    ("GET", "/customers/128/contacts", ""),
    ("POST", "/onboardings", r#"{"customer_id":128,"state":"waiting"}"#),
    ("PATCH", "/onboardings/77", r#"{"phase":"completed"}"#),
    ("GET", "/onboardings?state=waiting", ""),
    ("DELETE", "/customers/5", ""),
    ("GET", "/customers/5/contacts", ""),
    ("GET", "/customers/nobody", ""),
    ("GET", "/customers?limit=0", ""),
    ("PUT", "/customers", ""),
    ("POST", "/customers", "{"),
    ("GET", "/onboardings?limit=100", ""),
    ("GET", "/customers?limit=100", ""),
];

async fn play(api: &Api) -> Vec<Answer> {
    let mut answers = Vec::new();
    for (method, target, body) in SCRIPT {
        answers.push(api.send(method, target, |request| request.body(*body)).await);
    }
    answers
}

/// Statuses, bodies and every header but the date of the transport.
fn bytes(answers: &[Answer]) -> Vec<String> {
    let told = answers.iter().map(|answer| {
        let mut headers = answer.headers.clone();
        headers.remove("date");
        format!("{answer} {headers:?} {}", String::from_utf8_lossy(&answer.body))
    });
    told.collect()
}

#[tokio::test]
async fn two_processes_with_one_seed_and_clock_answer_the_same_bytes() {
    let arguments = ["--seed", "7", "--clock", "2026-07-01T00:00:00Z", "--log", "off"];
    let (one, two) = (Program::start(&arguments, &[]).await, Program::start(&arguments, &[]).await);
    for key in ["pivotal_test_demo", "pivotal_demo", "pivotal_test_ws_same"] {
        let first = bytes(&play(&one.api().with_key(key)).await);
        let second = bytes(&play(&two.api().with_key(key)).await);
        assert_eq!(first, second);
    }
}

#[tokio::test]
async fn another_seed_makes_other_ids_and_nothing_else() {
    let clock: Clock = "2026-07-01T00:00:00Z".parse().unwrap();
    let one = Own::start(|builder| builder.seed(1).clock(clock)).await;
    let two = Own::start(|builder| builder.seed(2).clock(clock)).await;
    let mut made = Vec::new();
    for own in [&one, &two] {
        made.push(own.api.make("/customers", json!({"name": "a"})).await);
    }
    assert_ne!(made[0]["id"], made[1]["id"]);
    let id = made[1]["id"].clone();
    made[0]["id"] = id;
    assert_eq!(made[0], made[1]);
}

#[tokio::test]
async fn a_clock_that_stands_still_never_gives_an_instant_twice() {
    let clock: Clock = "2020-01-01T00:00:00Z".parse().unwrap();
    let own = Own::start(|builder| builder.clock(clock)).await;
    let (one, two) = (
        own.api.make("/customers", json!({"name": "a"})).await,
        own.api.make("/customers", json!({"name": "b"})).await,
    );
    assert!(two["created_at"].as_str() > one["created_at"].as_str());
    let rows = own.api.walk("/customers?limit=1").await;
    assert_eq!(rows.len(), 66);
    assert_eq!(rows[0], two, "newest first, though the seeded rows are newer than the clock");
}
