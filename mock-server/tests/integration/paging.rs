//! Lists, page by page.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::support::api::{Api, id, ids};

const LISTS: [&str; 4] = ["/customers", "/onboardings", "/customers/5/contacts", "/customers/5/onboardings"];

fn rows(page: &Value) -> &Vec<Value> {
    page["data"].as_array().expect("rows")
}

#[tokio::test]
async fn a_walk_meets_every_row_once_newest_first() {
    let api = Api::private();
    for list in LISTS {
        let whole = api.get(&format!("{list}?limit=100")).await.is(200);
        assert_eq!((&whole["has_more"], &whole["next_cursor"]), (&json!(false), &Value::Null), "{list}");
        let expected = ids(rows(&whole));
        for limit in [1, 2, 7, 20, 25, 64, 99] {
            let walked = api.walk(&format!("{list}?limit={limit}")).await;
            assert_eq!(ids(&walked), expected, "{list} by {limit}");
        }
        let times: Vec<&str> = rows(&whole).iter().map(|row| row["created_at"].as_str().unwrap()).collect();
        assert!(times.is_sorted_by(|a, b| a > b), "{list}");
    }
}

#[tokio::test]
async fn a_page_has_25_rows_unless_asked_otherwise() {
    let api = Api::private();
    let page = api.get("/customers").await.is(200);
    assert_eq!(rows(&page).len(), 25);
    assert_eq!(page["has_more"], true);
    assert_eq!(page["next_cursor"], rows(&page)[24]["created_at"]);
    assert_eq!(page, api.get("/customers?limit=25").await.is(200));
}

#[tokio::test]
async fn a_page_has_at_the_most_as_many_rows_as_asked_for() {
    let api = Api::private();
    for limit in [1, 2, 63, 64, 65, 100] {
        let page = api.get(&format!("/customers?limit={limit}")).await.is(200);
        assert_eq!(rows(&page).len(), limit.min(64), "{limit}");
        assert_eq!(page["has_more"], limit < 64, "{limit}");
    }
}

#[tokio::test]
async fn a_limit_out_of_range_is_refused() {
    let api = Api::private();
    for list in LISTS {
        for (limit, code) in
            [("0", "too_small"), ("-1", "too_small"), ("101", "too_big"), ("99999999999999999999", "too_big")]
        {
            api.get(&format!("{list}?limit={limit}")).await.refused(400, code, "limit");
        }
        for limit in ["", "x", "1.5", "0x10", "%2B5", "5%20", "1_0", "null", "NaN", "1e400"] {
            api.get(&format!("{list}?limit={limit}")).await.refused(400, "invalid_type", "limit");
        }
    }
}

#[tokio::test]
async fn a_limit_written_with_a_fraction_of_zero_is_that_limit() {
    let api = Api::private();
    for limit in ["2.0", "2e0", "20e-1"] {
        let answer = api.get(&format!("/customers?limit={limit}")).await;
        if answer.status == 400 {
            answer.refused(400, "invalid_type", "limit");
        } else {
            assert_eq!(rows(&answer.is(200)).len(), 2, "{limit}");
        }
    }
}

#[tokio::test]
async fn a_bad_cursor_is_an_invalid_string() {
    let api = Api::private();
    for list in LISTS {
        for cursor in [
            "",
            "x",
            "128",
            "2026-05-26",
            "2026-13-26T00:00:00Z",
            "2026-05-26T17:21:09",
            "%00",
            "null",
            "cmb3x9k2p000108l5g7h2d4ef",
        ] {
            api.get(&format!("{list}?cursor={cursor}")).await.refused(400, "invalid_string", "cursor");
        }
    }
}

