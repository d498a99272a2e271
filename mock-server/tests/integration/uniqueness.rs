//! One slug, one customer.

use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::support::api::{Api, id};

fn named(slug: &str) -> Value {
    json!({"name": "a", "slug": slug})
}

#[tokio::test]
async fn a_taken_slug_is_refused_on_create() {
    let api = Api::private();
    api.make("/customers", named("taken")).await;
    api.post("/customers", named("taken")).await.refused(409, "slug_taken", "slug");
    api.post("/customers", named("atlas-meridian")).await.refused(409, "slug_taken", "slug");
    assert_eq!(api.get("/customers?slug=taken").await.is(200)["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_taken_slug_is_refused_on_update() {
    let api = Api::private();
    let row = api.make("/customers", named("mine")).await;
    let path = format!("/customers/{}", id(&row));
    api.patch(&path, json!({"slug": "atlas-meridian"})).await.refused(409, "slug_taken", "slug");
    assert_eq!(api.get(&path).await.is(200), row);
}

#[tokio::test]
async fn a_rows_own_slug_again_is_no_conflict() {
    let api = Api::private();
    let row = api.make("/customers", named("own")).await;
    let path = format!("/customers/{}", id(&row));
    assert_eq!(api.patch(&path, json!({"slug": "own", "name": "b"})).await.is(200)["slug"], "own");
}

#[tokio::test]
async fn a_slug_that_was_given_up_is_free() {
    let api = Api::private();
    let row = api.make("/customers", named("old")).await;
    let path = format!("/customers/{}", id(&row));
    api.patch(&path, json!({"slug": "new"})).await.is(200);
    let next = api.make("/customers", named("old")).await;
    api.patch(&path, json!({"slug": "old"})).await.refused(409, "slug_taken", "slug");
    api.patch(&format!("/customers/{}", id(&next)), json!({"slug": null})).await.is(200);
    api.patch(&path, json!({"slug": "old"})).await.is(200);
}

#[tokio::test]
async fn the_slug_of_a_deleted_customer_is_free_again() {
    let api = Api::private();
    let row = api.make("/customers", named("gone")).await;
    api.delete(&format!("/customers/{}", id(&row))).await.is(200);
    let next = api.make("/customers", named("gone")).await;
    api.delete(&format!("/customers/{}", id(&row))).await.is(200);
    api.post("/customers", named("gone")).await.refused(409, "slug_taken", "slug");
    assert_eq!(api.get("/customers?slug=gone").await.is(200)["data"], json!([next]));
}

#[tokio::test]
async fn no_slug_is_no_conflict() {
    let api = Api::private();
    for _ in 0..2 {
        api.make("/customers", json!({"name": "same"})).await;
    }
}

#[tokio::test]
async fn a_slug_is_told_from_another_by_every_byte() {
    let api = Api::private();
    for slug in ["case", "CASE", "Case", "case ", "cäse", "ca\u{308}se"] {
        api.make("/customers", named(slug)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_concurrent_creates_exactly_one_wins() {
    let api = Api::private();
    let mut tasks = JoinSet::new();
    for _ in 0..32 {
        let api = api.clone();
        tasks.spawn(async move { api.post("/customers", named("race")).await });
    }
    let answers = tasks.join_all().await;
    let won = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(won, 1);
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        answer.refused(409, "slug_taken", "slug");
    }
    assert_eq!(api.get("/customers?slug=race").await.is(200)["data"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_concurrent_renames_exactly_one_wins() {
    let api = Api::private();
    let mut rows = Vec::new();
    for _ in 0..12 {
        rows.push(api.make("/customers", json!({"name": "a"})).await);
    }
    let mut tasks = JoinSet::new();
    for row in rows {
        let api = api.clone();
        tasks.spawn(
            async move { api.patch(&format!("/customers/{}", id(&row)), json!({"slug": "prize"})).await },
        );
    }
    let answers = tasks.join_all().await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    assert_eq!(answers.iter().filter(|answer| answer.status == 409).count(), 11);
}
