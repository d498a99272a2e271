//! Answers and refusals of plain descriptions: the body, the media type, the headers and the status that they state.

use mock_server::MockServer;
use reqwest::Response;
use schemas::Contract;
use serde_json::{Value, json};

/// A mock of one operation, `GET /a`, with these parameters and responses.
async fn played(parameters: Value, responses: Value) -> MockServer {
    let description = json!({"openapi": "3.1.0", "info": {"title": "T", "version": "1"},
        "paths": {"/a": {"get": {"parameters": parameters, "responses": responses}}}});
    let contract = Contract::from_text("a.json", &description.to_string()).unwrap();
    MockServer::builder().contract(contract).start().await.unwrap()
}

fn of_schema(schema: &Value) -> Value {
    json!({"200": {"description": "ok", "content": {"application/json": {"schema": schema}}}})
}

async fn get(server: &MockServer, path: &str, prefer: Option<&str>) -> Response {
    let client =
        crate::support::client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let request = client.get(format!("{}{path}", server.url()));
    let request = match prefer {
        Some(prefer) => request.header("Prefer", prefer),
        None => request,
    };
    request.send().await.unwrap()
}

async fn body_of(schema: Value) -> Value {
    let server = played(json!([]), of_schema(&schema)).await;
    get(&server, "/a", None).await.json().await.unwrap()
}

#[tokio::test]
async fn one_part_that_does_not_fit_does_not_empty_the_rest() {
    let bad_example = json!({"type": "object", "properties": {"id": {"type": "integer"}, "phone": {"type": "string", "examples": [7]}}});
    assert_eq!(body_of(bad_example).await, json!({"id": 1, "phone": "string"}));
    let wrapped = json!({"type": "object", "properties": {"id": {"allOf": [{"type": "string"}, {"description": "Its id."}]}}});
    assert_eq!(body_of(wrapped).await, json!({"id": "string"}));
    let impossible = json!({"type": "object", "required": ["a", "b"],
        "properties": {"a": {"type": "string", "minLength": 3, "maxLength": 1}, "b": {"type": "integer"}}});
    assert_eq!(body_of(impossible).await["b"], 1);
}