#[tokio::test]
async fn a_cursor_means_strictly_older() {
    let api = Api::private();
    let page = api.get("/customers?limit=2").await.is(200);
    let first = rows(&page)[0]["created_at"].as_str().unwrap();
    let next = api.get(&format!("/customers?limit=1&cursor={first}")).await.is(200);
    assert_eq!(rows(&next)[0], rows(&page)[1]);
    let offset = first.replace('Z', "%2B00:00");
    assert_eq!(api.get(&format!("/customers?limit=1&cursor={offset}")).await.is(200), next, "{offset}");
    let finer = first.replace('Z', "001Z");
    let itself = api.get(&format!("/customers?limit=1&cursor={finer}")).await.is(200);
    assert_eq!(rows(&itself)[0], rows(&page)[0], "a row older than the cursor by less than a millisecond");
}

#[tokio::test]
async fn a_cursor_before_everything_is_the_empty_last_page() {
    let api = Api::private();
    for cursor in ["1970-01-01T00:00:00Z", "0001-01-01T00:00:00Z"] {
        let page = api.get(&format!("/customers?cursor={cursor}")).await.is(200);
        assert_eq!(page, json!({"object": "list", "data": [], "has_more": false, "next_cursor": null}));
    }
    let page = api.get("/customers?limit=1&cursor=9999-12-31T23:59:59Z").await.is(200);
    assert_eq!(page, api.get("/customers?limit=1").await.is(200));
}

#[tokio::test]
async fn a_list_without_rows_is_empty_and_has_no_cursor() {
    let api = Api::private();
    let owner = api.make("/customers", json!({"name": "a"})).await;
    for list in ["contacts", "onboardings"] {
        let page = api.get(&format!("/customers/{}/{list}", id(&owner))).await.is(200);
        assert_eq!(page, json!({"object": "list", "data": [], "has_more": false, "next_cursor": null}));
    }
}

#[tokio::test]
async fn the_last_page_says_that_there_is_no_more() {
    let api = Api::private();
    let owner = api.make("/customers", json!({"name": "a"})).await;
    for number in 0..4 {
        let body = json!({"name": "a", "email": format!("{number}@x.example")});
        api.make(&format!("/customers/{}/contacts", id(&owner)), body).await;
    }
    let list = format!("/customers/{}/contacts?limit=2", id(&owner));
    let first = api.get(&list).await.is(200);
    assert_eq!(first["has_more"], true);
    let last = api.get(&format!("{list}&cursor={}", first["next_cursor"].as_str().unwrap())).await.is(200);
    assert_eq!(rows(&last).len(), 2, "a full last page");
    assert_eq!((&last["has_more"], &last["next_cursor"]), (&json!(false), &Value::Null));
}

#[tokio::test]
async fn a_walk_is_not_disturbed_by_rows_that_come_and_go() {
    let api = Api::private();
    let before = ids(&api.walk("/customers?limit=100").await);
    let mut seen = Vec::new();
    let mut page = api.get("/customers?limit=10").await.is(200);
    let (doomed, kept) = (before[30].clone(), before.len() - 1);
    api.delete(&format!("/customers/{doomed}")).await.is(200);
    loop {
        seen.extend(ids(rows(&page)));
        api.make("/customers", json!({"name": "meanwhile"})).await;
        api.patch(&format!("/customers/{}", before[40]), json!({"plan": "moved"})).await.is(200);
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        page = api.get(&format!("/customers?limit=10&cursor={cursor}")).await.is(200);
    }
    let unique: HashSet<&String> = seen.iter().collect();
    assert_eq!(unique.len(), seen.len(), "no row twice");
    assert_eq!(seen.len(), kept);
    assert!(before.iter().filter(|row| **row != doomed).all(|row| unique.contains(row)));
}

#[tokio::test]
async fn the_first_of_two_equal_parameters_counts() {
    let api = Api::private();
    let page = api.get("/customers?limit=3&limit=0").await.is(200);
    assert_eq!(rows(&page).len(), 3);
}

#[tokio::test]
async fn unknown_parameters_are_ignored() {
    let api = Api::private();
    assert_eq!(
        api.get("/customers?limit=3&page=9&offset=&&=&%00=1").await.is(200),
        api.get("/customers?limit=3").await.is(200)
    );
}
