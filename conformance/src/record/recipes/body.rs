//! Bodies with exactly one thing wrong.

use serde_json::Value;

use crate::contract::{Api, Operation};
use crate::generate::{Change, Extent, Wrong};
use crate::law::all_wrongs;
use crate::record::recipe::Recipe;
use crate::scenario::{CaseContext, CaseError};

/// Texts that are no body: a name, words, and the text; `None` for nothing at all.
const TEXTS: [(&str, &str, Option<&str>); 5] = [
    ("body-cut-short", "a body that is cut short", Some("{\"a\": ")),
    ("body-no-json", "a body that is no JSON", Some("name=a")),
    ("body-array", "a body that is an array", Some("[]")),
    ("body-null", "a body that is null", Some("null")),
    ("body-missing", "no body", None),
];

pub(super) fn recipes(api: &Api) -> Vec<Recipe> {
    let mut found = Vec::new();
    for op in api.operations.iter().filter(|op| op.body.is_some() && api.reachable(op)) {
        for wrong in all_wrongs(api, op) {
            found.push(with(api, op, wrong));
        }
        for (name, class, text) in TEXTS {
            found.extend(without(api, op, name, class, text));
        }
    }
    found
}

fn with(api: &Api, op: &Operation, wrong: Wrong) -> Recipe {
    let target = op.clone();
    let name = format!("{}-{}", wrong.path(), wrong.label);
    let class = described(&wrong);
    Recipe::refusal(op, name, class, async move |cx: &mut CaseContext| {
        let request = cx.request_to(&target)?;
        let mut body = cx.body(&target, Extent::Minimal)?.0;
        wrong.apply(&mut body);
        let valid = |body: &Value| target.body.as_ref().is_some_and(|own| own.schema.is_valid(body));
        if valid(&Value::Object(body.clone())) {
            return Err(CaseError::NotJudged("the body is valid after all".to_owned()));
        }
        cx.send(request.json(body)).await
    })
    .naming(api)
}

fn without(
    api: &Api,
    op: &Operation,
    name: &'static str,
    class: &'static str,
    text: Option<&'static str>,
) -> Option<Recipe> {
    let body = op.body.as_ref()?;
    let parsed = text.map_or(Some(Value::Null), |text| serde_json::from_str(text).ok());
    let fine = match text {
        None => !body.required,
        Some(_) => parsed.is_some_and(|value| body.schema.is_valid(&value)),
    };
    if fine {
        return None;
    }
    let target = op.clone();
    let recipe = Recipe::refusal(op, name, class, async move |cx: &mut CaseContext| {
        let request = cx.request_to(&target)?;
        cx.send(text.map_or_else(|| request.clone(), |text| request.clone().raw(text))).await
    });
    Some(recipe.naming(api))
}

fn described(wrong: &Wrong) -> String {
    let (name, item) = match wrong.label.strip_prefix("item-") {
        Some(_) => (format!("an item of {}", wrong.path()), true),
        None => (wrong.path(), false),
    };
    let label = wrong.label.strip_prefix("item-").filter(|_| item).unwrap_or(&wrong.label);
    match (&wrong.change, label) {
        (Change::Remove, _) => format!("a body without {name}"),
        (_, "null") => format!("{name} is null"),
        (_, "type") => format!("{name} is of another type"),
        (_, "fraction") => format!("{name} is not whole"),
        (_, "not-a-member") => format!("{name} is no member of its list"),
        (_, "too-short") => format!("{name} is one character too short"),
        (_, "too-long") => format!("{name} is one character too long"),
        (_, "too-small") => format!("{name} is just under its least"),
        (_, "too-big") => format!("{name} is just over its most"),
        (_, "too-many") => format!("{name} has one item too many"),
        (_, "format") => format!("{name} is not in its format"),
        (_, "pattern") => format!("{name} does not fit its pattern"),
        (_, other) => format!("{name} is wrong: {other}"),
    }
}
