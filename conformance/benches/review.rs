//! How long a review takes as the description grows: `cargo bench -p conformance --bench review`.
//!
//! Descriptions of about 1, 2 and 5 MB, each against one in which every hundredth schema changed. Times are printed as they
//! come; what matters is that time per megabyte stays as it is.

use std::io::Write as _;
use std::time::Instant;

use conformance::review::compare_documents;
use schemas::Document;
use serde_json::{Map, Value, json};

/// Properties of each schema.
const PROPERTIES: usize = 40;

/// A description of so many operations, each with a schema of its own that refers to its neighbours and to a shared one.
fn description(operations: usize, changed: bool) -> Document {
    let (mut paths, mut schemas) = (Map::new(), Map::new());
    schemas.insert(
        "Shared".to_owned(),
        json!({"type": "object", "properties": {"id": {"type": "string"}, "next": {"$ref": "#/components/schemas/Shared"}}}),
    );
    for index in 0..operations {
        let mut properties = Map::new();
        for number in 0..PROPERTIES {
            properties.insert(
                format!("property_{number}"),
                json!({"type": ["string", "null"], "maxLength": 100, "description": "What it is, in some words."}),
            );
        }
        let next = format!("#/components/schemas/S{}", (index + 1) % operations);
        properties.insert("neighbour".to_owned(), json!({ "$ref": next }));
        properties.insert("shared".to_owned(), json!({"$ref": "#/components/schemas/Shared"}));
        if changed && index % 100 == 0 {
            properties.shift_remove("property_3");
        }
        schemas.insert(
            format!("S{index}"),
            json!({"type": "object", "required": ["property_1"], "properties": properties}),
        );
        // Only some see the ring of neighbours: what an operation sees is reported for each, and that is the size of the answer.
        let schema = if index % 500 == 0 { format!("S{index}") } else { "Shared".to_owned() };
        let schema = json!({"$ref": format!("#/components/schemas/{schema}")});
        let content = json!({"application/json": {"schema": schema}});
        paths.insert(
            format!("/things{index}"),
            json!({"post": {
                "operationId": format!("make-{index}"),
                "requestBody": {"content": content},
                "responses": {"200": {"description": "Made.", "content": content}}
            }}),
        );
    }
    let value: Value = json!({"openapi": "3.1.0", "info": {"title": "Large", "version": "1.0.0"}, "paths": paths,
        "components": {"schemas": schemas}});
    Document::from_text("large.json", &value.to_string()).expect("loads")
}

fn main() {
    let mut out = std::io::stdout();
    let mut first = None;
    for operations in [250, 500, 1250] {
        let (base, head) = (description(operations, false), description(operations, true));
        #[expect(clippy::cast_precision_loss, reason = "a size in megabytes")]
        let size = base.value().to_string().len() as f64 / 1e6;
        let start = Instant::now();
        let same = compare_documents(&base, &base).len();
        let (alone, start) = (start.elapsed(), Instant::now());
        let found = compare_documents(&base, &head).len();
        let took = start.elapsed().as_secs_f64();
        let each = took / size;
        let ratio = each / *first.get_or_insert(each);
        assert_eq!(same, 0);
        writeln!(
            out,
            "{size:>5.1} MB  {operations:>5} operations  {found:>5} changes  {:>7.0} ms  {:>6.0} ms a MB ({ratio:.1} of the first)  against itself {:.0} ms",
            took * 1e3,
            each * 1e3,
            alone.as_secs_f64() * 1e3
        )
        .expect("the output takes it");
    }
}
