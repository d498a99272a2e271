//! What can be wrong about what is kept.

use serde_json::{Value, json};

use super::answer::Answer;
use super::ask::Ask;
use super::service::{NORTH, sound};
use super::store::{Kind, Row, World};
use super::wrong::{Wrong, note, violation, warning};

/// The row that a path names, gone or not, where the request is let in.
fn named<'a>(world: &'a mut World, kind: Kind, ask: &Ask) -> Option<&'a mut Row> {
    let is_ours = ask.authorization.as_deref().is_some_and(|header| header.ends_with(NORTH));
    let desk = world.desk("north");
    let at = desk.position(kind, ask.path.get(1)?).filter(|_| is_ours)?;
    Some(&mut desk.rows[at])
}

/// The sound answer to a request that changes a row, and then another change of it.
fn and_then(world: &mut World, kind: Kind, ask: &Ask, change: fn(&mut Row, &Row)) -> Answer {
    let before = named(world, kind, ask).map(|row| row.clone());
    let answer = sound(world, ask.clone());
    match (before, named(world, kind, ask)) {
        (Some(before), Some(row)) if answer.is_success() => {
            change(row, &before);
            Answer { body: Some(row.shown()), ..answer }
        }
        _ => answer,
    }
}

pub(super) const WRONGS: &[Wrong] = &[
    violation("unknown-row", "ids are compared by their first letters", |world, ask| {
        let id = ask.path.get(1).cloned().unwrap_or_default();
        let like = world.desk("north").all(Kind::Board).find(|row| id.starts_with("brd") && !row.is_gone);
        let like = like.map(Row::shown).filter(|_| ask.is("GET", "boards/*"));
        let answer = sound(world, ask);
        match like {
            Some(row) if answer.status == 404 => Answer { status: 200, body: Some(row), ..answer },
            _ => answer,
        }
    }),
    violation("value-is-not-an-id", "a board is found by its handle", |world, mut ask| {
        if ask.is("GET", "boards/*") {
            let handled = world.desk("north").all(Kind::Board).find(|row| row.text("handle") == ask.path[1]);
            ask.path[1] = handled.map_or(ask.path[1].clone(), |row| row.text("ref").to_owned());
        }
        sound(world, ask)
    }),
    violation("row-by-either-id", "an update does not know numbers", |world, mut ask| {
        if ask.is("PATCH", "tickets/*") && ask.path[1].parse::<u64>().is_ok() {
            "none".clone_into(&mut ask.path[1]);
        }
        sound(world, ask)
    }),
    violation("read-your-write", "a board is not read by its number", |world, mut ask| {
        if ask.is("GET", "boards/*") && ask.path[1].parse::<u64>().is_ok() {
            "none".clone_into(&mut ask.path[1]);
        }
        sound(world, ask)
    }),
    violation("stored-as-sent", "a new board forgets its contact", |world, ask| {
        sound(
            world,
            if ask.is("POST", "boards")
                && ask.field("contact").as_str().is_some_and(|text| text.contains('@'))
            {
                ask.without("contact")
            } else {
                ask
            },
        )
    }),
    violation("text-round-trip", "letters beyond the first plane are lost", |world, ask| {
        let text = ask.field("text").as_str().unwrap_or_default().to_owned();
        let kept: String = text.chars().filter(|letter| u32::from(*letter) < 0x1_0000).collect();
        sound(world, if kept.is_empty() || kept == text { ask } else { ask.with("text", kept) })
    }),
    violation("defaults", "a board is amber to begin with", |world, ask| {
        let is_plain = ask.is("POST", "boards") && ask.json().is_object() && ask.json().get("tint").is_none();
        sound(world, if is_plain { ask.with("tint", "amber") } else { ask })
    }),
    violation("server-set-ignored", "a ticket can be opened in the past", |world, ask| {
        let opened = ask.field("opened");
        let answer = sound(world, ask);
        if answer.status == 201 && opened.is_string() { answer.set("/opened", opened) } else { answer }
    }),
    violation("update-is-read", "an update is answered and forgotten", |world, ask| {
        let before = named(world, Kind::Board, &ask).map(|row| row.clone());
        let answer = sound(world, ask.clone());
        let is_title = ask.is("PATCH", "boards/*") && answer.is_success() && ask.field("title").is_string();
        if let (true, Some(before), Some(row)) = (is_title, before, named(world, Kind::Board, &ask)) {
            row.set("title", before.text("title"));
        }
        answer
    }),
    violation("update-is-partial", "an update clears the topics", |world, ask| {
        if ask.is("PATCH", "tickets/*") && ask.field("topics").is_null() && ask.field("subject").is_string() {
            return and_then(world, Kind::Ticket, &ask, |row, _| row.set("topics", json!([])));
        }
        sound(world, ask)
    }),
    violation("updated-moves", "the time of change stays", |world, ask| {
        if ask.is("PATCH", "boards/*") {
            and_then(world, Kind::Board, &ask, |row, before| row.set("changed", before.text("changed")))
        } else {
            sound(world, ask)
        }
    }),
    violation("update-is-partial", "an update answers another time of creation", |world, ask| {
        let is_update = ask.is("PATCH", "remarks/*");
        let answer = sound(world, ask);
        let changed = answer.at("/changed");
        if is_update && answer.is_success() { answer.set("/opened", changed) } else { answer }
    }),
    warning("update-empty", "an update of nothing is refused", |world, ask| {
        let is_empty = ask.is("PATCH", "boards/*") && ask.body == b"{}";
        sound(world, if is_empty { ask.with("title", 1) } else { ask })
    }),
    note("null-clears", "null leaves the capacity as it was", |world, ask| {
        let is_null = ask.json().get("capacity") == Some(&Value::Null) && ask.method == "PATCH";
        sound(world, if is_null { ask.without("capacity") } else { ask })
    }),
    violation("derived-field", "the stage does not follow the hold", |world, ask| {
        let is_held = ask.is("POST", "boards/*/tickets") && ask.field("on_hold") == true;
        let answer = sound(world, ask);
        if is_held { answer.set("/stage", "open") } else { answer }
    }),
    warning("derived-field", "a hold outlives the stage that was parked", |world, ask| {
        let is_moved = ask.is("PATCH", "tickets/*") && ask.field("stage") == "parked";
        let answer = sound(world, ask);
        if is_moved { answer.set("/on_hold", false) } else { answer }
    }),
    violation("normalised-on-write", "an update keeps a handle's capitals", |world, ask| {
        let handle = ask.field("handle").as_str().unwrap_or_default().to_owned();
        let answer = sound(world, ask.clone());
        let is_taken = ask.is("PATCH", "boards/*") && answer.is_success() && handle.to_lowercase() != handle;
        if is_taken { answer.set("/handle", handle) } else { answer }
    }),
    violation("normalised-on-write", "a label keeps the space around it", |world, ask| {
        let label = ask.field("label").as_str().unwrap_or_default().to_lowercase();
        let answer = sound(world, ask);
        if answer.status == 201 && label.trim() != label { answer.set("/label", label) } else { answer }
    }),
    violation("exclusive-value", "an update leaves the other ticket pinned", |world, ask| {
        let is_pin = ask.is("PATCH", "tickets/*") && ask.field("pinned") == true;
        let pinned: Vec<usize> = {
            let rows = world.desk("north").rows.iter().enumerate();
            let pinned = rows.filter(|(_, row)| is_pin && row.fields.get("pinned") == Some(&json!(true)));
            pinned.map(|(at, _)| at).collect()
        };
        let answer = sound(world, ask);
        for at in pinned {
            world.desk("north").rows[at].set("pinned", true);
        }
        answer
    }),
    violation("derived-field", "an update does not let the stage follow the hold", |world, ask| {
        let is_held = ask.is("PATCH", "tickets/*") && ask.field("on_hold") == true;
        let answer = sound(world, ask);
        if is_held && answer.is_success() { answer.set("/stage", "open") } else { answer }
    }),
    violation("normalised-on-write", "a new label keeps its capitals", |world, ask| {
        let label = ask.field("label").as_str().unwrap_or_default().trim().to_owned();
        let answer = sound(world, ask);
        if answer.status == 201 && label.to_lowercase() != label {
            answer.set("/label", label)
        } else {
            answer
        }
    }),
    violation("exclusive-value", "two tickets of a board are pinned", |world, ask| {
        let is_pin = ask.is("POST", "boards/*/tickets") && ask.field("pinned") == true;
        let pinned: Vec<String> = world
            .desk("north")
            .all(Kind::Ticket)
            .filter(|row| is_pin && row.fields["pinned"] == true)
            .map(|row| row.text("ref").to_owned())
            .collect();
        let answer = sound(world, ask);
        for row in
            world.desk("north").rows.iter_mut().filter(|row| pinned.iter().any(|id| row.text("ref") == id))
        {
            row.set("pinned", true);
        }
        answer
    }),
    warning("stamped-field", "nobody notes when a ticket was done", |world, ask| {
        let is_done = ask.is("PATCH", "tickets/*") && ask.field("stage") == "done";
        let answer = sound(world, ask);
        if is_done { answer.set("/done_at", Value::Null) } else { answer }
    }),
    violation("delete-names-the-row", "a delete names another board", |world, ask| {
        let is_delete = ask.is("DELETE", "boards/*");
        let answer = sound(world, ask);
        if is_delete { answer.set("/ref", "brd_another") } else { answer }
    }),
    violation("delete-then-gone", "a ticket that was dropped can be read", |world, ask| {
        let row = named(world, Kind::Ticket, &ask).map(|row| row.shown());
        let is_read = ask.is("GET", "tickets/*");
        let answer = sound(world, ask);
        match row {
            Some(row) if is_read && answer.status == 404 => Answer { status: 200, body: Some(row), ..answer },
            _ => answer,
        }
    }),
    violation("delete-again", "closing a board again is refused", |world, ask| {
        let is_gone = named(world, Kind::Board, &ask).is_some_and(|row| row.is_gone);
        sound(
            world,
            if is_gone && ask.method == "DELETE" {
                Ask { path: vec!["boards".into(), "none".into()], ..ask }
            } else {
                ask
            },
        )
    }),
    warning("delete-unknown", "taking back what never was goes well", |world, ask| {
        let is_unknown = ask.is("DELETE", "remarks/*") && named(world, Kind::Remark, &ask).is_none();
        let is_ours = ask.authorization.as_deref().is_some_and(|header| header.ends_with(NORTH));
        let answer = sound(world, ask);
        if is_unknown && is_ours { Answer { status: 204, body: None, ..answer } } else { answer }
    }),
    violation("update-deleted", "a ticket that was dropped can be changed", |world, ask| {
        let row = named(world, Kind::Ticket, &ask).map(|row| row.shown());
        let is_update = ask.is("PATCH", "tickets/*");
        let answer = sound(world, ask);
        match row {
            Some(row) if is_update && answer.status == 404 => {
                Answer { status: 200, body: Some(row), ..answer }
            }
            _ => answer,
        }
    }),
    violation("unique-on-create", "a handle may be taken twice", |world, ask| {
        let is_create = ask.is("POST", "boards");
        let answer = sound(world, ask.clone());
        if !is_create || answer.at("/fault/reason") != "handle_taken" {
            return answer;
        }
        let handle = ask.field("handle");
        sound(world, ask.without("handle")).set("/handle", handle)
    }),
    violation("unique-on-create", "a taken label is told as a taken handle", |world, ask| {
        let answer = sound(world, ask);
        if answer.at("/fault/reason") == "label_taken" {
            answer.set("/fault/reason", "handle_taken")
        } else {
            answer
        }
    }),
    violation("unique-on-update", "updates are not looked at for taken labels", |world, ask| {
        let is_update = ask.is("PATCH", "tickets/*");
        let answer = sound(world, ask.clone());
        if !is_update || answer.at("/fault/reason") != "label_taken" {
            return answer;
        }
        let label = ask.field("label").as_str().unwrap_or_default().to_lowercase();
        sound(world, ask.without("label")).set("/label", label)
    }),
    warning("unique-own-value", "a ticket's own label counts as taken", |world, ask| {
        let own = named(world, Kind::Ticket, &ask).map(|row| row.fields["label"].clone());
        let is_own = ask.is("PATCH", "tickets/*") && own.as_ref() == Some(&ask.field("label"));
        let answer = sound(world, ask);
        if is_own {
            Answer { headers: answer.headers, ..Answer::fault(409, "label_taken", Some("label")) }
        } else {
            answer
        }
    }),
    violation("unique-after-normalisation", "labels in other letters are others", |world, ask| {
        let label = ask.field("label").as_str().unwrap_or_default().to_owned();
        let answer = sound(world, ask.clone());
        let is_loud = ask.method == "POST" && label.to_lowercase() != label;
        if !is_loud || answer.at("/fault/reason") != "label_taken" {
            return answer;
        }
        let quiet = world.times("loud");
        sound(world, ask.with("label", format!("loud-{quiet}"))).set("/label", label.to_lowercase())
    }),
    violation("unique-under-concurrency", "of many boards at once two get one handle", |world, ask| {
        let handle = ask.field("handle");
        let is_same =
            ask.is("POST", "boards") && handle.is_string() && world.notes.get("handle") == Some(&handle);
        let again = if is_same { world.times("same") } else { 0 };
        world.notes.insert("handle".into(), handle.clone());
        if again == 0 {
            world.notes.remove("same");
        }
        if again < 2 { sound(world, ask) } else { sound(world, ask.without("handle")).set("/handle", handle) }
    }),
    warning("unique-after-delete", "the handle of a closed board stays taken", |world, ask| {
        let handle = ask.field("handle");
        let is_taken = world
            .desk("north")
            .all(Kind::Board)
            .any(|row| row.is_gone && handle.is_string() && row.fields["handle"] == handle);
        let answer = sound(world, ask);
        let is_made = is_taken && answer.status == 201;
        if is_made {
            Answer { headers: answer.headers, ..Answer::fault(409, "handle_taken", Some("handle")) }
        } else {
            answer
        }
    }),
    note("unique-after-delete", "the label of a dropped ticket is free again", |world, ask| {
        let answer = sound(world, ask.clone());
        let label = ask.field("label").as_str().unwrap_or_default().to_lowercase();
        let is_taken = world
            .desk("north")
            .all(Kind::Ticket)
            .any(|row| !row.is_gone && row.text("label") == label.trim());
        if ask.method != "POST" || answer.at("/fault/reason") != "label_taken" || is_taken {
            return answer;
        }
        let count = world.times("freed");
        sound(world, ask.with("label", format!("freed-{count}"))).set("/label", label)
    }),
];
