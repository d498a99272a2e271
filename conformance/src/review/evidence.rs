//! Whether a change of the contract explains what was observed, and whether records show that it was not delivered.
//!
//! A change explains an observation only where it says that very thing: of that status, header, property or value, at that
//! place and in that direction. A value that was refused and is accepted, or the other way round, is explained where the
//! schema of what is sent accepts it on one side and not on the other.

use schemas::{Contract, ErrorPointers, Fault, Operation, StatusPattern, pointer};
use serde_json::Value;

use super::behaviour::{Observed, Records, kind};
use super::change::Change;
use super::rules;
use super::verdict::Verdict;
use crate::record::Record;

/// Rules by which what was accepted is refused.
const CLOSING: [&str; 5] = [
    "deleted-value-kept",
    "field-became-unique",
    "reference-added",
    "reference-changed",
    "unique-scope-widened",
];
/// Rules by which what was refused is accepted.
const OPENING: [&str; 5] = [
    "deleted-value-freed",
    "field-no-longer-unique",
    "reference-changed",
    "reference-removed",
    "unique-scope-narrowed",
];

/// What is known of both sides.
pub(super) struct Evidence<'e> {
    pub(super) base: &'e Contract,
    pub(super) head: &'e Contract,
    pub(super) before: &'e Records,
    pub(super) after: &'e Records,
}

/// Where a change of what is answered stands.
struct Place<'c> {
    status: StatusPattern,
    /// `body` or `header`.
    part: &'c str,
    /// The steps of the body without those into alternatives, or the name of the header.
    steps: Vec<String>,
}

/// The place that the subject of a change names: `response 200 body /a/*/b maxLength`, `response 200 header X-A`.
fn place(change: &Change) -> Option<Place<'_>> {
    let mut words = change.subject.strip_prefix("response ")?.split(' ');
    let status = StatusPattern::parse(words.next()?)?;
    let part = words.next()?;
    let steps = match part {
        "header" => vec![words.next()?.to_ascii_lowercase()],
        "body" => {
            let path = words.find(|word| word.starts_with('/')).unwrap_or_default();
            pointer::tokens(path).filter(|step| !is_alternative(step)).collect()
        }
        _ => return None,
    };
    Some(Place { status, part, steps })
}

fn is_alternative(step: &str) -> bool {
    step.starts_with("anyOf:") || step.starts_with("oneOf:")
}

/// Whether the steps of a contract lead to a place in a body: `*` is any step.
fn leads(steps: &[String], path: &str) -> bool {
    let path: Vec<String> = pointer::tokens(path).collect();
    steps.len() == path.len() && steps.iter().zip(&path).all(|(step, own)| step == "*" || step == own)
}

/// The values of a body to which the steps of a contract lead.
fn reached<'v>(steps: &[String], body: &'v Value) -> Vec<&'v Value> {
    let Some((first, rest)) = steps.split_first() else { return vec![body] };
    let next: Vec<&Value> = match body {
        Value::Object(map) if first == "*" => map.values().collect(),
        Value::Object(map) => map.get(first).into_iter().collect(),
        Value::Array(list) => list.iter().collect(),
        _ => Vec::new(),
    };
    next.into_iter().flat_map(|value| reached(rest, value)).collect()
}

fn area(change: &Change) -> &'static str {
    rules::find(&change.rule).map_or("", |rule| rule.area)
}

/// The last step that the subject of a change names, keywords apart: the property or parameter that it is about.
fn about(change: &Change) -> Option<String> {
    let subject = &change.subject;
    if let Some((_, rest)) = subject.split_once(" parameter ") {
        return rest.split(' ').next().map(str::to_owned);
    }
    let path = subject.split(' ').find(|word| word.starts_with('/'))?;
    pointer::tokens(path).filter(|step| step != "*" && !is_alternative(step)).last()
}

fn is_refusal(status: u16) -> bool {
    status >= 400
}

