//! Making, changing and deleting rows.

use serde_json::{Map, Value, json};

use super::answer::Answer;
use super::check;
use super::store::{Kind, Row, Workspace, World};

/// What a property that is not sent is.
fn defaults(kind: Kind) -> Value {
    match kind {
        Kind::Board => {
            json!({"title": "", "handle": null, "tint": "green", "capacity": null, "contact": null})
        }
        Kind::Ticket => json!({
            "subject": "", "label": "", "priority": "normal", "stage": "open", "on_hold": false, "pinned": false,
            "due": null, "effort": null, "topics": [], "done_at": null,
        }),
        Kind::Remark => json!({"text": "", "audience": "staff", "rating": null}),
    }
}

/// Makes a row; `owner` is named by the path or by the body.
pub(super) fn make(
    world: &mut World,
    desk: &'static str,
    kind: Kind,
    owner: Option<&str>,
    text: &[u8],
) -> Result<Answer, Answer> {
    let owner = match (owner, kind.owner()) {
        (Some(id), Some((_, kind))) => {
            let row = world.desk(desk).find(kind, id).ok_or_else(|| kind.unknown())?;
            Some(row.text("ref").to_owned())
        }
        _ => None,
    };
    let mut sent = check::body(kind, text, true)?;
    let owner = match kind.owner().filter(|_| owner.is_none()) {
        Some((field, kind)) => {
            let id = sent.shift_remove(field).unwrap_or_default();
            let id = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
            let row = world.desk(desk).find(kind, &id);
            let row = row.ok_or_else(|| Answer::fault(422, "no_such_ticket", Some(field)))?;
            Some(row.text("ref").to_owned())
        }
        None => owner,
    };
    let reference = world.fresh_ref(kind);
    let at = world.now();
    let workspace = world.desk(desk);
    let number = workspace.all(kind).count() + 1;
    let mut row = Row { kind, fields: Map::new(), is_gone: false };
    row.set("ref", reference);
    row.set("number", number);
    if let (Some((field, _)), Some(owner)) = (kind.owner(), owner) {
        row.set(field, owner);
    }
    if let Value::Object(defaults) = defaults(kind) {
        row.fields.extend(defaults);
    }
    row.set("opened", at.clone());
    row.set("changed", at.clone());
    apply(workspace, &mut row, sent, &at)?;
    let shown = row.shown();
    workspace.rows.push(row);
    Ok(Answer::new(201, shown))
}

/// Changes what is sent of a row.
pub(super) fn change(
    world: &mut World,
    desk: &'static str,
    kind: Kind,
    id: &str,
    text: &[u8],
) -> Result<Answer, Answer> {
    let workspace = world.desk(desk);
    let position = workspace.position(kind, id).filter(|at| !workspace.rows[*at].is_gone);
    let position = position.ok_or_else(|| kind.unknown())?;
    let sent = check::body(kind, text, false)?;
    let at = world.now();
    let workspace = world.desk(desk);
    let mut row = workspace.rows[position].clone();
    apply(workspace, &mut row, sent, &at)?;
    row.set("changed", at);
    let shown = row.shown();
    workspace.rows[position] = row;
    Ok(Answer::new(200, shown))
}

/// Deletes a row. Where a repeat is answered like the first time, it is.
pub(super) fn delete(world: &mut World, desk: &'static str, kind: Kind, id: &str) -> Result<Answer, Answer> {
    let workspace = world.desk(desk);
    let position = workspace.position(kind, id).ok_or_else(|| kind.unknown())?;
    let row = &mut workspace.rows[position];
    if row.is_gone && kind == Kind::Ticket {
        return Err(kind.unknown());
    }
    row.is_gone = true;
    Ok(match kind {
        Kind::Remark => Answer::bare(204),
        Kind::Board | Kind::Ticket => Answer::new(
            200,
            json!({"ref": row.fields["ref"], "number": row.fields["number"], "closed": true}),
        ),
    })
}

/// Puts what was sent into a row, by the rules of its kind.
fn apply(
    workspace: &mut Workspace,
    row: &mut Row,
    mut sent: Map<String, Value>,
    at: &str,
) -> Result<(), Answer> {
    if let Some(Value::String(handle)) = sent.get_mut("handle") {
        *handle = handle.to_lowercase();
        let handle = handle.clone();
        let mut others = workspace.all(Kind::Board).filter(|other| !other.is_gone);
        if others.any(|other| other.text("ref") != row.text("ref") && other.text("handle") == handle) {
            return Err(Answer::fault(409, "handle_taken", Some("handle")));
        }
    }
    if let Some(Value::String(label)) = sent.get_mut("label") {
        *label = label.trim().to_lowercase();
        let label = label.clone();
        // A label stays taken when its ticket goes.
        let mut others = workspace.all(Kind::Ticket).filter(|other| other.text("board") == row.text("board"));
        if others.any(|other| other.text("ref") != row.text("ref") && other.text("label") == label) {
            return Err(Answer::fault(409, "label_taken", Some("label")));
        }
    }
    if let Some(stage) = sent.get("stage").cloned() {
        let was_done = row.text("stage") == "done";
        row.set("on_hold", stage == "parked");
        if stage == "done" && !was_done {
            row.set("done_at", at);
        }
        row.set("stage", stage);
        sent.shift_remove("stage");
    }
    if let Some(held) = sent.get("on_hold").and_then(Value::as_bool) {
        if held {
            row.set("stage", "parked");
        } else if row.text("stage") == "parked" {
            row.set("stage", "open");
        }
    }
    if sent.get("pinned") == Some(&Value::Bool(true)) {
        let board = row.text("board").to_owned();
        let others = workspace.rows.iter_mut().filter(|other| other.kind == Kind::Ticket);
        for other in others.filter(|other| other.text("board") == board) {
            other.set("pinned", false);
        }
    }
    row.fields.extend(sent);
    Ok(())
}
