//! What can be wrong about lists, and about what owns what.

use serde_json::{Value, json};

use super::answer::Answer;
use super::ask::Ask;
use super::service::sound;
use super::store::{Kind, World};
use super::wrong::{Wrong, violation, warning};

/// The sound answer as if nothing of a kind had ever been deleted.
fn with_the_deleted(world: &mut World, ask: Ask, kind: Kind) -> Answer {
    let gone: Vec<usize> = world
        .desk("north")
        .rows
        .iter()
        .enumerate()
        .filter(|(_, row)| row.kind == kind && row.is_gone)
        .map(|(at, _)| at)
        .collect();
    for at in &gone {
        world.desk("north").rows[*at].is_gone = false;
    }
    let answer = sound(world, ask);
    for at in gone {
        world.desk("north").rows[at].is_gone = true;
    }
    answer
}

/// The same with another parameter.
fn with_param(ask: Ask, name: &str, value: &str) -> Ask {
    let mut ask = ask.without_param(name);
    ask.query.push((name.to_owned(), value.to_owned()));
    ask
}

pub(super) const WRONGS: &[Wrong] = &[
    violation("created-is-listed", "large pages of tickets are empty", |world, ask| {
        let is_large = ask.is("GET", "tickets") && ask.query == [("size".to_owned(), "50".to_owned())];
        let answer = sound(world, ask);
        if is_large {
            answer.rows(Vec::clear).set("/page/more", false).set("/page/before", Value::Null)
        } else {
            answer
        }
    }),
    violation("delete-unlisted", "one list shows tickets that were dropped", |world, ask| {
        if ask.is("GET", "boards/*/tickets") {
            with_the_deleted(world, ask, Kind::Ticket)
        } else {
            sound(world, ask)
        }
    }),
    warning("delete-unlisted", "remarks that were taken back are listed", |world, ask| {
        if ask.is("GET", "remarks") { with_the_deleted(world, ask, Kind::Remark) } else { sound(world, ask) }
    }),
    violation("children-unlisted", "the tickets of a closed board are listed", |world, ask| {
        if ask.is("GET", "tickets") { with_the_deleted(world, ask, Kind::Board) } else { sound(world, ask) }
    }),
    warning("children-readable", "the tickets of a closed board cannot be read", |world, ask| {
        let is_read = ask.is("GET", "tickets/*");
        let answer = sound(world, ask);
        let board = answer.at("/board").as_str().unwrap_or_default().to_owned();
        let is_open = world.desk("north").find(Kind::Board, &board).is_some();
        if is_read && answer.is_success() && !is_open {
            return Answer { headers: answer.headers, ..Kind::Ticket.unknown() };
        }
        answer
    }),
    violation("parent-must-exist", "a board that never was has an empty list", |world, ask| {
        let is_list = ask.is("GET", "boards/*/tickets") && ask.authorization.is_some();
        let answer = sound(world, ask);
        if is_list && answer.status == 404 {
            let page = json!({"items": [], "page": {"more": false, "before": null}});
            return Answer { status: 200, body: Some(page), ..answer };
        }
        answer
    }),
    violation("parent-must-exist", "a remark on no ticket is told as a missing row", |world, ask| {
        let answer = sound(world, ask);
        if answer.at("/fault/where") == "ticket" && answer.at("/fault/reason") == "no_such_ticket" {
            return Answer { status: 404, ..answer }.set("/fault/class", "absent");
        }
        answer
    }),
    warning("parent-must-exist", "a ticket can be opened on a closed board", |world, ask| {
        if ask.is("POST", "boards/*/tickets") {
            with_the_deleted(world, ask, Kind::Board)
        } else {
            sound(world, ask)
        }
    }),
    violation("parent-by-either-id", "a ticket keeps its board's number", |world, ask| {
        let number = ask.path.get(1).filter(|id| id.parse::<u64>().is_ok()).cloned();
        let is_create = ask.is("POST", "boards/*/tickets");
        let answer = sound(world, ask);
        match number {
            Some(number) if is_create && answer.is_success() => answer.set("/board", number),
            _ => answer,
        }
    }),
    violation("parent-by-either-id", "a remark does not know its ticket by number", |world, ask| {
        let is_number = ask.is("POST", "remarks")
            && match ask.field("ticket") {
                Value::String(id) => id.parse::<u64>().is_ok(),
                id => id.is_u64(),
            };
        sound(world, if is_number { ask.with("ticket", "none") } else { ask })
    }),
    violation("rows-stay-with-parent", "the tickets of a board are those of all", |world, ask| {
        let is_list = ask.is("GET", "boards/*/tickets");
        let answer = sound(world, ask.clone());
        if is_list && answer.is_success() {
            return sound(world, Ask { path: vec!["tickets".to_owned()], ..ask });
        }
        answer
    }),
    violation("filter-selects-exactly", "boards are not filtered by tint", |world, ask| {
        sound(world, if ask.is("GET", "boards") { ask.without_param("tint") } else { ask })
    }),
    violation("filter-selects-exactly", "tickets are not filtered by board", |world, ask| {
        sound(world, if ask.is("GET", "tickets") { ask.without_param("board") } else { ask })
    }),
    violation("filter-selects-exactly", "the filter by ticket does not know numbers", |world, ask| {
        let is_number =
            ask.is("GET", "remarks") && ask.param("ticket").is_some_and(|id| id.parse::<u64>().is_ok());
        sound(world, if is_number { with_param(ask, "ticket", "none") } else { ask })
    }),
    violation("filter-selects-exactly", "a parked ticket is not found by its stage", |world, ask| {
        let is_parked = ask.param("stage") == Some("parked");
        let answer = sound(world, ask);
        if is_parked { answer.rows(Vec::clear) } else { answer }
    }),
    violation("filters-combine", "the priority is forgotten where a stage is asked for", |world, ask| {
        let is_both = ask.param("stage").is_some() && ask.param("priority").is_some();
        sound(world, if is_both { ask.without_param("priority") } else { ask })
    }),
    violation("filter-before-page", "the page is cut before the tint counts", |world, ask| {
        let Some(tint) = ask.param("tint").map(str::to_owned).filter(|_| ask.is("GET", "boards")) else {
            return sound(world, ask);
        };
        let is_small = ask.param("size") == Some("1");
        let answer = sound(world, if is_small { ask.without_param("tint") } else { ask });
        answer.rows(|rows| rows.retain(|row| row["tint"] == tint.as_str()))
    }),
    violation("limit-honoured", "remarks come as many as there are", |world, ask| {
        sound(
            world,
            if ask.is("GET", "remarks") && ask.param("size").is_some() {
                with_param(ask, "size", "50")
            } else {
                ask
            },
        )
    }),
    violation("limit-honoured", "a page of boards never says that there are more", |world, ask| {
        let is_list = ask.is("GET", "boards");
        let answer = sound(world, ask);
        if is_list { answer.set("/page/more", false).set("/page/before", Value::Null) } else { answer }
    }),
    violation("list-order", "the oldest board comes first", |world, ask| {
        let is_list = ask.is("GET", "boards");
        let answer = sound(world, ask);
        if is_list { answer.rows(|rows| rows.reverse()) } else { answer }
    }),
    violation("walk-meets-each-row-once", "each page after the first leaves out a row", |world, ask| {
        let is_walk = ask.param("before").is_some() && ask.param("size") == Some("2");
        let is_next = is_walk && ask.is("GET", "boards/*/tickets");
        let answer = sound(world, ask.clone());
        let first = answer.at("/items/0/opened").as_str().map(str::to_owned).filter(|_| is_next);
        first.map_or(answer, |first| sound(world, with_param(ask, "before", &first)))
    }),
    violation("cursor-is-strict", "a cursor yields the row it stands for", |world, ask| {
        let later = ask.param("before").filter(|_| ask.is("GET", "remarks")).and_then(|text| {
            let at = text.parse::<jiff::Timestamp>().ok()?;
            let later = at.checked_add(jiff::SignedDuration::from_millis(1)).ok()?;
            Some(later.to_string())
        });
        sound(
            world,
            match later {
                Some(later) => with_param(ask, "before", &later),
                None => ask,
            },
        )
    }),
    violation("cursor-bad", "a cursor that is none is left out", |world, ask| {
        let is_bad = ask.param("before") == Some("not-an-instant");
        sound(world, if is_bad { ask.without_param("before") } else { ask })
    }),
    violation("list-empty", "an empty list has a cursor", |world, ask| {
        let is_list = ask.is("GET", "boards/*/tickets");
        let answer = sound(world, ask);
        let is_empty = is_list && answer.at("/items") == json!([]);
        if is_empty { answer.set("/page/before", "2030-01-01T00:00:00.003Z") } else { answer }
    }),
    violation("limit-default", "a usual page of boards holds twelve", |world, ask| {
        let is_usual = ask.is("GET", "boards") && ask.param("size").is_none();
        sound(world, if is_usual { with_param(ask, "size", "12") } else { ask })
    }),
];
