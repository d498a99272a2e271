//! The JSON Schema of the configuration file.

use serde_json::{Map, Value, json};

use super::options::{Kind, OptionSpec};

/// The JSON Schema of the file, which editors check it by.
pub(crate) fn schema(options: &[OptionSpec]) -> Value {
    let properties: Map<String, Value> = options
        .iter()
        .map(|option| {
            let text = json!({"type": "string"});
            let mut schema = match option.kind {
                Kind::Switch => json!({"type": "boolean"}),
                Kind::Number => json!({"type": ["integer", "string"], "minimum": 0}),
                Kind::Text => text,
                Kind::List => json!({"type": ["array", "string"], "items": text}),
            };
            schema["description"] = json!(option.help);
            if option.secret {
                schema["description"] =
                    json!(format!("{} A secret: write \"${{{}}}\".", option.help, option.variable));
            }
            (option.name.clone(), schema)
        })
        .collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "conformance.toml",
        "description": "What `conformance` is told. The keys are the long names of the flags of `conformance run`; `${NAME}` in a text is a variable of the environment; paths are meant from where the file lies.",
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
    })
}
