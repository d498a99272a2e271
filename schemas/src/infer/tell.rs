//! What was found, as statements in the vocabulary.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value, json};

use super::calls::{Call, Step, key_of};
use super::fields;
use super::find::{Act, Found, annotated};
use super::pages;
use super::statement::Statement;
use super::view::{Kind, View};
use super::words;
use crate::vocabulary::Standing;

struct Teller<'a, 'd> {
    view: &'a View<'d>,
    calls: &'a [Call],
    found: &'a [Found],
    /// The names by which resources are known, where they have one of their own.
    names: HashMap<&'a str, String>,
    statements: Vec<Statement>,
    /// What is said already: schemas are shared.
    said: HashSet<String>,
}

/// Everything that was found, but for what the description says itself.
pub(super) fn statements(view: &View<'_>, calls: &[Call], found: &[Found]) -> Vec<Statement> {
    let own = |one: &Found| annotated(view, one).and_then(|own| own.get("name")?.as_str().map(str::to_owned));
    let names =
        found.iter().map(|one| (one.key.as_str(), own(one).unwrap_or_else(|| one.name.clone()))).collect();
    let mut teller = Teller { view, calls, found, names, statements: Vec::new(), said: HashSet::new() };
    for one in found {
        if teller.agrees(one) {
            teller.resource(one);
        }
    }
    for one in found {
        if teller.agrees(one) {
            teller.filters(one);
        }
    }
    teller.statements
}

impl Teller<'_, '_> {
    fn name(&self, one: &Found) -> String {
        self.names.get(one.key.as_str()).cloned().unwrap_or_else(|| one.name.clone())
    }

    fn say(&mut self, target: &str, key: &str, value: Value, standing: Standing, reason: impl Into<String>) {
        let at = format!("{target}{key}");
        if self.said.insert(at) {
            let (target, key, reason) = (target.to_owned(), key.to_owned(), reason.into());
            self.statements.push(Statement { target, key, value, standing, reason });
        }
    }

    /// Whether what is found agrees with what the description says itself of the same operations.
    fn agrees(&self, one: &Found) -> bool {
        let name = self.name(one);
        let own_id = annotated(self.view, one).and_then(|own| own.pointer("/identity/id")?.as_str());
        let stated = one.acts.iter().filter_map(|act| self.calls[act.call].annotated.as_ref());
        own_id.is_none_or(|id| id == one.identity.property)
            && stated.clone().all(|role| {
                role.get("resource").and_then(Value::as_str) == Some(&name)
                    || role.get("action").and_then(Value::as_str) == Some("other")
            })
    }

