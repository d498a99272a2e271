//! Every pair of schemas that has to be compared, each compared once.
//!
//! Schemas may be circular and are shared by many operations. So pairs are kept in a graph: what was found about a pair
//! itself, and which pairs stand below it. What an operation sees is what can be reached from its own schemas.

use std::collections::{HashMap, HashSet, VecDeque};

use schemas::{Document, Side, pointer};

use super::equal::Documents;
use super::pair::Pair;
use super::standings::Contexts;
use super::view::{Items, Start, View};
use crate::review::found::Found;
use crate::review::rules;

type Key = (Side, Vec<Start>, Vec<Start>);

#[derive(Debug, Default)]
struct Node {
    found: Vec<Found>,
    below: Vec<(String, usize)>,
    above: Vec<usize>,
    /// Something was found here or below.
    changed: bool,
}

/// The pairs of two descriptions.
#[derive(Debug)]
pub(in crate::review) struct Graph<'d> {
    both: Documents<'d>,
    contexts: Contexts,
    numbers: HashMap<Key, usize>,
    nodes: Vec<Node>,
}

impl<'d> Graph<'d> {
    pub(in crate::review) fn new(both: Documents<'d>) -> Self {
        Self { both, contexts: Contexts::new(), numbers: HashMap::new(), nodes: Vec::new() }
    }

    /// The two descriptions.
    pub(in crate::review) fn documents(&self) -> Documents<'d> {
        self.both
    }

    /// What is said of how sure things are.
    pub(in crate::review) fn contexts(&mut self) -> &mut Contexts {
        &mut self.contexts
    }

    /// Whether a schema is one value or a list of such.
    pub(in crate::review) fn list_items(&mut self, document: &Document, side: Side, start: &Start) -> Items {
        View::new(document, side, vec![start.clone()], &mut self.contexts).items()
    }

    /// Compares two schemas and all below them. Gives the number under which [`Graph::reached`] returns what was found.
    pub(in crate::review) fn compare(&mut self, side: Side, base: Start, head: Start) -> usize {
        let mut waiting = Vec::new();
        let root = self.number(side, vec![base], vec![head], &mut waiting);
        while let Some((number, (side, base, head))) = waiting.pop() {
            let mut pair = Pair::new(self.both, &mut self.contexts, side, base, head);
            let is_told = rules::alternatives::compare(&mut pair);
            if !is_told {
                rules::types::compare(&mut pair);
                rules::values::compare(&mut pair);
                rules::bounds::compare(&mut pair);
                rules::text::compare(&mut pair);
                rules::properties::compare(&mut pair);
                rules::composition::compare(&mut pair);
                rules::alternatives::silence(&mut pair);
            }
            rules::values::defaults(&mut pair);
            rules::properties::deprecation(&mut pair);
            rules::standing::compare(&mut pair);
            let Pair { found, below, .. } = pair;
            let mut changed = !found.is_empty();
            self.nodes[number].found = found;
            for below in below {
                let child = self.number(side, below.base, below.head, &mut waiting);
                self.nodes[number].below.push((below.step, child));
                self.nodes[child].above.push(number);
                changed |= self.nodes[child].changed;
            }
            if changed {
                self.mark(number);
            }
        }
        root
    }

    fn number(
        &mut self,
        side: Side,
        base: Vec<Start>,
        head: Vec<Start>,
        waiting: &mut Vec<(usize, Key)>,
    ) -> usize {
        let key = (side, base, head);
        if let Some(known) = self.numbers.get(&key) {
            return *known;
        }
        let number = self.nodes.len();
        self.nodes.push(Node::default());
        self.numbers.insert(key.clone(), number);
        waiting.push((number, key));
        number
    }

    /// Marks a pair as changed, and all above it. Each is marked once, however many schemas are compared.
    fn mark(&mut self, number: usize) {
        let mut waiting = vec![number];
        while let Some(number) = waiting.pop() {
            if !self.nodes[number].changed {
                self.nodes[number].changed = true;
                waiting.extend(&self.nodes[number].above);
            }
        }
    }

    /// Everything found from a pair downwards, each change by the shortest way there: a schema that is met again, by
    /// another reference, is the same change.
    pub(in crate::review) fn reached(&self, root: usize) -> Vec<Found> {
        let mut all = Vec::new();
        let mut seen = HashSet::from([root]);
        let mut told = HashSet::new();
        let mut waiting = VecDeque::from([(root, String::new())]);
        while let Some((number, path)) = waiting.pop_front() {
            let node = &self.nodes[number];
            if !node.changed {
                continue;
            }
            for found in &node.found {
                let value = |value: &Option<serde_json::Value>| value.as_ref().map(ToString::to_string);
                let places = (found.base.as_deref(), found.head.as_deref());
                if !told.insert((found.rule.id, places, value(&found.before), value(&found.after))) {
                    continue;
                }
                let mut found = found.clone();
                found.subject = subject(&path, &found.subject);
                all.push(found);
            }
            for (step, child) in &node.below {
                if self.nodes[*child].changed && seen.insert(*child) {
                    waiting.push_back((*child, pointer::join(&path, step)));
                }
            }
        }
        all
    }
}

/// The path to a schema, then what is said of it there.
fn subject(path: &str, own: &str) -> String {
    match (path.is_empty(), own.is_empty()) {
        (_, true) => path.to_owned(),
        (true, false) => own.to_owned(),
        // A member's own path goes on where the schema's ends.
        (false, false) if own.starts_with('/') => format!("{path}{own}"),
        (false, false) => format!("{path} {own}"),
    }
}

#[cfg(test)]
mod tests {
    use schemas::Document;
    use serde_json::json;

    use super::*;
    use crate::review::schema::Context;

    #[test]
    fn a_schema_that_many_share_is_compared_once_and_its_change_reaches_them_all() {
        let description = |length: u64| {
            let text = json!({
                "one": {"$ref": "#/shared"}, "other": {"items": {"$ref": "#/shared"}, "type": "array"},
                "shared": {"type": "object", "properties": {"next": {"$ref": "#/shared"},
                    "name": {"type": "string", "maxLength": length}}}
            });
            Document::from_text("a.json", &text.to_string()).expect("loads")
        };
        let (base, head) = (description(3), description(2));
        let mut graph = Graph::new(Documents { base: &base, head: &head });
        let start = |at: &str| Start::new(at, Context::default());
        let mut compare = |at: &str| {
            let root = graph.compare(Side::Request, start(at), start(at));
            let subjects: Vec<String> = graph.reached(root).into_iter().map(|found| found.subject).collect();
            (subjects, graph.nodes.len())
        };
        let (found, first) = compare("/one");
        assert_eq!(found, ["/name maxLength"]);
        assert_eq!(compare("/one"), (vec!["/name maxLength".to_owned()], first));
        let (found, second) = compare("/other");
        assert_eq!(found, ["/*/name maxLength"]);
        // The list and the reference in it; what they lead to is known.
        assert_eq!(second, first + 2);
    }
}
