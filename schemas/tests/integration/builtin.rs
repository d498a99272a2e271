//! The description that comes with the project.

use std::collections::BTreeSet;

use schemas::{Action, Contract, Operation, Schema, Side, Standing};
use serde_json::Value;

fn builtin() -> Contract {
    Contract::builtin().expect("the built-in description loads")
}

/// Operation, method and path, resource and action, and its statuses: plain where documented, with `?` where inferred.
const OPERATIONS: [(&str, &str, &str, &str); 18] = [
    ("get-me", "GET /me", "identity", "200 401 429"),
    ("get-health", "GET /health", "-", "200"),
    ("list-customers", "GET /customers", "customer list", "200? 400? 401 429"),
    ("create-customer", "POST /customers", "customer create", "201 400 401 409 429"),
    ("get-customer", "GET /customers/{id}", "customer read", "200 401 404 429"),
    ("update-customer", "PATCH /customers/{id}", "customer update", "200? 400? 401 404? 409? 429"),
    ("delete-customer", "DELETE /customers/{id}", "customer delete", "200 401 404? 429"),
    (
        "list-customer-contacts",
        "GET /customers/{customerId}/contacts",
        "contact list",
        "200? 400? 401 404? 429",
    ),
    (
        "create-customer-contact",
        "POST /customers/{customerId}/contacts",
        "contact create",
        "201? 400? 401 404? 409? 429",
    ),
    ("get-contact", "GET /contacts/{id}", "contact read", "200? 401 404? 429"),
    ("update-contact", "PATCH /contacts/{id}", "contact update", "200? 400? 401 404? 409? 429"),
    ("delete-contact", "DELETE /contacts/{id}", "contact delete", "200 401 404? 429"),
    ("list-onboardings", "GET /onboardings", "onboarding list", "200? 400? 401 429"),
    // A reused idempotency key is answered 409.
    ("create-onboarding", "POST /onboardings", "onboarding create", "201 400 401 404 409 429"),
    (
        "list-customer-onboardings",
        "GET /customers/{customerId}/onboardings",
        "onboarding list",
        "200? 400? 401 404? 429",
    ),
    ("get-onboarding", "GET /onboardings/{id}", "onboarding read", "200? 401 404? 429"),
    ("update-onboarding", "PATCH /onboardings/{id}", "onboarding update", "200? 400? 401 404 429"),
    ("delete-onboarding", "DELETE /onboardings/{id}", "onboarding delete", "200 401 404? 429"),
];

fn row(operation: &Operation) -> (String, String, String, String) {
    let acts = match (&operation.role, operation.acts()) {
        (_, Some((resource, action))) => format!("{resource} {}", format!("{action:?}").to_lowercase()),
        (Some(role), None) if role.action == Action::Identity => "identity".to_owned(),
        _ => "-".to_owned(),
    };
    let mut statuses: Vec<String> = operation
        .responses
        .iter()
        .map(|response| match response.standing {
            Standing::Documented => response.status.to_string(),
            Standing::Inferred => format!("{}?", response.status),
            Standing::Assumed => format!("{}??", response.status),
        })
        .collect();
    statuses.sort();
    let place = format!("{} {}", operation.method, operation.path);
    (operation.id.clone(), place, acts, statuses.join(" "))
}

#[test]
fn has_exactly_the_documented_operations_with_their_statuses_and_standings() {
    let found: Vec<_> = builtin().operations().iter().map(row).collect();
    let mut stated: Vec<_> = OPERATIONS
        .iter()
        .map(|(id, place, acts, statuses)| {
            ((*id).to_owned(), (*place).to_owned(), (*acts).to_owned(), (*statuses).to_owned())
        })
        .collect();
    let mut found_sorted = found;
    found_sorted.sort();
    stated.sort();
    assert_eq!(found_sorted, stated);
}

#[test]
fn passes_every_check_that_other_descriptions_must_pass() {
    Contract::from_text("openapi.yaml", Contract::builtin_text()).expect("valid in every respect");
}

#[test]
fn only_health_is_open_and_every_other_operation_states_401_and_429() {
    for operation in builtin().operations() {
        assert_eq!(operation.open, operation.id == "get-health", "{}", operation.id);
        for status in [401, 429] {
            assert_eq!(operation.response(status).is_none(), operation.open, "{} {status}", operation.id);
        }
    }
}

