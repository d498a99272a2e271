//! Alternatives: matched by what they are, wherever they stand and however they are written.

use std::collections::BTreeSet;

use schemas::canonical::{Covered, covers};
use schemas::{Document, excerpt, pointer};
use serde_json::{Map, Value, json};

use super::composition::{
    DISCRIMINATOR_CHANGED, REQUEST_ALTERNATIVE_ADDED, REQUEST_ALTERNATIVE_REMOVED,
    RESPONSE_ALTERNATIVE_ADDED, RESPONSE_ALTERNATIVE_REMOVED, answer, decided, tell_conditions, whole,
};
use super::types;
use crate::review::found::Found;
use crate::review::schema::{Branch, Pair, Start, TYPES, Union, View, unions};
use crate::review::verdict::Verdict;

/// Why one more alternative among those of its kind is harmless.
const TOLERATED: &str = "The promise lets alternatives be added as it does values; clients are to tolerate ones they do not know.";

/// Areas whose rules are about the values a schema admits.
const OF_VALUES: [&str; 5] = ["types", "values", "bounds", "composition", "properties"];
/// Keywords of schemas that other schemas stand below.
const OUTER: [&str; 9] = [
    "additionalProperties",
    "contains",
    "dependentSchemas",
    "items",
    "patternProperties",
    "prefixItems",
    "properties",
    "propertyNames",
    "unevaluatedProperties",
];

/// What changed about alternatives. True where all that is to be told of the two schemas has been told by that.
pub(in crate::review) fn compare(pair: &mut Pair<'_, '_>) -> bool {
    let (old, new) = (unions(&pair.base), unions(&pair.head));
    match (old.as_slice(), new.as_slice()) {
        ([], []) => {
            discriminator(pair, &old, &new, &[]);
            false
        }
        ([union], []) => against_one(pair, union, false),
        ([], [union]) => against_one(pair, union, true),
        _ if old.len() == new.len() => {
            let mut moved = Vec::new();
            for (old, new) in old.iter().zip(&new) {
                moved.extend(between(pair, old, new));
            }
            discriminator(pair, &old, &new, &moved);
            false
        }
        _ => {
            if !is_same(pair) {
                let keywords: BTreeSet<String> =
                    old.iter().chain(&new).map(|union| union.keyword.to_owned()).collect();
                tell_conditions(pair, &keywords.into_iter().collect::<Vec<_>>());
            }
            true
        }
    }
}

/// Takes back what was found about schemas that admit the same values all the same: what the one says of its alternatives
/// together, the other says in each; or by a type, and the other by a list of values or a step.
pub(in crate::review) fn silence(pair: &mut Pair<'_, '_>) {
    let is_beside = |found: &Found| {
        !OF_VALUES.contains(&found.rule.area) || std::ptr::eq(found.rule, &raw const DISCRIMINATOR_CHANGED)
    };
    if pair.found.iter().all(is_beside) {
        return;
    }
    let is_plain = |view: &View<'_>| {
        view.parts.iter().all(|part| !part.map.keys().any(|key| OUTER.contains(&key.as_str())))
    };
    let has_unions = !unions(&pair.base).is_empty() || !unions(&pair.head).is_empty();
    if (has_unions || is_plain(&pair.base) && is_plain(&pair.head)) && is_same(pair) {
        pair.found.retain(is_beside);
        pair.below.clear();
    }
}

/// Whether two schemas are proven to admit the same values, of objects with the same properties.
fn is_same(pair: &Pair<'_, '_>) -> bool {
    if properties(&pair.base) != properties(&pair.head) {
        return false;
    }
    match (whole(&pair.base), whole(&pair.head)) {
        (Some(old), Some(new)) => covers(&old, &new) == Covered::Yes && covers(&new, &old) == Covered::Yes,
        _ => false,
    }
}

/// The names of the properties that a schema describes, in all it is made of.
fn properties<'d>(view: &View<'d>) -> BTreeSet<&'d str> {
    let mut names = BTreeSet::new();
    for value in view.starts.iter().filter_map(|start| view.document.get(&start.pointer)) {
        collect(view.document, value, &mut names, 32);
    }
    names
}

fn collect<'d>(document: &'d Document, schema: &'d Value, names: &mut BTreeSet<&'d str>, depth: usize) {
    let Some(map) = schema.as_object().filter(|_| depth > 0) else { return };
    names.extend(
        map.get("properties").and_then(Value::as_object).into_iter().flat_map(Map::keys).map(String::as_str),
    );
    let target = map.get("$ref").and_then(Value::as_str).and_then(pointer::of_reference);
    if let Some(target) = target.and_then(|target| document.get(&target)) {
        collect(document, target, names, depth - 1);
    }
    for keyword in ["allOf", "anyOf", "oneOf"] {
        for branch in map.get(keyword).and_then(Value::as_array).into_iter().flatten() {
            collect(document, branch, names, depth - 1);
        }
    }
}