impl Evidence<'_> {
    /// Whether a change of the contract explains what was observed.
    pub(super) fn explains(&self, contract: &Change, observed: &Observed) -> bool {
        let seen = &observed.change;
        let (old, new) = (self.before.get(&observed.id), self.after.get(&observed.id));
        if moved_alike(contract, seen) {
            return true;
        }
        match seen.rule.as_str() {
            "record-new" | "record-gone" => Self::explains_case(contract, observed),
            "observed-status-changed" => match (old, new) {
                (Some(old), Some(new)) => self.explains_status(contract, &observed.id.operation, old, new),
                _ => false,
            },
            "observed-error-field-changed" => match contract.rule.as_str() {
                "error-field-named" => seen.before.is_none(),
                "error-field-unnamed" => seen.after.is_none(),
                _ => false,
            },
            "observed-count-changed" => false,
            _ => new.is_some_and(|new| explains_answer(contract, seen, &observed.at, new)),
        }
    }

    /// A case comes or goes with the property, parameter or operation that it is a case of.
    fn explains_case(contract: &Change, observed: &Observed) -> bool {
        let is_new = observed.change.rule == "record-new";
        match contract.rule.as_str() {
            "operation-added" => is_new,
            "operation-removed" => !is_new,
            "operation-id-changed" => true,
            _ => about(contract).is_some_and(|name| {
                let (name, case) = (name.replace('_', "-").to_lowercase(), &observed.id.name);
                case.strip_prefix(&name).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
            }),
        }
    }

    fn explains_status(&self, contract: &Change, operation: &str, old: &Record, new: &Record) -> bool {
        let stated = |value: Option<&Value>, status: u16| {
            let pattern = value.and_then(Value::as_str).and_then(StatusPattern::parse);
            pattern == Some(StatusPattern::Exact(status))
        };
        let (from, to) = (old.status, new.status);
        if is_refusal(from) == is_refusal(to) {
            return match contract.rule.as_str() {
                "success-status-added" | "error-status-added" => stated(contract.after.as_ref(), to),
                "success-status-removed" | "error-status-removed" => stated(contract.before.as_ref(), from),
                _ => false,
            };
        }
        let refusal = if is_refusal(to) { new } else { old };
        let is_refused = is_refusal(to);
        match contract.rule.as_str() {
            "operation-removed" => is_refused && matches!(to, 404 | 405 | 410),
            "authentication-required" | "authentication-way-removed" | "scope-required" => {
                is_refused && matches!(to, 401 | 403)
            }
            "authentication-lifted" | "authentication-way-added" | "scope-lifted" => {
                !is_refused && matches!(from, 401 | 403)
            }
            _ if area(contract) == "fields" => {
                let fits = if is_refused { &CLOSING } else { &OPENING }.contains(&contract.rule.as_str());
                let kept = contract.before.as_ref().or(contract.after.as_ref());
                let status = kept.and_then(|value| value.pointer("/rejection/status")?.as_u64());
                let name = about(contract);
                fits && status.is_none_or(|status| status == u64::from(refusal.status))
                    && name.is_some_and(|name| self.blames(refusal, &name))
            }
            _ if contract.subject.contains(" parameter ") => {
                let wanted = if is_refused { Verdict::Breaking } else { Verdict::Allowed };
                let by_rule = rules::find(&contract.rule).map(|rule| rule.verdict);
                let query = new.request.split_once('?').map_or("", |(_, query)| query);
                let is_sent = |name: &str| query.split('&').any(|pair| pair.split('=').next() == Some(name));
                by_rule == Some(wanted)
                    && about(contract).is_some_and(|name| {
                        let is_about_absence =
                            contract.rule.contains("required") || contract.rule.contains("optional");
                        is_sent(&name) != is_about_absence && self.names_no_other(refusal, &name)
                    })
            }
            _ if contract.subject.starts_with("request body") => {
                let Some((accepted, refused)) = self.judged(operation, operation, new) else { return false };
                let more = if is_refused { apart(&refused, &accepted) } else { apart(&accepted, &refused) };
                let name = about(contract);
                more.iter().any(|fault| {
                    let field = fault.field.as_deref().unwrap_or_default();
                    let is_there =
                        name.as_deref().is_none_or(|name| field.split('.').any(|part| part == name));
                    is_there && self.names_no_other(refusal, field)
                })
            }
            _ => false,
        }
    }

    /// What is wrong with what a record sends, by the contract as it was and as it is.
    fn judged(&self, old: &str, new: &str, record: &Record) -> Option<(Vec<Fault>, Vec<Fault>)> {
        let sent = record.sends.as_ref().map(spelt_out)?;
        let faults = |operation: Option<&Operation>| -> Option<Vec<Fault>> {
            Some(operation?.body.as_ref()?.schema.faults(&sent))
        };
        Some((faults(self.base.operation(old))?, faults(self.head.operation(new))?))
    }

    fn errors(&self) -> Option<&ErrorPointers> {
        self.head.rules().errors.as_ref().map(|errors| &errors.pointers)
    }

    /// The field that a refusal blames.
    fn field<'r>(&self, refusal: &'r Record) -> Option<&'r str> {
        refusal.body.as_ref()?.pointer(self.errors()?.field.as_deref()?)?.as_str()
    }

    fn blames(&self, refusal: &Record, name: &str) -> bool {
        self.field(refusal).is_some_and(|field| field.split('.').any(|part| part == name))
    }

    fn names_no_other(&self, refusal: &Record, name: &str) -> bool {
        self.field(refusal).is_none_or(|field| field == name || field.split('.').next_back() == Some(name))
    }

    /// Whether the records of an operation show that a change of its contract was not delivered.
    pub(super) fn shows_undelivered(&self, contract: &Change, operation: &str) -> bool {
        let of = |records: &Records| -> Vec<Record> {
            let own = records.iter().filter(|(id, _)| id.operation == operation);
            own.map(|(_, record)| record.clone()).collect()
        };
        of(self.after).iter().any(|record| self.contradicts(contract, operation, record))
    }

    fn contradicts(&self, contract: &Change, operation: &str, record: &Record) -> bool {
        let status = StatusPattern::Exact(record.status).to_string();
        match contract.rule.as_str() {
            "operation-removed" => !is_refusal(record.status),
            "success-status-removed" | "error-status-removed" => {
                contract.before.as_ref().and_then(Value::as_str) == Some(&status)
            }
            "error-code-changed" if is_refusal(record.status) => {
                let code =
                    self.errors().and_then(|errors| record.body.as_ref()?.pointer(errors.code.as_deref()?));
                code.is_some() && code == contract.before.as_ref()
            }
            rule if OPENING.contains(&rule) => {
                let status =
                    contract.before.as_ref().and_then(|value| value.pointer("/rejection/status")?.as_u64());
                status == Some(u64::from(record.status))
                    && about(contract).is_some_and(|name| self.blames(record, &name))
            }
            _ if contract.subject.starts_with("request body") => {
                let Some((before, after)) = self.judged(operation, operation, record) else { return false };
                let name = about(contract);
                let is_about = |faults: &[&Fault]| {
                    faults.iter().any(|fault| {
                        let field = fault.field.as_deref().unwrap_or_default();
                        name.as_deref().is_none_or(|name| field.split('.').any(|part| part == name))
                    })
                };
                if is_refusal(record.status) {
                    after.is_empty() && is_about(&apart(&before, &after))
                } else {
                    is_about(&apart(&after, &before))
                }
            }
            rule => {
                let Some(place) = place(contract).filter(|place| place.status.matches(record.status)) else {
                    return false;
                };
                if place.part == "header" {
                    let is_there = record.headers.contains_key(&place.steps[0]);
                    return rule == "response-header-removed" && is_there;
                }
                let Some(body) = &record.body else { return false };
                let values = reached(&place.steps, body);
                match rule {
                    "response-property-removed"
                    | "optional-response-property-removed"
                    | "response-property-renamed"
                    | "property-became-write-only" => !values.is_empty(),
                    "response-property-added" => self.is_missing(operation, record, &place.steps),
                    "response-type-changed" => {
                        let is_of = |stated: Option<&Value>, value: &Value| {
                            stated.is_some_and(|stated| names_kind(stated, &kind(value)))
                        };
                        values.iter().any(|value| {
                            is_of(contract.before.as_ref(), value) && !is_of(contract.after.as_ref(), value)
                        })
                    }
                    _ => false,
                }
            }
        }
    }

    /// Whether an answer lacks a property that has to be there.
    fn is_missing(&self, operation: &str, record: &Record, steps: &[String]) -> bool {
        let response = self.head.operation(operation).and_then(|operation| operation.response(record.status));
        let (Some(schema), Some(body)) = (response.and_then(|one| one.schema.as_ref()), &record.body) else {
            return false;
        };
        schema.faults(body).iter().any(|fault| fault.keyword == "required" && leads(steps, &fault.instance))
    }
}

