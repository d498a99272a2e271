//! Alternatives and conditions: what only set arithmetic on schemas can decide.

use schemas::canonical::{Covered, covers};
use schemas::{Side, excerpt, pointer};
use serde_json::{Value, json};

use crate::review::found::Found;
use crate::review::rule::rules;
use crate::review::schema::{Pair, Start, View};
use crate::review::verdict::Verdict;

rules! {
    area "composition";
    REQUEST_ALTERNATIVE_ADDED = "request-alternative-added", Allowed, Request, "one more alternative is accepted",
        "What a client sends today is still accepted.",
        known "request-body-one-of-added", reverse ["request-alternative-removed"];
    REQUEST_ALTERNATIVE_REMOVED = "request-alternative-removed", Breaking, Request, "an alternative is no longer accepted",
        "A client that sends it is refused.",
        known "request-body-one-of-removed", reverse ["request-alternative-added"];
    RESPONSE_ALTERNATIVE_ADDED = "response-alternative-added", Breaking, Response, "one more alternative may be answered",
        "A client meets a form of answer that it does not know.",
        known "response-body-one-of-added", reverse ["response-alternative-removed"];
    RESPONSE_ALTERNATIVE_REMOVED = "response-alternative-removed", Allowed, Response, "an alternative is no longer answered",
        "Every answer is one that clients read already.",
        known "response-body-one-of-removed", reverse ["response-alternative-added"];
    REQUEST_CONDITIONS_CHANGED = "request-conditions-changed", Unclear, Request, "what is accepted is put in other words, or changed",
        "Whether everything that was accepted still is cannot be decided.",
        reverse ["request-conditions-changed"];
    RESPONSE_CONDITIONS_CHANGED = "response-conditions-changed", Unclear, Response, "what is answered is put in other words, or changed",
        "Whether every answer was possible before cannot be decided.",
        reverse ["response-conditions-changed"];
    DISCRIMINATOR_CHANGED = "discriminator-changed", Unclear, Both, "the discriminator of alternatives changed",
        "Generated clients pick the type by it; whether the values on the wire moved has to be looked at.",
        known "request-body-discriminator-mapping-changed", reverse ["discriminator-changed"];
}

/// Keywords that rules of their own understand, or that say nothing of a value.
const UNDERSTOOD: [&str; 43] = [
    "$comment",
    "$defs",
    "$id",
    "$ref",
    "$schema",
    "additionalProperties",
    "allOf",
    "anyOf",
    "const",
    "contentEncoding",
    "contentMediaType",
    "default",
    "definitions",
    "deprecated",
    "description",
    "discriminator",
    "enum",
    "example",
    "examples",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "externalDocs",
    "format",
    "items",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "oneOf",
    "pattern",
    "properties",
    "readOnly",
    "required",
    "title",
    "type",
    "uniqueItems",
    "writeOnly",
    "xml",
];

/// More alternatives than this are matched by name and place alone.
const MOST_MATCHED: usize = 24;

/// What changed about alternatives, conditions, and any keyword that no other rule understands.
pub(in crate::review) fn compare(pair: &mut Pair<'_, '_>) {
    discriminator(pair);
    let mut changed = conditions(pair);
    let (old, new) = (groups(&pair.base), groups(&pair.head));
    let alike = old.len() == new.len() && old.iter().zip(&new).all(|(old, new)| old.keyword == new.keyword);
    if alike {
        for (old, new) in old.iter().zip(&new) {
            alternatives(pair, old, new);
        }
    } else {
        let keywords =
            |groups: &[Group]| groups.iter().map(|group| group.keyword.to_owned()).collect::<Vec<_>>();
        changed.extend(keywords(&old).into_iter().chain(keywords(&new)));
    }
    if pair.base.never != pair.head.never {
        changed.push("false".to_owned());
    }
    changed.sort_unstable();
    changed.dedup();
    if !changed.is_empty() {
        tell_conditions(pair, &changed);
    }
}

fn discriminator(pair: &mut Pair<'_, '_>) {
    let of = |view: &View<'_>| view.stated("discriminator").map(|(_, value)| value.clone());
    let (before, after) = (of(&pair.base), of(&pair.head));
    if before != after {
        pair.tell(&DISCRIMINATOR_CHANGED, "discriminator", before, after);
    }
}