/// One schema on one side, alternatives on the other: it is one of them.
fn against_one(pair: &mut Pair<'_, '_>, union: &Union<'_>, of_head: bool) -> bool {
    if is_same(pair) {
        return true;
    }
    let (plain, other) = if of_head { (&pair.base, &pair.head) } else { (&pair.head, &pair.base) };
    let Some(chosen) = counterpart(pair, plain, union, of_head) else {
        tell_conditions(pair, &[union.keyword.to_owned()]);
        return true;
    };
    let rest: Vec<&Branch<'_>> =
        union.branches.iter().enumerate().filter(|(index, _)| *index != chosen).map(|(_, one)| one).collect();
    let answer = answer(pair.side, whole(&pair.base), whole(&pair.head));
    let own_types = types::types(plain);
    let has_listed = plain.parts.iter().any(|part| part.listed.is_some());
    let mut picked = other.starts.clone();
    if let Some(first) = picked.first_mut() {
        first.picked = Some(union.branches[chosen].start.pointer.clone());
    }
    let plain_starts = plain.starts.clone();
    let step = format!("{}:{}", union.keyword, union.branches[chosen].name);
    let had_null = types::types(plain);
    let had_null = had_null.contains("null") && had_null.len() <= TYPES.len();
    let names = [union.branches[chosen].name.clone()];
    let all = names_of(union);
    let (before, after) = if of_head { (&names[..], &all[..]) } else { (&all[..], &names[..]) };
    for branch in rest {
        // Where listed values become any of their type, that is a list that was opened.
        let is_tolerated = has_listed && branch.types.is_subset(&own_types);
        tell(pair, (union, branch), of_head, (before, after), &answer, is_tolerated);
    }
    let nulls = if of_head { (had_null, union.or_null) } else { (union.or_null, had_null) };
    null(pair, nulls, (before, after));
    let (old, new) = if of_head { (plain_starts, picked) } else { (picked, plain_starts) };
    pair.descend(step, old, new);
    true
}

/// The alternative that a schema is: the one that says the same, has its name, or else alone has its types.
fn counterpart(pair: &Pair<'_, '_>, plain: &View<'_>, union: &Union<'_>, of_head: bool) -> Option<usize> {
    let starts = &plain.starts;
    let same = |start: &Start, branch: &Branch<'_>| {
        let (one, other) = (start.pointer.as_str(), branch.start.pointer.as_str());
        if of_head { pair.both.equal(one, other) } else { pair.both.equal(other, one) }
    };
    let position = |test: &dyn Fn(&Branch<'_>) -> bool| union.branches.iter().position(test);
    if let [start] = starts.as_slice()
        && let Some(index) = position(&|branch| same(start, branch))
    {
        return Some(index);
    }
    let references: Vec<&str> =
        plain.parts.iter().filter_map(|part| part.map.get("$ref").and_then(Value::as_str)).collect();
    let referred = |branch: &Branch<'_>| {
        branch.reference.as_deref().is_some_and(|reference| references.contains(&reference))
    };
    if let Some(index) = position(&referred) {
        return Some(index);
    }
    let mut own = types::types(plain);
    own.remove("null");
    let alike: Vec<usize> = union
        .branches
        .iter()
        .enumerate()
        .filter(|(_, branch)| {
            branch.types.iter().copied().filter(|name| *name != "null").eq(own.iter().copied())
        })
        .map(|(index, _)| index)
        .collect();
    if let [index] = alike.as_slice() { Some(*index) } else { None }
}

fn names_of(union: &Union<'_>) -> Vec<String> {
    let mut names: Vec<String> = union.branches.iter().map(|branch| branch.name.clone()).collect();
    if union.or_null {
        names.push("null".to_owned());
    }
    names
}

/// Null came among the alternatives, or went.
fn null(pair: &mut Pair<'_, '_>, (was, is): (bool, bool), (before, after): (&[String], &[String])) {
    let Some(rule) = types::of_null(pair.side, was, is) else { return };
    let standing = pair.standing_of("null", "type");
    pair.tell_as(rule, "null", Some(json!(before)), Some(json!(after)), standing);
}