/// Whether the value that was observed to move is the one that the contract moves: a code, a type of error, a status, the size of
/// a page, a default.
fn moved_alike(contract: &Change, seen: &Change) -> bool {
    let is_same = contract.before.is_some() && contract.before == seen.before && contract.after == seen.after;
    let last = seen.subject.rsplit('/').next();
    match area(contract) {
        "errors" | "resources" => {
            let kept = match seen.rule.as_str() {
                "observed-status-changed" => contract.rule == "error-status-changed",
                "observed-error-code-changed" => contract.rule == "error-code-changed",
                "observed-error-type-changed" => contract.rule == "error-type-changed",
                _ => false,
            };
            kept && is_same
        }
        "pages" => seen.rule == "observed-count-changed" && is_same,
        "fields" | "values" => {
            let is_default = contract.rule.contains("default-");
            is_default
                && contract.after.is_some()
                && contract.after == seen.after
                && about(contract).as_deref() == last
        }
        _ => false,
    }
}

/// Whether a change of what is answered explains what was observed at a place of an answer.
fn explains_answer(contract: &Change, seen: &Change, at: &str, record: &Record) -> bool {
    let Some(place) = place(contract).filter(|place| place.status.matches(record.status)) else {
        return false;
    };
    if let Some(name) = at.strip_prefix("header ") {
        let is_it = place.part == "header" && place.steps.first().is_some_and(|own| own == name);
        return is_it
            && match seen.rule.as_str() {
                "observed-header-added" => {
                    matches!(contract.rule.as_str(), "response-header-added" | "response-header-always-there")
                }
                "observed-header-removed" => {
                    matches!(
                        contract.rule.as_str(),
                        "response-header-removed" | "response-header-became-optional"
                    )
                }
                _ => !contract.rule.starts_with("response-header-"),
            };
    }
    let Some(path) = at.strip_prefix("body").filter(|_| place.part == "body") else { return false };
    let rule = contract.rule.as_str();
    if rule == "response-property-renamed" && seen.rule == "observed-property-added" {
        let mut steps = place.steps.clone();
        steps.pop();
        steps.extend(contract.after.as_ref().and_then(Value::as_str).map(str::to_owned));
        return leads(&steps, path);
    }
    let fits = match seen.rule.as_str() {
        "observed-property-removed" => matches!(
            rule,
            "response-property-removed"
                | "optional-response-property-removed"
                | "response-property-renamed"
                | "response-property-became-optional"
                | "property-became-write-only"
        ),
        "observed-property-added" => matches!(
            rule,
            "response-property-added" | "property-became-readable" | "response-property-always-there"
        ),
        "observed-type-changed" => {
            let is_of = |stated: &Option<Value>, value: &Option<Value>| match (stated, value) {
                (Some(stated), Some(value)) => names_kind(stated, &kind(value)),
                _ => true,
            };
            matches!(rule, "response-type-changed" | "response-type-widened" | "response-type-narrowed")
                && is_of(&contract.before, &seen.before)
                && is_of(&contract.after, &seen.after)
                || rule == "response-alternative-added"
        }
        "observed-null" => matches!(rule, "response-became-nullable" | "response-type-changed"),
        "observed-value" => rule == "response-never-null",
        "observed-value-changed" => match rule {
            "response-enum-value-added" => contract.after == seen.after,
            "response-enum-value-removed" => contract.before == seen.before,
            "response-enum-value-renamed" => contract.before == seen.before && contract.after == seen.after,
            "response-values-replaced" => true,
            _ => rule.starts_with("response-format-") || rule.starts_with("response-pattern-"),
        },
        _ => false,
    };
    fits && leads(&place.steps, path)
}

