//! Calls that the API makes to its clients: webhooks and callbacks. What the API sends is read by clients, and what they
//! answer is read by the API: both directions are turned.

use schemas::pointer;
use serde_json::{Value, json};

use super::found::Found;
use super::operations::{Matched, Site, matched, sites_in};
use super::owner::Owner;
use super::rule::Rule;
use super::rules::{bodies, calls, parameters, responses};
use super::schema::Graph;
use super::verdict::Verdict;

/// What changed about the webhooks of two descriptions, each change with the call it belongs to.
pub(super) fn webhooks<'d>(graph: &mut Graph<'d>) -> Vec<(Option<Owner>, Found)> {
    const AT: &str = "/webhooks";
    let both = graph.documents();
    let turned = |sites: Vec<Site<'d>>| sites.into_iter().map(Site::turned).collect();
    let calls = matched(turned(sites_in(both.base, AT)), turned(sites_in(both.head, AT)));
    let mut all = Vec::new();
    for (owner, found) in between(&calls, (&calls::WEBHOOK_REMOVED, &calls::WEBHOOK_ADDED), (AT, AT), graph) {
        all.push((Some(Owner::of(owner)), with_prefix("webhook", found)));
    }
    all
}

/// What changed about the callbacks of an operation.
pub(super) fn callbacks(base: &Site<'_>, head: &Site<'_>, graph: &mut Graph<'_>, out: &mut Vec<Found>) {
    let owner = |site: &Site<'_>| pointer::join(&site.pointer, "callbacks");
    let names = |site: &Site<'_>| -> Vec<String> {
        let named = site.value.get("callbacks").and_then(Value::as_object);
        named.into_iter().flat_map(serde_json::Map::keys).cloned().collect()
    };
    let (old, new) = (names(base), names(head));
    let (was_in, is_in) = (owner(base), owner(head));
    let more: Vec<&String> = new.iter().filter(|name| !old.contains(name)).collect();
    for name in old.iter().chain(more) {
        let calls =
            matched(under(base, &pointer::join(&was_in, name)), under(head, &pointer::join(&is_in, name)));
        let rules = (&calls::CALLBACK_REMOVED, &calls::CALLBACK_ADDED);
        let found = between(&calls, rules, (&was_in, &is_in), graph);
        let prefix = format!("callback {name}");
        out.extend(found.into_iter().map(|(_, found)| with_prefix(&prefix, found)));
    }
}

/// The calls under a callback of an operation.
fn under<'d>(site: &Site<'d>, at: &str) -> Vec<Site<'d>> {
    let home = site.document.resolve(at).map_or_else(|| at.to_owned(), |(home, _)| home);
    sites_in(site.document, &home).into_iter().map(Site::turned).collect()
}

fn with_prefix(prefix: &str, mut found: Found) -> Found {
    let own = std::mem::take(&mut found.subject);
    found.subject = if own.is_empty() { prefix.to_owned() } else { format!("{prefix} {own}") };
    found
}

/// What changed between calls, each change with the call it is about.
fn between<'m, 'd>(
    calls: &'m Matched<'d>,
    (gone, come): (&'static Rule, &'static Rule),
    (was_in, is_in): (&str, &str),
    graph: &mut Graph<'_>,
) -> Vec<(&'m Site<'d>, Found)> {
    let mut all = Vec::new();
    let told = |site: &Site<'_>| Some(json!(format!("{} {}", site.method, site.path)));
    for site in &calls.removed {
        let found = Found::new(gone, "").values(told(site), None);
        all.push((site, found.was_at(&site.pointer).now_at(is_in)));
    }
    for site in &calls.added {
        let found = Found::new(come, "").values(None, told(site));
        all.push((site, found.was_at(was_in).now_at(&site.pointer)));
    }
    for (old, new) in &calls.kept {
        let mut found = Vec::new();
        parameters::compare(old, new, graph, &mut found);
        bodies::compare(old, new, graph, &mut found);
        responses::compare(old, new, graph, &mut found);
        all.extend(found.into_iter().map(|found| (old, turned(found))));
    }
    all
}

/// What a change means where the API is the one that calls. Changes of schemas know their side already.
fn turned(mut found: Found) -> Found {
    let decided = match found.rule.id {
        "required-request-body-added" | "request-body-became-required" => (
            Verdict::Allowed,
            "The API sends it every time; a client that is ready for its absence finds it.",
        ),
        "request-body-removed" | "request-body-became-optional" => {
            (Verdict::Breaking, "A client that reads what it is sent finds nothing.")
        }
        "required-parameter-added" | "parameter-became-required" => {
            (Verdict::Allowed, "The API sends it every time; clients ignore what they do not know.")
        }
        "parameter-removed" | "parameter-became-optional" => {
            (Verdict::Breaking, "A client that reads it finds nothing.")
        }
        "success-status-added" | "error-status-added" => {
            (Verdict::Allowed, "What a client answers today is still taken.")
        }
        "success-status-removed" | "error-status-removed" => {
            (Verdict::Breaking, "A client that answers with it is no longer understood.")
        }
        "response-header-removed" | "response-header-became-optional" => {
            (Verdict::Allowed, "A client that answers with it does no harm.")
        }
        "response-header-always-there" => (Verdict::Breaking, "A client that answers without it is refused."),
        _ => return found,
    };
    found.decided = Some((decided.0, decided.1.to_owned()));
    found
}