/// Two groups of alternatives; gives the references of those that came or went.
fn between(pair: &mut Pair<'_, '_>, old: &Union<'_>, new: &Union<'_>) -> Vec<String> {
    let (matched, gone, come) = matched(pair, old, new);
    for (one, other) in matched {
        let step = format!("{}:{}", new.keyword, other.name);
        pair.descend(step, vec![one.start.clone()], vec![other.start.clone()]);
    }
    if !pair.base.parts.iter().chain(&pair.head.parts).any(|part| part.map.contains_key("type")) {
        null(pair, (old.or_null, new.or_null), (&names_of(old), &names_of(new)));
    }
    if gone.is_empty() && come.is_empty() {
        // Alternatives that overlap exclude each other in the one and not in the other.
        if old.is_open != new.is_open && !(old.is_told_apart() && new.is_told_apart()) && !is_same(pair) {
            let keywords = BTreeSet::from([old.keyword.to_owned(), new.keyword.to_owned()]);
            tell_conditions(pair, &keywords.into_iter().collect::<Vec<_>>());
        }
        return Vec::new();
    }
    let answer = answer(pair.side, of_branches(&pair.base, old), of_branches(&pair.head, new));
    let moved = gone.iter().chain(&come).filter_map(|branch| branch.reference.clone()).collect();
    let is_rewritten = !gone.is_empty() && !come.is_empty();
    if is_rewritten
        && (answer == Covered::Yes || gone.iter().chain(&come).any(|branch| branch.is_condition()))
    {
        if !is_same(pair) {
            tell_conditions(pair, &[new.keyword.to_owned()]);
        }
        return moved;
    }
    let (before, after) = (names_of(old), names_of(new));
    for branch in gone {
        tell(pair, (old, branch), false, (&before, &after), &answer, false);
    }
    for branch in come {
        let is_tolerated = is_one_of_kind(old, branch);
        tell(pair, (new, branch), true, (&before, &after), &answer, is_tolerated);
    }
    moved
}

type Branches<'u, 'd> = Vec<&'u Branch<'d>>;

/// Finds alternatives of one side on the other: by reference, by what they say, by the value that tells them apart, by their
/// name, and where one is left on each side and its types fit, that. Those that went and those that came are what is left.
#[expect(clippy::type_complexity, reason = "three lists, each for one thing")]
fn matched<'u, 'd>(
    pair: &Pair<'_, '_>,
    old: &'u Union<'d>,
    new: &'u Union<'d>,
) -> (Vec<(&'u Branch<'d>, &'u Branch<'d>)>, Branches<'u, 'd>, Branches<'u, 'd>) {
    let mut gone: Branches<'u, 'd> = old.branches.iter().collect();
    let mut come: Branches<'u, 'd> = new.branches.iter().collect();
    let mut matched = Vec::new();
    let by: [&dyn Fn(&Branch<'_>, &Branch<'_>) -> bool; 4] = [
        &|one, other| one.reference.is_some() && one.reference == other.reference,
        &|one, other| pair.both.equal(&one.start.pointer, &other.start.pointer),
        &|one, other| one.mark.is_some() && one.mark == other.mark,
        &|one, other| {
            one.name == other.name && one.name.parse::<usize>().is_err() && one.types == other.types
        },
    ];
    for same in by {
        gone.retain(|one| match come.iter().position(|other| same(one, other)) {
            Some(index) => {
                matched.push((*one, come.remove(index)));
                false
            }
            None => true,
        });
    }
    let fits = |one: &Branch<'_>, other: &Branch<'_>| {
        let differ = one.mark.is_some() && other.mark.is_some();
        !differ && !one.is_condition() && !other.is_condition() && !one.types.is_disjoint(&other.types)
    };
    // What is left one to one is taken for the same alternative, changed.
    if gone.len() == come.len() && gone.iter().zip(&come).all(|(one, other)| fits(one, other)) {
        matched.extend(gone.drain(..).zip(come.drain(..)));
    }
    (matched, gone, come)
}