/// Whether the types that a contract names have one of the kind of a value.
fn names_kind(stated: &Value, kind: &str) -> bool {
    let one = |name: &Value| match name.as_str() {
        Some("string") => kind == "text",
        Some("integer" | "number") => kind == "number",
        Some("array") => kind == "list",
        Some("any") => true,
        Some(name) => name == kind,
        None => false,
    };
    stated.as_array().map_or_else(|| one(stated), |names| names.iter().any(one))
}

/// The faults of one side that are none of the other.
fn apart<'f>(faults: &'f [Fault], others: &[Fault]) -> Vec<&'f Fault> {
    let is_known = |fault: &Fault| {
        others.iter().any(|other| other.instance == fault.instance && other.keyword == fault.keyword)
    };
    faults.iter().filter(|fault| !is_known(fault)).collect()
}

/// What a record says was sent, with long texts as long as they were.
fn spelt_out(value: &Value) -> Value {
    match value {
        Value::String(text) => {
            let length = text.strip_prefix("<text of ").and_then(|rest| rest.split(' ').next()?.parse().ok());
            length.map_or_else(|| value.clone(), |length: usize| Value::from("a".repeat(length.min(1 << 20))))
        }
        Value::Array(list) => list.iter().map(spelt_out).collect(),
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), spelt_out(value))).collect(),
        other => other.clone(),
    }
}
