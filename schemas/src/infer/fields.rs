//! What the properties of rows mean: stamps, what the server sets, defaults, filters.

use serde_json::{Value, json};

use super::calls::Call;
use super::find::Found;
use super::pages::asks_for_page;
use super::view::{Kind, Property, View};
use super::words;
use crate::vocabulary::Standing;

const CREATED: [&str; 16] = [
    "createdat",
    "created",
    "createdon",
    "creationdate",
    "datecreated",
    "createddate",
    "createdtime",
    "creationtime",
    "createtime",
    "createtimestamp",
    "insertedat",
    "timecreated",
    "createdtimestamp",
    "createdatetime",
    "createddatetime",
    "creationtimestamp",
];
const UPDATED: [&str; 22] = [
    "updatedat",
    "updated",
    "updatedon",
    "dateupdated",
    "updateddate",
    "updatedtime",
    "updatetime",
    "modifiedat",
    "modified",
    "modifiedon",
    "datemodified",
    "modifieddate",
    "lastmodified",
    "lastupdated",
    "lastupdatedat",
    "lastmodifiedat",
    "changedat",
    "lastmodifieddate",
    "modifiedtime",
    "lastmodifieddatetime",
    "updatetimestamp",
    "updateddatetime",
];

/// What is said of one property.
pub(super) struct Said {
    /// Where its schema stands.
    pub(super) at: String,
    pub(super) key: &'static str,
    pub(super) value: Value,
    pub(super) standing: Standing,
    pub(super) reason: String,
}

/// The property with the time of creation.
pub(super) fn created(view: &View<'_>, one: &Found) -> Option<String> {
    stamp(view, one, &CREATED)
}

/// The property with the time of the last change.
pub(super) fn updated(view: &View<'_>, one: &Found) -> Option<String> {
    stamp(view, one, &UPDATED)
}

fn stamp(view: &View<'_>, one: &Found, known: &[&str]) -> Option<String> {
    let fits = |name: &str, property: &Property| {
        let format = view.keyword(&property.at, "format").and_then(Value::as_str);
        let time = format == Some("date-time")
            || (format.is_none()
                && view.keyword(&property.at, "pattern").is_none()
                && words::words(name).last().is_some_and(|last| last == "at"));
        let written = one.draft.get(name).is_some_and(|given| !given.read_only && !property.read_only);
        view.kind(&property.at) == Kind::Text && time && !written
    };
    known.iter().find_map(|known| {
        let mut all = one.row.properties.iter();
        all.find(|(name, property)| words::is_one_of(name, &[known]) && fits(name, property))
            .map(|(name, _)| name.clone())
    })
}

/// What is said of the properties of a resource.
pub(super) fn fields(view: &View<'_>, one: &Found) -> Vec<Said> {
    let stamps = [created(view, one), updated(view, one)];
    let mut said = Vec::new();
    for (name, property) in &one.row.properties {
        if let Some((standing, reason)) = server_set(one, name, property, &stamps) {
            said.push(Said {
                at: property.at.clone(),
                key: "/x-contract-field/server_set",
                value: json!(standing),
                standing,
                reason,
            });
        } else if let Some((value, reason)) = default(view, one, name, property) {
            said.push(Said {
                at: property.at.clone(),
                key: "/x-contract-field/default",
                value: json!({"value": value, "standing": Standing::Assumed}),
                standing: Standing::Assumed,
                reason,
            });
        }
    }
    said
}

fn server_set(
    one: &Found,
    name: &str,
    property: &Property,
    stamps: &[Option<String>],
) -> Option<(Standing, String)> {
    let taken = |shape: &super::view::Shape| shape.get(name).is_some_and(|given| !given.read_only);
    if name == one.identity.property {
        // Whether an id in the body counts where there may be one, nobody says.
        return (!one.natural && !taken(&one.draft))
            .then(|| (Standing::Inferred, "it names the row, and no create takes it".to_owned()));
    }
    if property.read_only {
        return Some((Standing::Inferred, "it is readOnly".to_owned()));
    }
    if stamps.iter().flatten().any(|stamp| stamp == name) {
        return Some((Standing::Inferred, "it is a time of the row, and no create takes it".to_owned()));
    }
    let written = taken(&one.draft) || one.changes.iter().any(|shape| taken(shape));
    (!written).then(|| (Standing::Assumed, "rows have it, and no create or update takes it".to_owned()))
}

/// The value of a row that was created without one.
fn default(view: &View<'_>, one: &Found, name: &str, property: &Property) -> Option<(Value, String)> {
    let given = one.draft.get(name)?;
    if let Some(value) = view.keyword(&given.at, "default").filter(|value| !value.is_null()) {
        return Some((value.clone(), "the schema of the create has this default".to_owned()));
    }
    let null = !given.required && property.required && view.is_nullable(&property.at);
    null.then(|| {
        (Value::Null, "a create may leave it out, rows always have it, and it may be null".to_owned())
    })
}

/// The filters of a list: where each parameter stands, and the property it selects by.
pub(super) fn filters(view: &View<'_>, one: &Found, call: &Call) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    for parameter in call.query().filter(|parameter| !asks_for_page(&parameter.name)) {
        let exact = one.row.get(&parameter.name).map(|property| (parameter.name.clone(), property));
        let property = exact.or_else(|| {
            let mut all = one.row.properties.iter();
            all.find(|(name, _)| words::same(name, &parameter.name))
                .map(|(name, known)| (name.clone(), known))
        });
        let Some((name, property)) = property.filter(|(_, property)| !property.write_only) else { continue };
        let (asked, shown) = (view.kind(&parameter.schema), view.kind(&property.at));
        let scalar = matches!(shown, Kind::Text | Kind::Integer | Kind::Number | Kind::Boolean);
        if scalar && asked == shown {
            let reason = format!("the parameter has the name and the type of the property {name}");
            found.push((parameter.at.clone(), name, reason));
        }
    }
    found
}
