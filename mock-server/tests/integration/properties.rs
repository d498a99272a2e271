//! Any sequence of requests: every answer fits the contract, what is unique stays unique, a walk meets each row once.

use std::collections::{HashMap, HashSet};

use mock_server::Clock;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

use crate::support::{Answer, Api, Own};

const CASES: u32 = 64;

/// What a request names a row by.
#[derive(Debug, Clone)]
enum Name {
    /// A row of the seeded world, by number.
    Seeded(u16),
    /// One of the rows made so far, by its opaque id or by its number.
    Made(usize, bool),
    /// Any text.
    Odd(String),
}

/// A request, before it is known which rows there are.
#[derive(Debug, Clone)]
enum Step {
    Create(&'static str, Name, Value),
    Update(&'static str, Name, Value),
    Delete(&'static str, Name),
    Read(&'static str, Name),
    List(&'static str, Name, String),
}

const KINDS: [&str; 3] = ["customers", "contacts", "onboardings"];

fn name() -> impl Strategy<Value = Name> {
    prop_oneof![
        2 => (1_u16..140).prop_map(Name::Seeded),
        6 => (0_usize..8, any::<bool>()).prop_map(|(index, number)| Name::Made(index, number)),
        1 => "\\PC{1,8}".prop_map(Name::Odd),
    ]
}

/// A text from a small set, so that values collide, or any other.
fn text() -> impl Strategy<Value = Value> {
    prop_oneof![
        5 => prop::sample::select(vec!["a", "b", "c", "A"]).prop_map(Value::from),
        1 => any::<String>().prop_map(Value::from),
        1 => "\\PC{119,122}".prop_map(Value::from),
    ]
}

/// Values of all types: most are wrong wherever they stand.
fn anything() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        prop::collection::vec(any::<u8>(), 0..3).prop_map(Value::from),
        Just(json!({"a": {}})),
    ]
}

fn email() -> impl Strategy<Value = Value> {
    prop::sample::select(vec!["a@x.example", "A@x.example", "b@x.example", "c@x.example", "nobody"])
        .prop_map(Value::from)
}

fn listed(values: &'static [&'static str]) -> impl Strategy<Value = Value> {
    prop::sample::select(values).prop_map(Value::from)
}

/// A value that mostly suits a property of this name.
fn value_of(field: &'static str) -> BoxedStrategy<Value> {
    let fitting = match field {
        "email" => email().boxed(),
        "slug" => prop_oneof![3 => listed(&["a", "b"]), 1 => text()].boxed(),
        "status" => listed(&["active", "churned", "at_risk"]).boxed(),
        "phase" => listed(&["before_getting_started", "review", "launch", "completed"]).boxed(),
        "state" => listed(&["active", "paused", "at_risk", "waiting"]).boxed(),
        "mrr" | "monthly_orders" => (-1_i64..5).prop_map(Value::from).boxed(),
        "is_primary" | "waiting_on_customer" => any::<bool>().prop_map(Value::from).boxed(),
        "labels" => prop::collection::vec(text(), 0..3).prop_map(Value::from).boxed(),
        _ => text().boxed(),
    };
    prop_oneof![9 => fitting, 1 => anything()].boxed()
}

fn fields(kind: &str) -> &'static [&'static str] {
    match kind {
        "customers" => &["name", "slug", "status", "mrr", "monthly_orders", "domain", "plan", "id", "odd"],
        "contacts" => &["name", "email", "title", "is_primary", "labels", "customer_id", "odd"],
        _ => &["phase", "state", "waiting_on_customer", "notes", "template_id", "started_at", "display_id"],
    }
}

fn body(kind: &'static str, whole: bool) -> BoxedStrategy<Value> {
    let names = prop::sample::subsequence(fields(kind), 0..=fields(kind).len());
    let members = names.prop_flat_map(|names| {
        names.into_iter().map(|name| value_of(name).prop_map(move |value| (name, value))).collect::<Vec<_>>()
    });
    members
        .prop_map(move |members| {
            let mut body = json!({});
            if whole && kind != "onboardings" {
                body = json!({"name": "n", "email": "d@x.example"});
            }
            for (name, value) in members {
                body[name] = value;
            }
            body
        })
        .boxed()
}

fn query() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        (0_u8..103).prop_map(|limit| format!("?limit={limit}")),
        Just("?status=churned&state=waiting&phase=review".to_owned()),
        Just("?slug=a&customer_id=5".to_owned()),
        (2025_u16..2028).prop_map(|year| format!("?cursor={year}-03-01T00:00:00Z&limit=2")),
        Just("?cursor=never".to_owned()),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop::sample::select(&KINDS[..]).prop_flat_map(|kind| {
        prop_oneof![
            5 => (name(), prop::bool::weighted(0.8)).prop_flat_map(move |(name, whole)| {
                body(kind, whole).prop_map(move |body| Step::Create(kind, name.clone(), body))
            }),
            4 => (name(), body(kind, false)).prop_map(move |(name, body)| Step::Update(kind, name, body)),
            2 => name().prop_map(move |name| Step::Delete(kind, name)),
            1 => name().prop_map(move |name| Step::Read(kind, name)),
            1 => (name(), query()).prop_map(move |(name, query)| Step::List(kind, name, query)),
        ]
    })
}

/// A run of steps, with what was made on the way.
struct Run {
    api: Api,
    made: HashMap<&'static str, Vec<Value>>,
}

impl Run {
    fn new(api: Api) -> Self {
        Self { api, made: HashMap::new() }
    }

