//! Texts of a schema that differ from one another: for ids.

use serde_json::{Map, Value, json};

use super::text;
use crate::schema::Schema;

impl Schema {
    /// A text that fits the pattern and the lengths of this schema; another one for each seed, as far as there are so many. `None`
    /// where it states no pattern, or no text was found.
    pub fn varied_text(&self, seed: u64) -> Option<String> {
        let mut rules = Map::new();
        for keyword in ["pattern", "minLength", "maxLength"] {
            rules.extend(self.keyword(keyword).map(|value| (keyword.to_owned(), value.clone())));
        }
        let pattern = rules.get("pattern")?.as_str()?.to_owned();
        let fits = |text: &String| self.is_valid(&json!(text));
        text::varied(&pattern, &Value::Object(rules), seed).into_iter().find(fits)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use crate::Contract;

    #[test]
    fn texts_of_a_pattern_differ_and_fit() {
        for pattern in
            ["^usr_[a-z0-9]{8}$", "^[A-Z]{2}-[0-9]{4,6}$", "^(cus|acct)_[A-Za-z0-9]+$", "^[0-9a-f]{24}$"]
        {
            let text = format!(
                "openapi: 3.1.0\ninfo: {{title: Try, version: 1.0.0}}\npaths: {{}}\ncomponents: {{schemas: {{Id: {{type: string, \
                 pattern: '{pattern}', maxLength: 24}}}}}}\n"
            );
            let contract = Contract::from_text("api.yaml", &text).expect("loads");
            let schema = contract.schema(crate::Side::Response, "/components/schemas/Id").expect("is there");
            let made: HashSet<String> =
                (0..100).map(|seed| schema.varied_text(seed).expect("a text of the pattern")).collect();
            assert!(made.len() > 95, "{pattern}: {}", made.len());
            assert!(made.iter().all(|text| schema.is_valid(&text.as_str().into())), "{pattern}");
        }
    }
}
