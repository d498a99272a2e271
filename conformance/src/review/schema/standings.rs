//! How sure the statements of a schema are, inherited from outside in.

use std::collections::{BTreeMap, HashMap};

use schemas::{Standing, StandingMap};
use serde_json::Value;

/// What is said of each keyword; a number, so that places are cheap to compare.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::review) struct Context(usize);

type Stated = BTreeMap<String, Standing>;

/// Every context that was met.
#[derive(Debug)]
pub(in crate::review) struct Contexts {
    known: Vec<Stated>,
    numbers: HashMap<Stated, usize>,
}

impl Contexts {
    pub(in crate::review) fn new() -> Self {
        Self { known: vec![Stated::new()], numbers: HashMap::from([(Stated::new(), 0)]) }
    }

    /// The context within something that may say more: the innermost statement wins.
    pub(in crate::review) fn within(&mut self, outer: Context, holder: &Value) -> Context {
        let stated = holder.get("x-contract-standing").cloned();
        match stated.and_then(|stated| serde_json::from_value::<StandingMap>(stated).ok()) {
            Some(map) => self.with(outer, &map),
            None => outer,
        }
    }

    fn with(&mut self, outer: Context, map: &StandingMap) -> Context {
        let mut stated = Stated::new();
        match map {
            StandingMap::All(standing) => {
                stated.insert("default".to_owned(), *standing);
            }
            StandingMap::PerKeyword(own) => {
                if !own.contains_key("default") {
                    stated = self.known[outer.0].clone();
                }
                stated.extend(own.iter().map(|(keyword, standing)| (keyword.clone(), *standing)));
            }
        }
        if let Some(number) = self.numbers.get(&stated) {
            return Context(*number);
        }
        self.known.push(stated.clone());
        self.numbers.insert(stated, self.known.len() - 1);
        Context(self.known.len() - 1)
    }

    /// The standing of a keyword.
    pub(in crate::review) fn of(&self, context: Context, keyword: &str) -> Standing {
        let stated = &self.known[context.0];
        stated.get(keyword).or_else(|| stated.get("default")).copied().unwrap_or_default()
    }

    /// The keywords a context names, `default` among them.
    pub(in crate::review) fn keywords(&self, context: Context) -> impl Iterator<Item = &str> {
        self.known[context.0].keys().map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_innermost_statement_wins_and_repeating_it_makes_no_new_context() {
        let mut contexts = Contexts::new();
        let outer = contexts.within(Context::default(), &json!({"x-contract-standing": "inferred"}));
        let holder = json!({"x-contract-standing": {"enum": "assumed"}});
        let inner = contexts.within(outer, &holder);
        assert_eq!(contexts.of(inner, "enum"), Standing::Assumed);
        assert_eq!(contexts.of(inner, "type"), Standing::Inferred);
        assert_eq!(contexts.within(inner, &holder), inner);
        assert_eq!(contexts.within(inner, &json!({})), inner);
    }
}