/// Tells that an alternative came or went; one that is tolerated is no news to a client that keeps to the promise.
fn tell(
    pair: &mut Pair<'_, '_>,
    (union, branch): (&Union<'_>, &Branch<'_>),
    is_new: bool,
    (before, after): (&[String], &[String]),
    answer: &Covered,
    is_tolerated: bool,
) {
    let rule = if is_new {
        pair.pick(&REQUEST_ALTERNATIVE_ADDED, &RESPONSE_ALTERNATIVE_ADDED)
    } else {
        pair.pick(&REQUEST_ALTERNATIVE_REMOVED, &RESPONSE_ALTERNATIVE_REMOVED)
    };
    let standing = pair.standing_of(union.keyword, union.keyword);
    let mut found = Found::new(rule, format!("{} {}", union.keyword, branch.name))
        .values(Some(json!(before)), Some(json!(after)))
        .standing(standing);
    let own = branch.start.pointer.clone();
    found = if is_new {
        found.was_at(pair.base.place_of(union.keyword)).now_at(own)
    } else {
        found.was_at(own).now_at(pair.head.place_of(union.keyword))
    };
    // One more alternative, or one less, takes nothing away where they do not exclude each other.
    let is_harmless = rule.verdict == Verdict::Allowed && (union.is_open || union.is_told_apart());
    let is_tolerated = is_tolerated && is_new && rule.verdict == Verdict::Breaking;
    found.decided = match decided(pair.side, answer) {
        _ if is_harmless => None,
        Some((Verdict::Allowed, why)) => Some((Verdict::Allowed, why)),
        _ if is_tolerated => Some((Verdict::Allowed, TOLERATED.to_owned())),
        None if rule.verdict == Verdict::Allowed => Some((
            Verdict::Unclear,
            "Whether the alternatives overlap, and so exclude each other, cannot be decided.".to_owned(),
        )),
        decided => decided,
    };
    pair.found.push(found);
}

/// Whether an alternative is one more of a kind of which there were several: objects beside objects, constants beside constants.
fn is_one_of_kind(union: &Union<'_>, branch: &Branch<'_>) -> bool {
    let is_constant =
        |branch: &Branch<'_>| branch.value.get("const").is_some() || branch.value.get("enum").is_some();
    let is_object = |branch: &Branch<'_>| branch.types.iter().eq(["object"].iter());
    let alike = union.branches.iter().filter(|known| {
        is_object(known) && is_object(branch)
            || is_constant(known) && is_constant(branch) && branch.types.is_subset(&known.types)
    });
    alike.count() > usize::from(is_object(branch))
}

/// The alternatives of a group as one schema that stands on its own.
fn of_branches(view: &View<'_>, union: &Union<'_>) -> Option<Value> {
    let starts: Vec<&str> = union.branches.iter().map(|branch| branch.start.pointer.as_str()).collect();
    let mut schema = excerpt(view.document, view.side, &starts)?;
    let list = schema.as_object_mut()?.remove("allOf")?;
    let keyword = if union.is_open { "anyOf" } else { "oneOf" };
    schema.as_object_mut()?.insert(keyword.to_owned(), list);
    Some(schema)
}

/// What changed about how alternatives are told apart; values of alternatives that came or went have been told with those.
fn discriminator(pair: &mut Pair<'_, '_>, old: &[Union<'_>], new: &[Union<'_>], moved: &[String]) {
    let of = |view: &View<'_>, unions: &[Union<'_>]| -> Option<(String, Value)> {
        let own = view
            .stated("discriminator")
            .map(|(part, value)| (pointer::join(&part.pointer, "discriminator"), value.clone()));
        own.or_else(|| {
            let mut nested = unions.iter().flat_map(|union| &union.discriminators);
            nested.next().map(|(at, value)| (at.clone(), (*value).clone()))
        })
    };
    let (was, is) = (of(&pair.base, old), of(&pair.head, new));
    let property =
        |one: &Option<(String, Value)>| one.as_ref().map(|(_, value)| value.get("propertyName").cloned());
    let mapping = |one: &Option<(String, Value)>| -> Map<String, Value> {
        let stated = one.as_ref().and_then(|(_, value)| value.get("mapping")?.as_object().cloned());
        let mut stated = stated.unwrap_or_default();
        let is_implied = |key: &str, target: &Value| {
            target.as_str().is_some_and(|target| target == key || target.ends_with(&format!("/{key}")))
        };
        let has_moved = |target: &Value| {
            target.as_str().is_some_and(|target| {
                moved.iter().any(|known| known == target || known.ends_with(&format!("/{target}")))
            })
        };
        stated.retain(|key, target| !is_implied(key, target) && !has_moved(target));
        stated
    };
    let (before, after) = (mapping(&was), mapping(&is));
    let is_kept = property(&was) == property(&is);
    if is_kept && before == after {
        return;
    }
    let place = |one: &Option<(String, Value)>, view: &View<'_>| {
        one.as_ref().map_or_else(|| view.place().to_owned(), |(at, _)| at.clone())
    };
    let mut found = Found::new(&DISCRIMINATOR_CHANGED, "discriminator")
        .was_at(place(&was, &pair.base))
        .now_at(place(&is, &pair.head))
        .standing(pair.standing_of("discriminator", "discriminator"))
        .values(was.map(|(_, value)| value), is.map(|(_, value)| value));
    if is_kept && before.iter().all(|(key, target)| after.get(key) == Some(target)) {
        found.decided = Some((Verdict::Allowed, TOLERATED.to_owned()));
    }
    pair.found.push(found);
}