#[test]
fn every_answer_but_that_of_health_states_the_rate_headers() {
    for operation in builtin().operations().iter().filter(|operation| !operation.open) {
        for response in &operation.responses {
            let names: BTreeSet<&str> =
                response.headers.iter().filter(|h| h.required).map(|h| h.name.as_str()).collect();
            for name in ["X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"] {
                assert!(names.contains(name), "{} {} {name}", operation.id, response.status);
            }
            let is_limit = response.status == schemas::StatusPattern::Exact(429);
            assert_eq!(names.contains("Retry-After"), is_limit, "{} {}", operation.id, response.status);
        }
    }
}

#[test]
fn every_example_is_valid_by_its_schema() {
    let mut seen = 0;
    let mut judge = |schema: &Schema, value: &Value, place: &str| {
        seen += 1;
        assert_eq!(schema.faults(value), [], "{place}");
    };
    for operation in builtin().operations() {
        if let Some(body) = &operation.body {
            body.examples.iter().for_each(|example| judge(&body.schema, &example.value, &example.pointer));
        }
        for response in &operation.responses {
            let schema = response.schema.as_ref().expect("every response has a body");
            response.examples.iter().for_each(|example| judge(schema, &example.value, &example.pointer));
        }
    }
    assert!(seen > 80, "only {seen} examples were judged");
}

#[test]
fn every_schema_compiles_and_gives_a_sample() {
    let contract = builtin();
    let names = contract.document().get("/components/schemas").and_then(Value::as_object).expect("schemas");
    for name in names.keys() {
        for side in [Side::Request, Side::Response] {
            let schema = contract.schema(side, &format!("/components/schemas/{name}")).expect("compiles");
            assert!(schemas::Sampler::new(&schema).sample().is_some(), "{name}");
        }
    }
}

#[test]
fn states_the_bounds_of_requests() {
    let contract = builtin();
    // Schema, property, keyword, value, standing.
    let table: [(&str, &str, &str, Value, Standing); 19] = [
        ("CustomerCreate", "name", "minLength", 1.into(), Standing::Documented),
        ("CustomerCreate", "name", "maxLength", 255.into(), Standing::Documented),
        ("CustomerCreate", "slug", "minLength", 1.into(), Standing::Documented),
        ("CustomerCreate", "slug", "maxLength", 120.into(), Standing::Documented),
        ("CustomerCreate", "domain", "maxLength", 255.into(), Standing::Documented),
        ("CustomerCreate", "plan", "maxLength", 120.into(), Standing::Documented),
        ("CustomerCreate", "mrr", "minimum", 0.into(), Standing::Documented),
        ("CustomerCreate", "monthly_orders", "minimum", 0.into(), Standing::Documented),
        ("CustomerUpdate", "name", "maxLength", 255.into(), Standing::Inferred),
        ("CustomerUpdate", "mrr", "minimum", 0.into(), Standing::Inferred),
        ("ContactCreate", "name", "minLength", 1.into(), Standing::Assumed),
        ("ContactCreate", "name", "maxLength", 255.into(), Standing::Assumed),
        ("ContactCreate", "email", "maxLength", 320.into(), Standing::Assumed),
        ("ContactCreate", "email", "format", "email".into(), Standing::Assumed),
        ("ContactCreate", "title", "maxLength", 255.into(), Standing::Assumed),
        ("ContactCreate", "labels", "maxItems", 50.into(), Standing::Assumed),
        ("OnboardingCreate", "reminder_frequency_days", "minimum", 1.into(), Standing::Assumed),
        (
            "OnboardingCreate",
            "customer_id",
            "type",
            serde_json::json!(["string", "integer"]),
            Standing::Inferred,
        ),
        ("OnboardingUpdate", "reminder_frequency_days", "minimum", 1.into(), Standing::Assumed),
    ];
    for (schema, property, keyword, value, standing) in table {
        let at = format!("/components/schemas/{schema}");
        let schema = contract.schema(Side::Request, &at).expect("compiles");
        let property = schema.property(property).expect("is described");
        assert_eq!(property.schema.keyword(keyword), Some(&value), "{at} {} {keyword}", property.name);
        assert_eq!(property.standing(keyword), standing, "{at} {} {keyword}", property.name);
    }
    let labels = contract.schema(Side::Request, "/components/schemas/ContactCreate/properties/labels");
    let items = labels.expect("compiles").items().expect("has items");
    assert_eq!(items.keyword("maxLength"), Some(&60.into()));
}