/// The keywords no rule understands whose statements differ.
fn conditions(pair: &Pair<'_, '_>) -> Vec<String> {
    let is_other = |key: &str| !UNDERSTOOD.contains(&key) && !key.starts_with("x-");
    let keys = |view: &View<'_>| -> Vec<String> {
        let all = view.parts.iter().flat_map(|part| part.map.keys());
        all.filter(|key| is_other(key)).cloned().collect()
    };
    let mut keywords = keys(&pair.base);
    keywords.extend(keys(&pair.head));
    keywords.sort_unstable();
    keywords.dedup();
    keywords.retain(|keyword| {
        let places = |view: &View<'_>| -> Vec<String> {
            view.all_stated(keyword).map(|(part, _)| pointer::join(&part.pointer, keyword)).collect()
        };
        let (old, new) = (places(&pair.base), places(&pair.head));
        old.len() != new.len() || !old.iter().zip(&new).all(|(old, new)| pair.both.equal(old, new))
    });
    keywords
}

fn tell_conditions(pair: &mut Pair<'_, '_>, keywords: &[String]) {
    let value = |view: &View<'_>| {
        let stated = keywords.iter().filter_map(|key| Some((key.clone(), view.stated(key)?.1.clone())));
        let all: serde_json::Map<String, Value> = stated.collect();
        (!all.is_empty()).then(|| Value::Object(all))
    };
    let (before, after) = (value(&pair.base), value(&pair.head));
    let rule = pair.pick(&REQUEST_CONDITIONS_CHANGED, &RESPONSE_CONDITIONS_CHANGED);
    let first = keywords.first().map_or("", String::as_str);
    let standing = pair.standing_of(first, first);
    let whole = |view: &View<'_>| {
        let starts: Vec<&str> = view.starts.iter().map(|start| start.pointer.as_str()).collect();
        excerpt(view.document, view.side, &starts)
    };
    let answer = answer(pair.side, whole(&pair.base), whole(&pair.head));
    let mut found = Found::new(rule, keywords.join(", "))
        .values(before, after)
        .was_at(pair.base.place_of(first))
        .now_at(pair.head.place_of(first))
        .standing(standing);
    found.decided = decided(pair.side, &answer);
    pair.found.push(found);
}

/// Whether the side that must not lose anything does not.
fn answer(side: Side, old: Option<Value>, new: Option<Value>) -> Covered {
    match (side, old, new) {
        (Side::Request, Some(old), Some(new)) => covers(&new, &old),
        (Side::Response, Some(old), Some(new)) => covers(&old, &new),
        _ => Covered::Unknown,
    }
}

fn decided(side: Side, answer: &Covered) -> Option<(Verdict, String)> {
    let (safe, lost) = match side {
        Side::Request => (
            "Every value that was accepted still is: proven.",
            "Some values that were accepted no longer are: proven",
        ),
        Side::Response => (
            "Every value that is answered could be before: proven.",
            "Some values may be answered that could not be before: proven",
        ),
    };
    match answer {
        Covered::Yes => Some((Verdict::Allowed, safe.to_owned())),
        Covered::No { lost: Some(schema) } if schema.to_string().len() <= 120 => {
            Some((Verdict::Breaking, format!("{lost}, those of {schema}.")))
        }
        Covered::No { .. } => Some((Verdict::Breaking, format!("{lost}."))),
        Covered::Unknown => None,
    }
}

/// Alternatives that stand together.
#[derive(Debug)]
struct Group {
    keyword: &'static str,
    branches: Vec<Branch>,
}

#[derive(Debug, Clone)]
struct Branch {
    start: Start,
    /// The last word of its reference, its title, or its position.
    name: String,
    reference: Option<String>,
}

