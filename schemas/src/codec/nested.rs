//! Values written as pairs whose names say where each text belongs: `a[b]=1`, `a[]=1`, `a[0][b]=1`.

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::scalar;
use super::unwritable::Unwritable;
use crate::schema::Schema;

/// How deep names are followed; what is deeper is a name as it stands.
const DEEPEST: usize = 16;

/// One text of a pair.
#[derive(Debug, Clone)]
pub(super) struct Leaf {
    pub(super) text: String,
    /// It is said to be JSON.
    pub(super) json: bool,
}

/// What was sent under one name.
#[derive(Debug)]
pub(super) enum Node {
    Leaves(Vec<Leaf>),
    Branch(IndexMap<String, Node>),
}

/// A name with the steps in brackets after it: `a[b][]` is `a` with `b` and an empty one.
pub(super) fn steps(key: &str) -> Option<(&str, Vec<&str>)> {
    let (name, mut rest) = key.split_at(key.find('[')?);
    let mut steps = Vec::new();
    while !rest.is_empty() {
        let (step, after) = rest.strip_prefix('[')?.split_once(']')?;
        steps.push(step);
        rest = after;
    }
    (!name.is_empty() && steps.len() <= DEEPEST).then_some((name, steps))
}

/// Puts a text where its name says.
pub(super) fn insert(members: &mut IndexMap<String, Node>, name: &str, steps: &[&str], leaf: Leaf) {
    match steps.split_first() {
        None => match members.entry(name.to_owned()).or_insert_with(|| Node::Leaves(Vec::new())) {
            Node::Leaves(leaves) => leaves.push(leaf),
            // Both a text and members of the same name: the members count.
            Node::Branch(_) => {}
        },
        Some((step, rest)) => {
            let node = members.entry(name.to_owned()).or_insert_with(|| Node::Branch(IndexMap::new()));
            if let Node::Leaves(_) = node {
                *node = Node::Branch(IndexMap::new());
            }
            if let Node::Branch(inner) = node {
                insert(inner, step, rest, leaf);
            }
        }
    }
}

/// The schema of a member, wherever among the alternatives of a schema it is named.
pub(super) fn member(schema: &Schema, name: &str) -> Option<Schema> {
    let own = |schema: &Schema| schema.property(name).map(|property| property.schema);
    own(schema)
        .or_else(|| schema.alternatives().iter().find_map(own))
        .or_else(|| schema.additional())
        .or_else(|| schema.form_of("object").as_ref().and_then(own))
}

/// The value of what was sent under one name.
pub(super) fn value(schema: Option<&Schema>, node: &Node) -> Value {
    let list = schema.and_then(|schema| schema.form_of("array"));
    match node {
        Node::Leaves(leaves) => match &list {
            Some(list) => {
                // One text may be the whole list.
                if let [leaf] = leaves.as_slice()
                    && let Some(Value::Array(items)) = json(leaf)
                {
                    return Value::Array(items);
                }
                let items = list.items();
                leaves.iter().map(|leaf| of_leaf(items.as_ref(), leaf)).collect()
            }
            None => leaves.first().map_or(Value::Null, |leaf| of_leaf(schema, leaf)),
        },
        Node::Branch(members) => {
            let numbered = members.keys().all(|key| key.is_empty() || key.parse::<u32>().is_ok());
            let names_object = schema.is_some_and(|schema| schema.form_of("object").is_some());
            if numbered && (list.is_some() || !names_object) {
                let items = list.as_ref().and_then(Schema::items);
                return of_list(items.as_ref(), members);
            }
            object(schema, members)
        }
    }
}

/// A list whose items are numbered, or sent under an empty name.
fn of_list(items: Option<&Schema>, members: &IndexMap<String, Node>) -> Value {
    let mut numbered: Vec<(u32, &Node)> = Vec::new();
    for (key, node) in members {
        numbered.push((key.parse().unwrap_or(u32::MAX), node));
    }
    numbered.sort_by_key(|(number, _)| *number);
    let mut list = Vec::new();
    for (_, node) in numbered {
        match node {
            Node::Leaves(leaves) => list.extend(leaves.iter().map(|leaf| of_leaf(items, leaf))),
            Node::Branch(_) => list.push(value(items, node)),
        }
    }
    Value::Array(list)
}

/// An object of what was sent under its names.
pub(super) fn object(schema: Option<&Schema>, members: &IndexMap<String, Node>) -> Value {
    let mut map = Map::new();
    for (name, node) in members {
        let own = schema.and_then(|schema| member(schema, name));
        map.insert(name.clone(), value(own.as_ref(), node));
    }
    Value::Object(map)
}

fn of_leaf(schema: Option<&Schema>, leaf: &Leaf) -> Value {
    let whole = schema.is_some_and(|schema| schema.form_of("object").is_some());
    if leaf.json || whole {
        return json(leaf).unwrap_or_else(|| Value::from(leaf.text.as_str()));
    }
    schema.map_or_else(|| Value::from(leaf.text.as_str()), |schema| scalar::read(&leaf.text, schema))
}

fn json(leaf: &Leaf) -> Option<Value> {
    serde_json::from_str(&leaf.text).ok()
}

/// A value as pairs below a name.
pub(super) fn write(name: &str, value: &Value, pairs: &mut Vec<(String, String)>) -> Result<(), Unwritable> {
    match value {
        Value::Object(map) if map.is_empty() => Err(Unwritable::new("an object without members is not sent")),
        Value::Object(map) => map.iter().try_for_each(|(key, value)| {
            if key.contains(['[', ']']) || key.is_empty() || key.parse::<u32>().is_ok() {
                return Err(Unwritable::new(format!("the name {key:?} has another meaning in brackets")));
            }
            write(&format!("{name}[{key}]"), value, pairs)
        }),
        Value::Array(items) if items.is_empty() => Err(Unwritable::new("a list without items is not sent")),
        Value::Array(items) => items.iter().enumerate().try_for_each(|(index, item)| match item {
            Value::Array(_) | Value::Object(_) => write(&format!("{name}[{index}]"), item, pairs),
            item => write(&format!("{name}[]"), item, pairs),
        }),
        value => {
            pairs.push((name.to_owned(), scalar::write(value)?));
            Ok(())
        }
    }
}