#[test]
fn states_how_a_null_is_treated() {
    let contract = builtin();
    let table = [
        ("CustomerCreate", "name", false, Standing::Inferred),
        ("CustomerCreate", "slug", false, Standing::Inferred),
        ("CustomerUpdate", "slug", true, Standing::Assumed),
        ("CustomerUpdate", "name", false, Standing::Inferred),
        ("CustomerUpdate", "status", false, Standing::Inferred),
        ("ContactCreate", "email", false, Standing::Inferred),
        ("ContactCreate", "title", false, Standing::Assumed),
        ("ContactUpdate", "title", true, Standing::Assumed),
        ("OnboardingCreate", "customer_id", false, Standing::Inferred),
        ("OnboardingCreate", "phase", false, Standing::Assumed),
        ("OnboardingUpdate", "notes", true, Standing::Assumed),
    ];
    for (name, property, admitted, standing) in table {
        let schema =
            contract.schema(Side::Request, &format!("/components/schemas/{name}")).expect("compiles");
        let property = schema.property(property).expect("is described");
        assert_eq!(property.is_nullable(), admitted, "{name}.{}", property.name);
        assert_eq!(property.standing("null"), standing, "{name}.{}", property.name);
    }
}

#[test]
fn a_create_needs_what_the_documentation_says() {
    let contract = builtin();
    let required =
        |id: &str| contract.operation(id).and_then(|o| o.body.as_ref()).expect("a body").schema.required();
    assert_eq!(required("create-customer"), ["name"]);
    assert_eq!(required("create-customer-contact"), ["name", "email"]);
    assert_eq!(required("create-onboarding"), ["customer_id"]);
    for id in ["update-customer", "update-contact", "update-onboarding"] {
        assert!(required(id).is_empty(), "{id}");
    }
}

#[test]
fn states_the_error_types_and_codes() {
    let contract = builtin();
    let errors = contract.rules().errors.as_ref().expect("errors are stated");
    for (status, name) in [
        (400, "invalid_request_error"),
        (401, "authentication_error"),
        (403, "permission_error"),
        (404, "not_found"),
        (409, "conflict"),
        (429, "rate_limit_error"),
        (500, "internal_error"),
    ] {
        let kind = errors.type_of(status).expect("is stated");
        assert_eq!((kind.name.as_str(), kind.standing), (name, Standing::Documented));
    }
    for (kind, code, standing) in [
        ("value-missing", "missing_field", Standing::Documented),
        ("value-type", "invalid_type", Standing::Documented),
        ("value-too-small", "too_small", Standing::Documented),
        ("value-too-big", "too_big", Standing::Inferred),
        ("value-format", "invalid_string", Standing::Documented),
        ("value-enum", "invalid_enum_value", Standing::Inferred),
        ("body-unparsable", "invalid_json", Standing::Assumed),
        ("route-unknown", "route_not_found", Standing::Assumed),
    ] {
        let rejection = errors.rejection(kind).expect("is stated");
        assert_eq!((rejection.code.as_deref(), rejection.code_standing), (Some(code), standing), "{kind}");
    }
    let missing = errors.rejection("value-missing").expect("is stated");
    assert!(missing.admits_code("invalid_type") && !missing.admits_code("too_small"));
}

#[test]
fn places_of_the_description_lead_to_its_lines() {
    let contract = builtin();
    let line_of = |pointer: &str| contract.locate(pointer).line;
    let text: Vec<&str> = Contract::builtin_text().lines().collect();
    let operation = contract.operation("create-customer").expect("is described");
    assert_eq!(text[line_of(&operation.pointer) - 1].trim(), "post:");
    assert!(text[line_of("/components/schemas/CustomerCreate/properties/slug") - 1].contains("slug:"));
    // Written once with an anchor, used by many: the place is where it is written.
    let below_alias = "/components/responses/Customer/headers/X-RateLimit-Reset";
    assert!(text[line_of(below_alias) - 1].contains("X-RateLimit-Reset"));
    assert!(text[line_of("/components/responses/Customer/headers") - 1].contains("headers: *rate"));
}
