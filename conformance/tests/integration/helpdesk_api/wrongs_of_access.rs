//! What can be wrong about who is let in.

use serde_json::json;

use super::answer::Answer;
use super::ask::Ask;
use super::service::{NORTH, REVOKED, SOUTH, sound};
use super::store::Kind;
use super::wrong::{Wrong, violation, warning};

fn is_south(ask: &Ask) -> bool {
    ask.authorization.as_deref().is_some_and(|header| header.ends_with(SOUTH))
}

pub(super) const WRONGS: &[Wrong] = &[
    violation("auth-missing", "a delete asks for no key", |world, ask| match &ask.authorization {
        None if ask.is("DELETE", "tickets/*") => sound(world, ask.by(NORTH)),
        _ => sound(world, ask),
    }),
    violation("auth-missing", "without a key access is forbidden with 403", |world, ask| {
        let is_keyless = ask.authorization.is_none();
        let answer = sound(world, ask);
        if is_keyless && answer.status == 401 { Answer { status: 403, ..answer } } else { answer }
    }),
    violation("auth-unknown-key", "a list lets unknown keys in", |world, ask| {
        let is_unknown = ask.authorization.as_deref().is_some_and(|header| header.contains("nobody"));
        sound(world, if is_unknown && ask.is("GET", "boards") { ask.by(NORTH) } else { ask })
    }),
    violation("auth-revoked-key", "a revoked key reads on", |world, ask| {
        let is_revoked = ask.authorization.as_deref().is_some_and(|header| header.ends_with(REVOKED));
        sound(world, if is_revoked && ask.method == "GET" { ask.by(NORTH) } else { ask })
    }),
    violation("auth-revoked-key", "a revoked key is told to be unknown", |world, ask| {
        let answer = sound(world, ask);
        if answer.at("/fault/reason") == "revoked_key" {
            answer.set("/fault/reason", "unknown_key")
        } else {
            answer
        }
    }),
    violation("auth-malformed", "a key needs no scheme word", |world, ask| {
        let is_bare = ask.authorization.as_deref() == Some(NORTH);
        sound(world, if is_bare { ask.by(NORTH) } else { ask })
    }),
    violation("auth-other-scheme", "any scheme will do", |world, ask| {
        let is_basic = ask.authorization.as_deref().is_some_and(|header| header.starts_with("Basic "));
        sound(world, if is_basic { ask.by(NORTH) } else { ask })
    }),
    violation("auth-query-key", "a key in the query string counts", |world, ask| {
        let is_told = ask.authorization.is_none() && ask.param("access_token") == Some(NORTH);
        sound(world, if is_told { ask.by(NORTH) } else { ask })
    }),
    violation("auth-scheme-case", "the scheme word must be written as in the book", |world, ask| {
        let is_lower = ask.authorization.as_deref().is_some_and(|header| header.starts_with("bearer "));
        sound(world, if is_lower { ask.by("nobody") } else { ask })
    }),
    violation("valid-request-accepted", "the open operation wants a key", |world, ask| {
        match &ask.authorization {
            None if ask.is("GET", "pulse") => Answer::fault(401, "no_key", None),
            _ => sound(world, ask),
        }
    }),
    violation("auth-isolation", "another desk's remark can be read", |world, ask| {
        let is_foreign = is_south(&ask) && ask.is("GET", "remarks/*");
        sound(world, if is_foreign { ask.by(NORTH) } else { ask })
    }),
    violation("auth-isolation", "a remark can be made on another desk's ticket", |world, ask| {
        let is_foreign = is_south(&ask) && ask.is("POST", "remarks");
        sound(world, if is_foreign { ask.by(NORTH) } else { ask })
    }),
    violation("auth-isolation", "a list shows another desk's tickets", |world, ask| {
        let is_foreign = is_south(&ask) && ask.is("GET", "tickets");
        sound(world, if is_foreign { ask.by(NORTH) } else { ask })
    }),
    violation("auth-isolation", "another desk's board is forbidden", |world, ask| {
        let is_foreign = is_south(&ask) && ask.route() == "boards/*";
        let answer = sound(world, ask);
        if is_foreign && answer.status == 404 { Answer { status: 403, ..answer } } else { answer }
    }),
    warning("auth-decided-first", "one route looks for the row before the key", |world, ask| {
        let is_unknown =
            ask.route() == "tickets/*" && world.desk("north").find(Kind::Ticket, &ask.path[1]).is_none();
        let is_keyless = ask.authorization.is_none();
        sound(world, if is_unknown && is_keyless { ask.by(NORTH) } else { ask })
    }),
    warning("auth-decided-first", "one route reads the body before the key", |world, ask| {
        let is_early = ask.authorization.is_none() && ask.is("POST", "boards") && ask.body == b"[]";
        sound(world, if is_early { ask.by(NORTH) } else { ask })
    }),
    violation("nothing-leaks", "the caller is shown the whole key", |world, ask| {
        let key = ask
            .authorization
            .clone()
            .unwrap_or_default()
            .split(' ')
            .next_back()
            .unwrap_or_default()
            .to_owned();
        let answer = sound(world, ask);
        if answer.at("/key/starts").is_string() { answer.set("/key/starts", json!(key)) } else { answer }
    }),
];