    fn named(&self, kind: &str, name: &Name) -> String {
        match name {
            Name::Seeded(number) => number.to_string(),
            Name::Made(index, by_number) => {
                let rows = self.made.get(kind).map_or(&[][..], Vec::as_slice);
                let Some(row) = rows.get(index % rows.len().max(1)) else { return "128".to_owned() };
                if *by_number {
                    row["display_id"].to_string()
                } else {
                    row["id"].as_str().unwrap().to_owned()
                }
            }
            Name::Odd(text) => text.bytes().fold(String::new(), |all, byte| format!("{all}%{byte:02X}")),
        }
    }

    /// Sends one request; the client holds the answer to the contract.
    async fn step(&mut self, step: &Step) -> Answer {
        match step {
            Step::Create(kind, owner, body) => {
                let owner = self.named("customers", owner);
                let mut body = body.clone();
                let target = match *kind {
                    "contacts" => format!("/customers/{owner}/contacts"),
                    "onboardings" => {
                        body["customer_id"] = owner.into();
                        "/onboardings".to_owned()
                    }
                    _ => "/customers".to_owned(),
                };
                let answer = self.api.post(&target, body).await;
                if answer.status == 201 {
                    self.made.entry(kind).or_default().push(answer.json());
                }
                answer
            }
            Step::Update(kind, name, body) => {
                self.api.patch(&format!("/{kind}/{}", self.named(kind, name)), body.clone()).await
            }
            Step::Delete(kind, name) => self.api.delete(&format!("/{kind}/{}", self.named(kind, name))).await,
            Step::Read(kind, name) => self.api.get(&format!("/{kind}/{}", self.named(kind, name))).await,
            Step::List(kind, name, query) => {
                let owner = self.named("customers", name);
                let target = match *kind {
                    "contacts" => format!("/customers/{owner}/contacts{query}"),
                    kind => format!("/{kind}{query}"),
                };
                self.api.get(&target).await
            }
        }
    }

    /// What holds of the world whatever happened to it.
    async fn settled(&self, limit: u8) {
        let customers = self.api.walk(&format!("/customers?limit={limit}")).await;
        each_once(&customers);
        let slugs: Vec<&str> = customers.iter().filter_map(|row| row["slug"].as_str()).collect();
        assert_eq!(slugs.iter().collect::<HashSet<_>>().len(), slugs.len(), "slugs {slugs:?}");
        let onboardings = self.api.walk(&format!("/onboardings?limit={limit}")).await;
        each_once(&onboardings);
        let listed: HashSet<&str> = customers.iter().map(|row| row["id"].as_str().unwrap()).collect();
        for row in &onboardings {
            assert!(listed.contains(row["customer_id"].as_str().unwrap()), "{row}");
            assert_eq!(row["state"] == "waiting", row["waiting_on_customer"] == true, "{row}");
        }
        for (kind, rows) in [("customers", &customers), ("onboardings", &onboardings)] {
            for made in self.made.get(kind).into_iter().flatten() {
                let read = self.api.get(&format!("/{kind}/{}", made["id"].as_str().unwrap())).await;
                let found = rows.iter().find(|row| row["id"] == made["id"]);
                match found {
                    Some(row) => assert_eq!(&read.is(200), row, "a list shows what a read shows"),
                    None if kind == "customers" => assert_eq!(read.status, 404, "{read}"),
                    None => assert!(matches!(read.status, 200 | 404), "{read}"),
                }
            }
        }
        let owners: HashSet<&str> = self
            .made
            .get("contacts")
            .into_iter()
            .flatten()
            .map(|row| row["customer_id"].as_str().unwrap())
            .collect();
        for owner in owners.into_iter().filter(|owner| listed.contains(owner)) {
            let contacts = self.api.walk(&format!("/customers/{owner}/contacts?limit={limit}")).await;
            each_once(&contacts);
            let emails: HashSet<&str> = contacts.iter().map(|row| row["email"].as_str().unwrap()).collect();
            assert_eq!(emails.len(), contacts.len(), "{contacts:?}");
            assert!(contacts.iter().filter(|row| row["is_primary"] == true).count() <= 1, "{contacts:?}");
        }
    }
}

/// Asserts that rows are strictly in order and none is met twice.
fn each_once(rows: &[Value]) {
    let ids: HashSet<&str> = rows.iter().map(|row| row["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), rows.len());
    assert!(rows.is_sorted_by(|a, b| a["created_at"].as_str() > b["created_at"].as_str()));
}

/// Runs a property on the same cases every time; nothing is kept on disk.
fn hold<S: Strategy>(cases: u32, strategy: S, property: impl AsyncFn(S::Value)) {
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 512, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let result = runner.run(&strategy, |value| {
        runtime.block_on(property(value));
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}

#[test]
fn any_sequence_of_requests_leaves_the_world_whole() {
    let cases = (prop::collection::vec(step(), 1..24), 7_u8..100);
    hold(CASES, cases, async |(steps, limit)| {
        let mut run = Run::new(Api::private());
        for step in &steps {
            let answer = run.step(step).await;
            assert!(matches!(answer.status, 200 | 201 | 400 | 404 | 409), "{answer}");
        }
        run.settled(limit).await;
    });
}

#[test]
fn the_same_seed_clock_and_requests_give_the_same_bytes() {
    hold(16, prop::collection::vec(step(), 1..24), async |steps| {
        let clock: Clock = "2026-07-01T00:00:00Z".parse().unwrap();
        let mut told = Vec::new();
        for _ in 0..2 {
            let own = Own::start(|builder| builder.seed(9).clock(clock)).await;
            let mut run = Run::new(own.api.clone());
            let mut answers = Vec::new();
            for step in &steps {
                let answer = run.step(step).await;
                answers.push((answer.asked, answer.status, answer.body));
            }
            told.push(answers);
        }
        assert_eq!(told[0], told[1]);
    });
}