    fn owner<'s>(&'s self, one: &Found) -> Option<&'s Found> {
        let key = one.owner.as_deref()?;
        self.found.iter().find(|other| other.key == key)
    }

    fn resource(&mut self, one: &Found) {
        let name = self.name(one);
        if annotated(self.view, one).is_none() {
            self.kind(one, &name);
        }
        for act in &one.acts {
            if self.calls[act.call].annotated.is_none() {
                self.act(one, act, &name);
            }
        }
    }

    /// What is said of the schema of the rows.
    fn kind(&mut self, one: &Found, name: &str) {
        // A schema is of one resource: where another has it, the place where it is used stands for it.
        let taken = self.said.contains(&format!("{}/x-contract-resource", one.row.anchor));
        let target = if taken { one.used.clone() } else { one.row.anchor.clone() };
        let mut identity = json!({"id": one.identity.property});
        if one.natural {
            identity["assigned"] = json!("client");
        }
        let made = one.acts.iter().find(|act| act.action == "create" || act.action == "upsert");
        let made = made.map(|act| self.calls[act.call].name()).unwrap_or_default();
        let natural = if one.natural { ", which the creator gives" } else { "" };
        let reason = format!(
            "{made} makes such rows; they are named by {}{natural}: {}",
            one.identity.property, one.identity.reason
        );
        let inferred = Standing::Inferred;
        let value = json!({"name": name, "standing": inferred, "identity": identity});
        self.say(&target, "/x-contract-resource", value, inferred, reason);
        for (key, field) in
            [("created", fields::created(self.view, one)), ("updated", fields::updated(self.view, one))]
        {
            if let Some(field) = field {
                let reason = format!("{field} is a time, and no create takes it");
                self.say(&target, &format!("/x-contract-resource/{key}"), json!(field), inferred, reason);
            }
        }
        if let Some((owner, parent, reason)) = self.parent(one) {
            let mut value = json!({ "resource": owner });
            if let Some(field) = parent {
                value["field"] = json!(field);
            }
            self.say(&target, "/x-contract-resource/parent", value, inferred, reason);
        }
        let documented = |action: &str| {
            let mut acts = one.acts.iter().filter(|act| act.action == action);
            acts.find(|act| self.calls[act.call].refuses("404")).map(|act| self.calls[act.call].name())
        };
        let (standing, reason) = match documented("read") {
            Some(read) => (inferred, format!("{read} has a 404")),
            None => {
                (Standing::Assumed, "a row that is not there cannot be read; no 404 is described".to_owned())
            }
        };
        let value = json!({"status": 404, "standing": standing, "refused": inferred});
        self.say(&target, "/x-contract-resource/not_found", value, standing, reason);
        self.deletion(one, &target, documented("delete"));
        for said in fields::fields(self.view, one) {
            let own = self.view.document.get(&format!("{}/x-contract-field", said.at));
            if own.is_none() {
                self.say(&said.at, said.key, said.value, said.standing, said.reason);
            }
        }
    }

    fn deletion(&mut self, one: &Found, target: &str, unknown: Option<String>) {
        let has = |action: &str| one.acts.iter().any(|act| act.action == action);
        if !has("delete") {
            return;
        }
        let inferred = Standing::Inferred;
        let mut say = |key: &str, standing: Standing, reason: String| {
            self.say(
                target,
                &format!("/x-contract-resource/deletion/{key}"),
                json!(standing),
                standing,
                reason,
            );
        };
        if has("read") {
            say("read_gone", inferred, "a row that is deleted is gone".to_owned());
        }
        if has("list") {
            say("unlisted", inferred, "a row that is deleted is gone".to_owned());
        }
        if let Some(delete) = unknown {
            say("unknown", Standing::Assumed, format!("{delete} has a 404"));
        }
        if self.found.iter().any(|other| other.owner.as_deref() == Some(&one.key)) {
            self.say(
                target,
                "/x-contract-resource/deletion/children_unlisted",
                json!(Standing::Assumed),
                Standing::Assumed,
                "rows under the path of a row go with it",
            );
        }
    }

    /// The owner of the rows, the property that names it, and why.
    fn parent(&self, one: &Found) -> Option<(String, Option<String>, String)> {
        let owner = self.owner(one)?;
        let name = self.name(owner);
        let mut wanted = vec![owner.words.concat()];
        for rest in ["id", "uuid", "guid", "gid", "key", "slug"] {
            wanted.push(format!("{}{rest}", owner.words.concat()));
        }
        wanted.push(format!("{}{}", owner.words.concat(), words::words(&owner.identity.property).concat()));
        let scalar = |at: &str| matches!(self.view.kind(at), Kind::Text | Kind::Integer | Kind::Number);
        let field = one.row.properties.iter().find(|(name, property)| {
            **name != one.identity.property
                && wanted.contains(&words::words(name).concat())
                && scalar(&property.at)
        });
        let field = field.map(|(name, _)| name.clone());
        let reason = match &field {
            Some(field) => format!("their path begins with that of one {name}, which {field} names"),
            None => format!("their path begins with that of one {name}"),
        };
        Some((name, field, reason))
    }

    /// What is said of an operation.
    fn act(&mut self, one: &Found, act: &Act, name: &str) {
        let call = &self.calls[act.call];
        let inferred = Standing::Inferred;
        let mut value = Map::new();
        value.insert("resource".to_owned(), json!(name));
        value.insert("action".to_owned(), json!(act.action));
        value.insert("standing".to_owned(), json!(inferred));
        let mut reasons = vec![act.reason.clone()];
        if !act.row.is_empty() && act.action != "list" {
            value.insert("row".to_owned(), json!(act.row));
            reasons.push(format!("the row stands at {} of the answer", act.row));
        }
        if !act.body_row.is_empty() {
            value.insert("body_row".to_owned(), json!(act.body_row));
            reasons.push(format!("and at {} of the body", act.body_row));
        }
        if act.location {
            value.insert("location".to_owned(), json!(true));
            reasons.push("Location is all that it answers".to_owned());
        }
        let owners = self.owners(one, call);
        if let Some((nearest, others)) = owners.split_first() {
            let mut parent = json!({ "parameter": nearest });
            if !others.is_empty() {
                parent["ancestors"] = json!(others);
            }
            value.insert("parent".to_owned(), parent);
        }
        if !matches!(act.action, "list" | "create")
            && let Some(Step::Parameter(key)) = call.steps.last()
            && call.steps.iter().filter(|step| matches!(step, Step::Parameter(_))).count() > owners.len() + 1
        {
            value.insert("key".to_owned(), json!(key));
        }
        self.say(&call.at, "/x-contract-operation", Value::Object(value), inferred, reasons.join("; "));
        let whole = self.view.document.get("/x-contract/pagination").is_some();
        if act.action == "list" && !whole {
            let (rule, reason) = pages::pages(self.view, call, &act.row);
            self.say(&call.at, "/x-contract-operation/pages", rule, Standing::Assumed, reason);
        }
    }

    /// The parameters of a path that name owners, the nearest first.
    fn owners(&self, one: &Found, call: &Call) -> Vec<String> {
        let mut owners = Vec::new();
        let mut owner = self.owner(one);
        for _ in 0..8 {
            let Some(found) = owner else { break };
            let count = found.key.matches('/').count();
            let prefix = call.steps.get(..count).filter(|prefix| key_of(prefix) == found.key);
            // The path of the row itself is none of its owner's.
            if prefix.is_none() || count == call.steps.len() {
                break;
            }
            if let Some(Step::Parameter(name)) = prefix.and_then(<[Step]>::last) {
                owners.push(name.clone());
            }
            owner = self.owner(found);
        }
        owners
    }

    /// The filters of lists. A parameter that several operations share selects by a property that all their rows have.
    fn filters(&mut self, one: &Found) {
        for act in one.acts.iter().filter(|act| act.action == "list") {
            let call = &self.calls[act.call];
            if call.annotated.is_some() {
                continue;
            }
            for (at, field, reason) in fields::filters(self.view, one, call) {
                let own = self.view.document.get(&format!("{at}/x-contract-filter"));
                if own.is_none() && self.all_have(&at, &field) {
                    let value = json!({"field": field, "standing": Standing::Assumed});
                    self.say(&at, "/x-contract-filter", value, Standing::Assumed, reason);
                }
            }
        }
    }

    fn all_have(&self, parameter: &str, field: &str) -> bool {
        self.calls.iter().enumerate().all(|(index, call)| {
            let used = call.parameters.iter().any(|known| known.at == parameter);
            let acting = self.found.iter().filter(|one| one.acts.iter().any(|act| act.call == index));
            !used || (call.annotated.is_none() && acting.clone().all(|one| one.row.get(field).is_some()))
        })
    }
}
