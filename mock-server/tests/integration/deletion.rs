//! Soft deletes, and what they hide.

use serde_json::{Value, json};

use crate::support::api::{Api, id};

async fn world(api: &Api) -> (Value, Value, Value) {
    let customer = api.make("/customers", json!({"name": "a", "slug": "a-slug"})).await;
    let contacts = format!("/customers/{}/contacts", id(&customer));
    let contact = api.make(&contacts, json!({"name": "a", "email": "a@x.example"})).await;
    let onboarding = api.make("/onboardings", json!({"customer_id": id(&customer)})).await;
    (customer, contact, onboarding)
}

fn has(rows: &[Value], row: &Value) -> bool {
    rows.iter().any(|other| other["id"] == row["id"])
}

#[tokio::test]
async fn a_deleted_row_is_gone_from_reads_writes_and_lists() {
    let api = Api::private();
    let (customer, contact, onboarding) = world(&api).await;
    let contacts = format!("/customers/{}/contacts", id(&customer));
    let cases = [
        (
            format!("/contacts/{}", id(&contact)),
            contact["display_id"].to_string(),
            contacts.as_str(),
            "contact_not_found",
        ),
        (
            format!("/onboardings/{}", id(&onboarding)),
            onboarding["display_id"].to_string(),
            "/onboardings",
            "onboarding_not_found",
        ),
        (
            format!("/customers/{}", id(&customer)),
            customer["display_id"].to_string(),
            "/customers",
            "customer_not_found",
        ),
    ];
    for (path, number, list, code) in cases {
        let row = api.get(&path).await.is(200);
        let by_number = format!("/{}/{number}", path.split('/').nth(1).unwrap());
        assert_eq!(api.get(&by_number).await.is(200), row);
        let gone =
            json!({"object": "deleted", "id": row["id"], "display_id": row["display_id"], "deleted": true});
        assert_eq!(api.delete(&path).await.is(200), gone);
        for name in [&path, &by_number] {
            api.get(name).await.refused(404, code, None);
            api.patch(name, json!({})).await.refused(404, code, None);
            assert_eq!(api.delete(name).await.is(200), gone, "deleting it again answers the same");
        }
        assert!(!has(&api.walk(&format!("{list}?limit=100")).await, &row), "{list}");
    }
}

#[tokio::test]
async fn deleting_what_never_was_is_not_found() {
    let api = Api::private();
    for (path, code) in [
        ("/customers", "customer_not_found"),
        ("/contacts", "contact_not_found"),
        ("/onboardings", "onboarding_not_found"),
    ] {
        for name in ["nobody", "999999"] {
            api.delete(&format!("{path}/{name}")).await.refused(404, code, None);
        }
    }
}

#[tokio::test]
async fn the_rows_of_a_deleted_customer_are_off_every_list_but_still_there() {
    let api = Api::private();
    let (customer, contact, onboarding) = world(&api).await;
    let owner = format!("/customers/{}", id(&customer));
    api.delete(&owner).await.is(200);
    for list in ["contacts", "onboardings"] {
        api.get(&format!("{owner}/{list}")).await.refused(404, "customer_not_found", None);
    }
    let filtered = format!("/onboardings?limit=100&customer_id={}", id(&customer));
    for list in ["/onboardings?limit=100", "/onboardings?limit=100&state=active", &filtered] {
        assert!(!has(&api.walk(list).await, &onboarding), "{list}");
    }
    assert_eq!(api.get(&format!("/contacts/{}", id(&contact))).await.is(200), contact);
    assert_eq!(api.get(&format!("/onboardings/{}", id(&onboarding))).await.is(200), onboarding);
}

#[tokio::test]
async fn a_row_of_a_deleted_customer_may_change_and_stays_off_the_lists() {
    let api = Api::private();
    let (customer, contact, onboarding) = world(&api).await;
    api.delete(&format!("/customers/{}", id(&customer))).await.is(200);
    let path = format!("/onboardings/{}", id(&onboarding));
    api.patch(&path, json!({"state": "paused"})).await.is(200);
    assert_eq!(api.get(&path).await.is(200)["state"], "paused");
    assert!(!has(&api.walk("/onboardings?limit=100").await, &onboarding));
    assert!(!has(&api.walk("/onboardings?limit=100&state=paused").await, &onboarding));
    api.delete(&path).await.is(200);
    api.get(&path).await.refused(404, "onboarding_not_found", None);
    let contact = format!("/contacts/{}", id(&contact));
    api.patch(&contact, json!({"is_primary": true})).await.is(200);
    api.delete(&contact).await.is(200);
}

#[tokio::test]
async fn nothing_can_be_made_under_a_deleted_customer() {
    let api = Api::private();
    let (customer, ..) = world(&api).await;
    let owner = format!("/customers/{}", id(&customer));
    api.delete(&owner).await.is(200);
    let contact = json!({"name": "b", "email": "b@x.example"});
    api.post(&format!("{owner}/contacts"), contact).await.refused(404, "customer_not_found", None);
    for name in [customer["id"].clone(), customer["display_id"].clone()] {
        let refused = api.post("/onboardings", json!({"customer_id": name})).await;
        refused.refused(404, "customer_not_found", None);
    }
}

#[tokio::test]
async fn deleting_one_row_leaves_the_others() {
    let api = Api::private();
    let (customer, contact, onboarding) = world(&api).await;
    api.delete(&format!("/contacts/{}", id(&contact))).await.is(200);
    assert_eq!(api.get(&format!("/customers/{}", id(&customer))).await.is(200), customer);
    assert_eq!(api.get(&format!("/onboardings/{}", id(&onboarding))).await.is(200), onboarding);
}

#[tokio::test]
async fn a_body_sent_with_a_delete_is_ignored() {
    let api = Api::private();
    let answer = api.send("DELETE", "/customers/128", |request| request.body("{not json")).await;
    assert_eq!(answer.is(200)["display_id"], 128);
}