fn groups(view: &View<'_>) -> Vec<Group> {
    let mut groups = Vec::new();
    for part in view.parts.iter().filter(|part| !part.folded) {
        for keyword in ["anyOf", "oneOf"] {
            let Some(Value::Array(list)) = part.map.get(keyword) else { continue };
            let branches = list.iter().enumerate().map(|(index, branch)| {
                let reference = branch.get("$ref").and_then(Value::as_str).map(str::to_owned);
                let name = reference
                    .as_deref()
                    .and_then(|reference| reference.rsplit('/').next())
                    .or_else(|| branch.get("title").and_then(Value::as_str))
                    .map_or_else(|| index.to_string(), str::to_owned);
                let pointer = format!("{}/{keyword}/{index}", part.pointer);
                Branch { start: Start { pointer, context: part.context }, name, reference }
            });
            groups.push(Group { keyword, branches: branches.collect() });
        }
    }
    groups
}

fn alternatives(pair: &mut Pair<'_, '_>, old: &Group, new: &Group) {
    let mut gone: Vec<Branch> = old.branches.clone();
    let mut come: Vec<Branch> = new.branches.clone();
    let mut matched: Vec<(Branch, Branch)> = Vec::new();
    let mut take =
        |gone: &mut Vec<Branch>, come: &mut Vec<Branch>, same: &dyn Fn(&Branch, &Branch) -> bool| {
            let mut rest = Vec::new();
            for branch in gone.drain(..) {
                match come.iter().position(|other| same(&branch, other)) {
                    Some(index) => matched.push((branch, come.remove(index))),
                    None => rest.push(branch),
                }
            }
            *gone = rest;
        };
    take(&mut gone, &mut come, &|one, other| one.reference.is_some() && one.reference == other.reference);
    if gone.len() <= MOST_MATCHED && come.len() <= MOST_MATCHED {
        take(&mut gone, &mut come, &|one, other| pair.both.equal(&one.start.pointer, &other.start.pointer));
    }
    // What is left one to one is taken for the same alternative, changed.
    if gone.len() == come.len() {
        matched.extend(gone.drain(..).zip(come.drain(..)));
    }
    for (one, other) in matched {
        pair.descend(format!("{}:{}", new.keyword, other.name), vec![one.start], vec![other.start]);
    }
    if gone.is_empty() && come.is_empty() {
        return;
    }
    let side = pair.side;
    let answer = answer(side, of_branches(&pair.base, old), of_branches(&pair.head, new));
    let names = |group: &Group| {
        Some(json!(group.branches.iter().map(|branch| branch.name.clone()).collect::<Vec<_>>()))
    };
    for (is_new, branch) in gone.iter().map(|one| (false, one)).chain(come.iter().map(|one| (true, one))) {
        let rule = if is_new {
            pair.pick(&REQUEST_ALTERNATIVE_ADDED, &RESPONSE_ALTERNATIVE_ADDED)
        } else {
            pair.pick(&REQUEST_ALTERNATIVE_REMOVED, &RESPONSE_ALTERNATIVE_REMOVED)
        };
        let standing = pair.standing_of(old.keyword, old.keyword);
        let mut found = Found::new(rule, format!("{} {}", new.keyword, branch.name))
            .values(names(old), names(new))
            .was_at(if is_new { pair.base.place_of(old.keyword) } else { branch.start.pointer.clone() })
            .now_at(if is_new { branch.start.pointer.clone() } else { pair.head.place_of(new.keyword) })
            .standing(standing);
        // One more arm of an anyOf takes nothing away; that of a oneOf may, where arms overlap.
        let harmless = rule.verdict == Verdict::Allowed && new.keyword == "anyOf";
        found.decided = match decided(side, &answer) {
            _ if harmless => None,
            None if rule.verdict == Verdict::Allowed => Some((
                Verdict::Unclear,
                "Whether the alternatives overlap, and so exclude each other, cannot be decided.".to_owned(),
            )),
            decided => decided,
        };
        pair.found.push(found);
    }
}

/// The alternatives of a group as one schema that stands on its own.
fn of_branches(view: &View<'_>, group: &Group) -> Option<Value> {
    let starts: Vec<&str> = group.branches.iter().map(|branch| branch.start.pointer.as_str()).collect();
    let mut schema = excerpt(view.document, view.side, &starts)?;
    let list = schema.as_object_mut()?.remove("allOf")?;
    schema.as_object_mut()?.insert(group.keyword.to_owned(), list);
    Some(schema)
}
