//! The desk: who is let in, and who answers what.

use std::sync::{Mutex, PoisonError};

use serde_json::json;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use super::answer::Answer;
use super::ask::Ask;
use super::store::{Kind, World};
use super::{once, pages, write};

/// Keys, and the desks they open.
pub(super) const NORTH: &str = "dk_t_north_4b1f";
pub(super) const NORTH_TOO: &str = "dk_t_north_88d0";
pub(super) const SOUTH: &str = "dk_t_south_9c2e";
pub(super) const REVOKED: &str = "dk_t_gone_77aa";

/// How a desk answers: the sound way, or another.
pub(super) type Manner = fn(&mut World, Ask) -> Answer;

struct Desk {
    world: Mutex<World>,
    manner: Manner,
}

impl Respond for Desk {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        (self.manner)(&mut world, Ask::of(request)).template()
    }
}

/// A desk of its own, on a port of its own.
pub(super) async fn open(manner: Manner) -> MockServer {
    let server = MockServer::start().await;
    let desk = Desk { world: Mutex::default(), manner };
    Mock::given(any()).respond_with(desk).mount(&server).await;
    server
}

/// The sound manner.
#[expect(clippy::needless_pass_by_value, reason = "a manner may change the request before it passes it on")]
pub(super) fn sound(world: &mut World, ask: Ask) -> Answer {
    if ask.is("GET", "pulse") {
        return Answer::new(200, json!({"up": true}));
    }
    let left = 100_000 - world.times("request");
    let answer = match admit(&ask) {
        Ok(desk) => once::once(world, desk, &ask, |world| act(world, desk, &ask)),
        Err(refusal) => refusal,
    };
    answer.header("Desk-Allowance", 100_000).header("Desk-Left", left).header("Desk-Renews", 1_893_459_600)
}

/// The desk a request is let in to.
fn admit(ask: &Ask) -> Result<&'static str, Answer> {
    let refused = |reason: &str| Answer::fault(401, reason, None);
    let header = ask.authorization.as_deref().ok_or_else(|| refused("no_key"))?;
    let (scheme, key) = header.split_once(' ').ok_or_else(|| refused("no_key"))?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(refused("no_key"));
    }
    match key {
        NORTH | NORTH_TOO => Ok("north"),
        SOUTH => Ok("south"),
        REVOKED => Err(refused("revoked_key")),
        _ => Err(refused("unknown_key")),
    }
}

/// Does what is asked for.
fn act(world: &mut World, desk: &'static str, ask: &Ask) -> Answer {
    let path: Vec<&str> = ask.path.iter().map(String::as_str).collect();
    let (body, method) = (ask.body.as_slice(), ask.method.as_str());
    let kind = match path.first() {
        Some(&"boards") => Kind::Board,
        Some(&"tickets") => Kind::Ticket,
        Some(&"remarks") => Kind::Remark,
        Some(&("whoami" | "pulse")) if path.len() == 1 => {
            return if method == "GET" { whoami(desk, ask) } else { no_method() };
        }
        _ => return Answer::fault(404, "no_such_page", None),
    };
    let done = match (method, path.as_slice()) {
        ("GET", [_]) => pages::list(world.desk(desk), kind, None, ask),
        ("POST", ["boards" | "remarks"]) => write::make(world, desk, kind, None, body),
        ("GET", ["boards", board, "tickets"]) => {
            pages::list(world.desk(desk), Kind::Ticket, Some(board), ask)
        }
        ("POST", ["boards", board, "tickets"]) => write::make(world, desk, Kind::Ticket, Some(board), body),
        ("GET", [_, id]) => {
            let row = world.desk(desk).find(kind, id);
            row.map(|row| Answer::new(200, row.shown())).ok_or_else(|| kind.unknown())
        }
        ("PATCH", [_, id]) => write::change(world, desk, kind, id, body),
        ("DELETE", [_, id]) => write::delete(world, desk, kind, id),
        (_, [_] | [_, _] | ["boards", _, "tickets"]) => Err(no_method()),
        _ => Err(Answer::fault(404, "no_such_page", None)),
    };
    done.unwrap_or_else(|refusal| refusal)
}

fn no_method() -> Answer {
    Answer::fault(405, "no_such_method", None)
}

fn whoami(desk: &str, ask: &Ask) -> Answer {
    let key = ask.authorization.as_deref().and_then(|header| header.split(' ').nth(1)).unwrap_or_default();
    let starts: String = key.chars().take(8).collect();
    Answer::new(
        200,
        json!({"key": {"starts": starts}, "desk": {"ref": format!("dsk_{desk}"), "title": desk}}),
    )
}