#[tokio::test]
async fn values_are_made_for_patterns_bounds_and_alternatives() {
    let schema = json!({"type": "object", "required": ["id"], "properties": {
        "id": {"type": "string", "pattern": "^[0-9a-f]{6}$"},
        "tags": {"type": "array", "uniqueItems": true, "minItems": 2, "items": {"type": "string"}},
        "kind": {"oneOf": [{"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}}},
            {"type": "object", "required": ["b"], "properties": {"b": {"type": "integer"}}}]},
        "map": {"type": "object", "minProperties": 1, "additionalProperties": {"type": "integer"}}}});
    let server = played(json!([]), of_schema(&schema)).await;
    let body: Value = get(&server, "/a", None).await.json().await.unwrap();
    for name in ["id", "tags", "kind", "map"] {
        assert!(body.get(name).is_some(), "{name} {body}");
    }
    let contract = json!({"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {}, "components": {"schemas": {"A": schema}}});
    let contract = Contract::from_text("a.json", &contract.to_string()).unwrap();
    let schema = contract.schema(schemas::Side::Response, "/components/schemas/A").unwrap();
    assert_eq!(schema.faults(&body), []);
}

#[tokio::test]
async fn an_example_that_breaks_its_schema_is_mended() {
    let responses = json!({"200": {"description": "ok", "content": {"application/json": {
        "schema": {"type": "object", "required": ["id", "name"], "properties": {"id": {"type": "integer"}, "name": {"type": "string"}}},
        "example": {"id": "seven", "name": "Ann"}}}}});
    let server = played(json!([]), responses).await;
    assert_eq!(
        get(&server, "/a", None).await.json::<Value>().await.unwrap(),
        json!({"id": 1, "name": "Ann"})
    );
    let asked = get(&server, "/a", Some("example=default")).await.json::<Value>().await.unwrap();
    assert_eq!(asked, json!({"id": "seven", "name": "Ann"}), "whoever asks for it gets it as it is written");
}

#[tokio::test]
async fn the_media_type_and_the_headers_are_those_described() {
    let responses = json!({"200": {"description": "ok",
        "headers": {"X-Total": {"schema": {"type": "integer"}}, "X-Name": {"example": "Ann", "schema": {"type": "string"}},
            "Content-Encoding": {"schema": {"type": "string", "enum": ["gzip"]}}},
        "content": {"application/vnd.api+json": {"schema": {"type": "object"}}}}});
    let server = played(json!([]), responses).await;
    let answer = get(&server, "/a", None).await;
    assert_eq!(answer.headers()["content-type"], "application/vnd.api+json");
    assert_eq!(
        (&answer.headers()["x-total"], &answer.headers()["x-name"]),
        (&"1".parse().unwrap(), &"Ann".parse().unwrap())
    );
    assert!(!answer.headers().contains_key("content-encoding"));
    let text = json!({"200": {"description": "ok", "content": {"text/plain": {"example": "hello"}}}});
    let server = played(json!([]), text).await;
    let answer = get(&server, "/a", None).await;
    assert_eq!(answer.headers()["content-type"], "text/plain");
    assert_eq!(answer.text().await.unwrap(), "hello");
}

#[tokio::test]
async fn where_no_success_is_described_default_or_a_redirect_is_the_answer() {
    let schema = json!({"type": "object", "properties": {"id": {"type": "integer"}}});
    let default =
        json!({"default": {"description": "any", "content": {"application/json": {"schema": schema}}}});
    let server = played(json!([]), default).await;
    let answer = get(&server, "/a", None).await;
    assert_eq!((answer.status().as_u16(), answer.json::<Value>().await.unwrap()), (200, json!({"id": 1})));
    assert_eq!(get(&server, "/a", Some("code=503")).await.status(), 503);
    let server = played(json!([]), json!({"302": {"description": "elsewhere"}})).await;
    let answer = get(&server, "/a", None).await;
    assert_eq!((answer.status().as_u16(), answer.headers().contains_key("location")), (302, true));
}

#[tokio::test]
async fn a_refusal_has_the_status_and_the_form_that_are_described() {
    let parameters = json!([{"name": "n", "in": "query", "required": true, "schema": {"type": "integer"}}]);
    let answered = async |responses: Value| {
        let server = played(parameters.clone(), responses).await;
        let answer = get(&server, "/a", None).await;
        (
            answer.status().as_u16(),
            answer.headers()["content-type"].to_str().unwrap().to_owned(),
            answer.json::<Value>().await.unwrap(),
        )
    };
    let problem = json!({"400": {"description": "bad", "content": {"application/problem+json": {"schema": {"type": "object",
        "required": ["status"], "properties": {"title": {"type": "string"}, "status": {"type": "integer"}, "detail": {"type": "string"}}}}}}});
    let (status, media, body) = answered(problem).await;
    assert_eq!((status, media.as_str()), (400, "application/problem+json"));
    assert_eq!(body, json!({"title": "Bad Request", "status": 400, "detail": "n is required"}));
    let listed = json!({"422": {"description": "bad", "content": {"application/json": {"schema": {"type": "object", "properties": {"detail":
        {"type": "array", "items": {"type": "object", "properties": {"loc": {"type": "array", "items": {"type": ["string", "integer"]}},
        "msg": {"type": "string"}, "type": {"type": "string"}}}}}}}}}});
    let (status, _, body) = answered(listed).await;
    assert_eq!(
        (status, &body["detail"][0]["loc"], &body["detail"][0]["msg"]),
        (422, &json!(["query", "n"]), &json!("n is required"))
    );
    let class = json!({"4XX": {"description": "bad", "content": {"application/json": {"schema": {"type": "object", "properties":
        {"error": {"type": "object", "properties": {"message": {"type": "string"}, "code": {"type": "integer"}, "kind": {"const": "e"}}}}}}}}});
    let (status, _, body) = answered(class).await;
    assert_eq!(
        (status, body),
        (400, json!({"error": {"message": "n is required", "code": 400, "kind": "e"}}))
    );
    let (status, _, body) = answered(json!({"200": {"description": "ok"}})).await;
    assert_eq!(
        (status, body["error"]["field"].as_str()),
        (400, Some("n")),
        "nothing is said, so ours is used"
    );
}

#[tokio::test]
async fn bounds_that_nobody_means_make_no_flood() {
    let deep = json!({"type": "array", "minItems": 1_000_000, "items": {"type": "array", "minItems": 1_000_000,
        "items": {"type": "string", "minLength": 1_000_000}}});
    let mut schemas = json!({"T0": {"type": "object"}});
    for index in 1..=12 {
        let below = json!({"$ref": format!("#/components/schemas/T{}", index - 1)});
        schemas[format!("T{index}")] = json!({"allOf": [below, below]});
    }
    let ok = |schema: &Value| json!({"get": {"responses": of_schema(schema)}});
    let description = json!({"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "components": {"schemas": schemas},
        "paths": {"/deep": ok(&deep), "/doubled": ok(&json!({"$ref": "#/components/schemas/T12"})),
            "/many": ok(&json!({"type": "object", "minProperties": 1_000_000}))}});
    let contract = Contract::from_text("a.json", &description.to_string()).unwrap();
    let server = MockServer::builder().contract(contract).start().await.unwrap();
    for path in ["/deep", "/doubled", "/many"] {
        let answer = get(&server, path, None).await;
        assert_eq!(answer.status(), 200, "{path}");
        assert!(answer.bytes().await.unwrap().len() < 4 << 20, "{path}");
    }
}

#[tokio::test]
async fn parameters_are_read_as_they_are_described() {
    let parameters = json!([
        {"name": "sid", "in": "cookie", "required": true, "schema": {"type": "integer"}},
        {"name": "Authorization", "in": "header", "required": true, "schema": {"type": "string"}},
        {"name": "ids", "in": "query", "explode": false, "schema": {"type": "array", "items": {"type": "integer"}}},
        {"name": "filter", "in": "query", "style": "deepObject", "schema": {"type": "object", "properties": {"n": {"type": "integer"}}}}]);
    let server = played(parameters, json!({"200": {"description": "ok"}})).await;
    let status = async |query: &str, cookie: &str| {
        let request = crate::support::client::client()
            .get(format!("{}/a{query}", server.url()))
            .header("Cookie", cookie);
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(status("?ids=1,2&filter[n]=3", "other=x; sid=7").await, 200);
    assert_eq!(status("", "sid=x").await, 400);
    assert_eq!(status("", "other=x").await, 400);
    assert_eq!(status("?ids=1,x", "sid=7").await, 400);
    assert_eq!(status("?filter%5Bn%5D=x", "sid=7").await, 400);
}
