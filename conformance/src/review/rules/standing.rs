//! How sure statements are, where nothing else about them changed.

use schemas::Standing;
use serde_json::json;

use crate::review::found::Found;
use crate::review::rule::{Rule, rules};
use crate::review::schema::{Context, Contexts, Pair};

rules! {
    area "standing";
    STANDING_RAISED = "standing-raised", Allowed, Both, "a statement is surer than it was",
        "Nothing moves on the wire; more is promised.",
        reverse ["standing-lowered"];
    STANDING_LOWERED = "standing-lowered", Unclear, Both, "a statement is less sure than it was",
        "Nothing moves on the wire yet; what clients could rely on is no longer promised.",
        reverse ["standing-raised"];
}

/// The rule for a standing that moved.
pub(in crate::review) fn moved(old: Standing, new: Standing) -> Option<&'static Rule> {
    match new.cmp(&old) {
        std::cmp::Ordering::Less => Some(&STANDING_RAISED),
        std::cmp::Ordering::Greater => Some(&STANDING_LOWERED),
        std::cmp::Ordering::Equal => None,
    }
}

/// A standing that moved, as a change.
pub(in crate::review) fn found(subject: &str, old: Standing, new: Standing) -> Option<Found> {
    let found = Found::new(moved(old, new)?, subject);
    Some(found.values(Some(json!(old.as_str())), Some(json!(new.as_str()))))
}

/// What changed about the standings that schemas state of themselves.
pub(in crate::review) fn compare(pair: &mut Pair<'_, '_>) {
    const KEY: &str = "x-contract-standing";
    let own = pair.own_contexts();
    let within = (pair.base.context, pair.head.context);
    for mut found in stated(pair.contexts, own, within) {
        found.base = Some(pair.base.place_of(KEY));
        found.head = Some(pair.head.place_of(KEY));
        pair.found.push(found);
    }
}

/// The keywords whose standing moved, by what each side says itself; what it inherits is reported where it is said.
pub(in crate::review) fn stated(
    contexts: &Contexts,
    own: (Context, Context),
    within: (Context, Context),
) -> Vec<Found> {
    if own.0 == own.1 {
        return Vec::new();
    }
    let mut keywords: Vec<&str> = contexts.keywords(own.0).chain(contexts.keywords(own.1)).collect();
    keywords.sort_unstable();
    keywords.dedup();
    let subject = |keyword: &str| match keyword {
        "default" => "x-contract-standing".to_owned(),
        keyword => format!("x-contract-standing {keyword}"),
    };
    let mut all = Vec::new();
    for keyword in &keywords {
        let pair = (contexts.of(within.0, keyword), contexts.of(within.1, keyword));
        // What is said of a keyword as of all others is reported once.
        let others = (contexts.of(within.0, "default"), contexts.of(within.1, "default"));
        if *keyword != "default" && keywords.contains(&"default") && pair == others {
            continue;
        }
        all.extend(found(&subject(keyword), pair.0, pair.1));
    }
    all
}
