//! Which property of a row the path names it by.

use super::calls::Parameter;
use super::rows::fit;
use super::view::{Kind, Shape, View};
use super::words;

/// Last words of names that are ids.
const ID: [&str; 16] = [
    "id", "uuid", "guid", "uid", "gid", "sid", "oid", "key", "slug", "code", "name", "number", "handle",
    "hash", "token", "ref",
];
/// Names of ids that nobody but the server gives.
const OPAQUE: [&str; 8] = ["id", "uuid", "guid", "uid", "gid", "sid", "oid", "objectid"];
/// The ids that a parameter may mean which only names the rows.
const USUAL: [&str; 7] = ["id", "_id", "uuid", "guid", "uid", "gid", "sid"];

/// What names a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) property: String,
    pub(super) reason: String,
}

/// The property that a path parameter names rows by, if that is plain.
pub(super) fn identity(
    view: &View<'_>,
    parameter: &str,
    described: Option<&Parameter>,
    resource: &[String],
    row: &Shape,
) -> Option<Identity> {
    let kind = described.map_or(Kind::Any, |known| view.kind(&known.schema));
    let usable = |name: &str| {
        let property = row.get(name)?;
        let own = view.kind(&property.at);
        let scalar = matches!(own, Kind::Text | Kind::Integer | Kind::Number | Kind::Any);
        // A path is text: many describe the parameter as such whatever the property is.
        let fits = fit(own, kind) || kind == Kind::Text;
        (scalar && fits && !property.write_only).then(|| name.to_owned())
    };
    let by_words = |wanted: &[String]| {
        let named = row.properties.keys().find(|name| words::words(name) == wanted);
        named.and_then(|name| usable(name))
    };
    let found = |property: String, reason: String| Some(Identity { property, reason });
    if let Some(property) = usable(parameter) {
        return found(property, format!("the path parameter {parameter} has the property's name"));
    }
    let own = words::words(parameter);
    if let Some(property) = row.properties.keys().find(|name| words::same(name, parameter)) {
        let property = usable(property)?;
        let reason = format!("the path parameter {parameter} has the property's name");
        return found(property, reason);
    }
    let about = |prefix: &[String]| {
        let joined: String = prefix.concat();
        let whole: String = resource.concat();
        joined == whole || resource.last() == Some(&joined)
    };
    for cut in 1..own.len() {
        let (prefix, rest) = own.split_at(cut);
        if about(prefix)
            && let Some(property) = by_words(rest)
        {
            let reason =
                format!("the path parameter {parameter} is the property's name after the resource's");
            return found(property, reason);
        }
    }
    let last = own.last()?;
    let names_rows = about(&own) || last == "id" || USUAL.contains(&last.as_str());
    if ID.contains(&last.as_str())
        && own.len() > 1
        && let Some(property) = by_words(std::slice::from_ref(last))
    {
        let reason = format!("the path parameter {parameter} ends with the property's name");
        return found(property, reason);
    }
    if names_rows {
        for name in USUAL {
            if let Some(property) = usable(name) {
                let reason = format!("the path parameter {parameter} names one row, and rows have {name}");
                return found(property, reason);
            }
        }
    }
    None
}

/// Whether the creator gives the id: it has to be in the body, or it may be and no server makes such up.
pub(super) fn is_natural(id: &str, row: &Shape, body: &Shape) -> bool {
    let hidden = |shape: &Shape| shape.get(id).is_some_and(|property| property.read_only);
    let Some(given) = body.get(id).filter(|_| !hidden(row) && !hidden(body)) else { return false };
    let opaque = words::words(id).last().is_some_and(|last| OPAQUE.contains(&last.as_str()));
    given.required || !opaque
}
