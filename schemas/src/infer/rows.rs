//! Where rows stand in answers and bodies, and how alike two schemas are.

use std::rc::Rc;

use super::view::{Kind, Shape, View};
use super::words;
use crate::pointer;

/// A part of an answer or of a body.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// JSON pointer within the answer.
    pub(super) within: String,
    /// Where its schema stands.
    pub(super) schema: String,
}

/// Names of properties that hold a row and say nothing about it.
const ROW: [&str; 12] = [
    "data", "result", "item", "payload", "response", "body", "entity", "record", "object", "content",
    "resource", "value",
];

/// The objects of a schema that may be a row: itself, and what stands in it under the name of the rows or of an envelope.
pub(super) fn places(view: &View<'_>, at: &str, resource: &[String]) -> Vec<Place> {
    let shape = view.shape(at);
    let mut places = Vec::new();
    if !shape.properties.is_empty() {
        places.push(Place { within: String::new(), schema: at.to_owned() });
    }
    for (name, property) in &shape.properties {
        let own = words::singular_words(name);
        let named = own == resource || (!own.is_empty() && resource.ends_with(&own));
        let alone = shape.properties.len() == 1;
        let fits = named || alone || words::is_one_of(name, &ROW);
        if fits && view.kind(&property.at) == Kind::Object && !view.shape(&property.at).properties.is_empty()
        {
            let within = pointer::join("", name);
            places.push(Place { within, schema: property.at.clone() });
        }
    }
    places
}

/// Names of objects in which an array of rows stands.
const AROUND: [&str; 8] = ["data", "result", "response", "embedded", "payload", "page", "body", "results"];

/// The arrays of objects in a schema: itself, and those in its properties.
pub(super) fn arrays(view: &View<'_>, at: &str) -> Vec<Place> {
    let mut found = Vec::new();
    match view.kind(at) {
        Kind::Array => found.extend(items(view, at, String::new())),
        _ => {
            for (name, property) in &view.shape(at).properties {
                let within = pointer::join("", name);
                match view.kind(&property.at) {
                    Kind::Array => found.extend(items(view, &property.at, within)),
                    Kind::Object if words::is_one_of(name, &AROUND) => {
                        for (inner, property) in &view.shape(&property.at).properties {
                            if view.kind(&property.at) == Kind::Array {
                                found.extend(items(view, &property.at, pointer::join(&within, inner)));
                            }
                        }
                    }
                    _ => {}
                }
            }
        }
    }
    found
}

fn items(view: &View<'_>, at: &str, within: String) -> Option<Place> {
    let schema = view.items(at)?;
    (!view.shape(&schema).properties.is_empty()).then_some(Place { within, schema })
}

/// Whether a value of one kind may be one of another.
pub(super) fn fit(one: Kind, other: Kind) -> bool {
    let numbers = |kind| matches!(kind, Kind::Integer | Kind::Number);
    one == other || one == Kind::Any || other == Kind::Any || (numbers(one) && numbers(other))
}

/// How many of some properties another schema has too, and how many there are. What is never shown does not count.
pub(super) fn shared(view: &View<'_>, of: &Shape, other: &Shape) -> (usize, usize) {
    let counted = || of.properties.iter().filter(|(_, property)| !property.write_only);
    let both = counted().filter(|(name, property)| {
        other.get(name).is_some_and(|shown| fit(view.kind(&property.at), view.kind(&shown.at)))
    });
    (both.count(), counted().count())
}

/// Whether at least half of some properties, and one at the least, are those of another schema.
pub(super) fn half(view: &View<'_>, of: &Shape, other: &Shape) -> bool {
    let (both, all) = shared(view, of, other);
    both > 0 && both * 2 >= all
}

/// Whether a row can be shown by a schema: it is the row's own, or it has the id and nothing that must be there is missing of
/// the row.
pub(super) fn shows(view: &View<'_>, shown: &Rc<Shape>, row: &Rc<Shape>, id: &str) -> bool {
    if shown.anchor == row.anchor {
        return true;
    }
    let all_known =
        shown.properties.iter().filter(|(_, property)| property.required).all(|(name, property)| {
            row.get(name).is_some_and(|known| fit(view.kind(&known.at), view.kind(&property.at)))
        });
    shown.get(id).is_some() && all_known && half(view, shown, row)
}
