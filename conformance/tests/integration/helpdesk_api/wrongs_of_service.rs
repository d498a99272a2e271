//! What can be wrong about repeats, the allowance, paths and methods.

use serde_json::json;

use super::answer::Answer;
use super::ask::Ask;
use super::service::{NORTH, SOUTH, sound};
use super::store::{Row, World};
use super::wrong::{Wrong, violation};

/// Whether a request was made before, and its answer kept.
fn is_repeat(world: &mut World, ask: &Ask) -> bool {
    let is_south = ask.authorization.as_deref().is_some_and(|header| header.ends_with(SOUTH));
    let name = (ask.path.join("/"), ask.once.clone().unwrap_or_default());
    world.desk(if is_south { "south" } else { "north" }).once.contains_key(&name)
}

/// A refusal in the place of an answer.
fn instead(answer: Answer, refusal: Answer) -> Answer {
    Answer { headers: answer.headers, ..refusal }
}

pub(super) const WRONGS: &[Wrong] = &[
    violation("idempotent-replay", "a key means nothing", |world, ask| {
        sound(world, Ask { once: None, ..ask })
    }),
    violation("idempotent-replay", "a repeat shows the board as it is now", |world, ask| {
        let is_repeat = ask.is("POST", "boards") && is_repeat(world, &ask);
        let answer = sound(world, ask);
        let id = answer.at("/ref").as_str().unwrap_or_default().to_owned();
        let row = world.desk("north").rows.iter().find(|row| row.text("ref") == id).map(Row::shown);
        match row {
            Some(row) if is_repeat => Answer { body: Some(row), ..answer },
            _ => answer,
        }
    }),
    violation("idempotent-replay", "a repeat is answered 200", |world, ask| {
        let is_repeat = is_repeat(world, &ask);
        let answer = sound(world, ask);
        if is_repeat && answer.status == 201 { Answer { status: 200, ..answer } } else { answer }
    }),
    violation("idempotent-other-body", "another body is answered as the first", |world, ask| {
        let key = ask.once.clone().unwrap_or_default();
        let first = world.desk("north").once.get(&(ask.path.join("/"), key)).map(|(body, _)| body.clone());
        sound(
            world,
            match first {
                Some(body) if ask.is("POST", "remarks") => Ask { body, ..ask },
                _ => ask,
            },
        )
    }),
    violation("idempotent-other-endpoint", "a key is spent for every endpoint", |world, ask| {
        let Some(key) = ask.once.clone() else { return sound(world, ask) };
        let path = json!(ask.path.join("/"));
        let is_elsewhere = world.notes.get(&key).is_some_and(|known| *known != path);
        world.notes.entry(key).or_insert(path);
        let answer = sound(world, ask);
        if is_elsewhere && answer.is_success() {
            instead(answer, Answer::fault(409, "key_spent", None))
        } else {
            answer
        }
    }),
    violation("idempotent-other-workspace", "a key is spent for every desk", |world, ask| {
        let is_foreign = ask.authorization.as_deref().is_some_and(|header| header.ends_with(SOUTH));
        let is_known = ask
            .once
            .clone()
            .is_some_and(|key| world.desk("north").once.contains_key(&(ask.path.join("/"), key)));
        sound(world, if is_foreign && is_known { ask.by(NORTH) } else { ask })
    }),
    violation("idempotent-failure-not-kept", "a failure is kept", |world, ask| {
        let Some(key) = ask.once.clone().filter(|_| ask.is("POST", "boards")) else {
            return sound(world, ask);
        };
        let name = format!("failed {key}");
        if world.notes.contains_key(&name) {
            return sound(world, ask.with("title", ""));
        }
        let answer = sound(world, ask);
        if answer.status == 422 {
            world.notes.insert(name, true.into());
        }
        answer
    }),
    violation("idempotent-in-flight", "the third of three at once makes another row", |world, ask| {
        let this = json!([ask.once, ask.json()]);
        if ask.once.is_none() || world.notes.get("last") != Some(&this) {
            world.notes.remove("alike");
        }
        world.notes.insert("last".to_owned(), this);
        let is_third = world.times("alike") == 3 && ask.is("POST", "remarks");
        sound(world, if is_third { Ask { once: None, ..ask } } else { ask })
    }),
    violation("idempotent-key-length", "the longest key is too long", |world, ask| {
        let is_longest = ask.once.as_ref().is_some_and(|key| key.len() == 24);
        let longer = ask.once.clone().map(|key| key + "k");
        sound(world, if is_longest { Ask { once: longer, ..ask } } else { ask })
    }),
    violation("rate-headers", "refusals tell nothing of the allowance", |world, ask| {
        let answer = sound(world, ask);
        if answer.status >= 400 { answer.without_header("Desk-Left") } else { answer }
    }),
    violation("rate-headers", "one answer tells the allowance in words", |world, ask| {
        let is_read = ask.is("GET", "whoami");
        let answer = sound(world, ask);
        if is_read { answer.header("Desk-Allowance", "plenty") } else { answer }
    }),
    violation("rate-coherent", "more requests are left than allowed", |world, ask| {
        let is_read = ask.is("GET", "tickets/*");
        let answer = sound(world, ask);
        if is_read { answer.header("Desk-Left", 100_001) } else { answer }
    }),
    violation("rate-coherent", "the allowance is renewed in so many seconds", |world, ask| {
        let is_read = ask.is("GET", "boards/*");
        let answer = sound(world, ask);
        if is_read { answer.header("Desk-Renews", 60) } else { answer }
    }),
    violation("rate-refusal", "who goes too fast is told so with another reason", |world, ask| {
        let is_read = ask.is("GET", "remarks/*")
            && ask.authorization.as_deref().is_some_and(|header| header.ends_with(NORTH));
        let is_third = is_read && world.times("read") == 3;
        let answer = sound(world, ask);
        if is_third {
            return instead(answer, Answer::fault(429, "enough", None)).header("Retry-After", 1);
        }
        answer
    }),
    violation("route-unknown", "a path that is none is answered well", |world, ask| {
        let answer = sound(world, ask);
        let is_none = answer.at("/fault/reason") == "no_such_page";
        if is_none { Answer { status: 200, body: Some(json!({})), ..answer } } else { answer }
    }),
    violation("route-unknown", "a path that is none is answered with a page", |world, ask| {
        let answer = sound(world, ask);
        if answer.at("/fault/reason") == "no_such_page" {
            let page = Answer { body: Some(json!("<html><body>Cannot GET")), ..answer };
            return page.header("content-type", "text/html");
        }
        answer
    }),
    violation("method-unknown", "PUT is taken for PATCH", |world, ask| {
        let is_put = ask.is("PUT", "tickets/*");
        let method = if is_put { "PATCH" } else { ask.method.as_str() }.to_owned();
        let body = if is_put { b"{}".to_vec() } else { ask.body.clone() };
        sound(world, Ask { method, body, ..ask })
    }),
    violation("method-unknown", "a method that is none is answered with a page", |world, ask| {
        let answer = sound(world, ask);
        if answer.status == 405 {
            let page = Answer { body: Some(json!("<!doctype html><title>405</title>")), ..answer };
            return page.header("content-type", "text/html");
        }
        answer
    }),
];
