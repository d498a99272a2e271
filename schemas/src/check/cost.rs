//! Schemas that would take more time or memory than anybody has to judge a value or to make one.

use std::collections::HashMap;

use serde_json::Value;

use crate::error::Problem;
use crate::pointer;
use crate::source::Document;
use crate::tree::visit;

/// Characters, items or properties that a value may have to have at the least.
const LEAST: u64 = 1 << 20;
/// Properties of one schema.
const MOST_PROPERTIES: usize = 2_000;
/// How often schemas may be applied to one value, each way to them counted.
const MOST_APPLIED: u64 = 20_000;

/// How deep schemas are followed into each other.
const DEEPEST: usize = 200;

/// What costs too much.
pub(super) fn problems(document: &Document) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut applied = Applied { document, known: HashMap::new() };
    let mut beyond: Option<Problem> = None;
    visit(document.value(), &mut |seen| {
        for word in ["minLength", "minItems", "minProperties"] {
            if let Some(least) = seen.map.get(word).and_then(Value::as_u64).filter(|least| *least > LEAST) {
                let what = format!("{word} {least} asks for a value that no request can hold");
                let help = format!("Write a number up to {LEAST}.");
                problems.push(document.problem(&pointer::join(seen.at, word), what).with_help(help));
            }
        }
        let count = seen.map.get("properties").and_then(Value::as_object).map_or(0, serde_json::Map::len);
        if count > MOST_PROPERTIES {
            let what = format!("{count} properties are more than can be judged one by one");
            let help = format!(
                "Describe at most {MOST_PROPERTIES}, or names that are made up by additionalProperties."
            );
            problems.push(document.problem(&pointer::join(seen.at, "properties"), what).with_help(help));
        }
        // Whatever builds on such a schema costs too much as well: one is enough.
        if beyond.is_none() && applied.to(seen.at, seen.value, 0) > MOST_APPLIED {
            let what = format!(
                "one value has to be held to more than {MOST_APPLIED} schemas: parts that are combined are doubled again and again"
            );
            let help = "Name each part once among allOf, anyOf and oneOf, directly or through references.";
            beyond = Some(document.problem(seen.at, what).with_help(help));
        }
    });
    problems.extend(beyond);
    problems
}

/// How many schemas are applied to one value.
struct Applied<'a> {
    document: &'a Document,
    known: HashMap<String, u64>,
}

impl Applied<'_> {
    fn to(&mut self, at: &str, schema: &Value, depth: usize) -> u64 {
        if let Some(known) = self.known.get(at) {
            return *known;
        }
        let Some(map) = schema.as_object().filter(|_| depth < DEEPEST) else { return 1 };
        // A circle is met again here and costs nothing more.
        self.known.insert(at.to_owned(), 0);
        let mut sum: u64 = 1;
        for word in ["allOf", "anyOf", "oneOf"] {
            for (index, part) in map.get(word).and_then(Value::as_array).into_iter().flatten().enumerate() {
                let part_at = format!("{at}/{word}/{index}");
                sum = sum.saturating_add(self.to(&part_at, part, depth + 1));
            }
        }
        for word in ["not", "if", "then", "else"] {
            if let Some(part) = map.get(word) {
                sum = sum.saturating_add(self.to(&format!("{at}/{word}"), part, depth + 1));
            }
        }
        let leads = map.get("$ref").and_then(Value::as_str).and_then(|to| to.strip_prefix('#'));
        if let Some((to, part)) = leads.and_then(|to| Some((to, self.document.get(to)?))) {
            sum = sum.saturating_add(self.to(to, part, depth + 1));
        }
        self.known.insert(at.to_owned(), sum);
        sum
    }
}
