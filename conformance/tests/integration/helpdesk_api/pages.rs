//! Lists, by pages.

use serde_json::{Value, json};

use super::answer::Answer;
use super::ask::Ask;
use super::check::{PRIORITIES, STAGES, TINTS};
use super::store::{Kind, Row, Workspace};

const USUAL: usize = 10;
const MOST: usize = 50;

/// Whether a row has what a parameter asks for.
type Test<'a> = Box<dyn Fn(&Row) -> bool + 'a>;

/// A page of the rows of a kind, of one owner where one is given.
pub(super) fn list(
    workspace: &Workspace,
    kind: Kind,
    owner: Option<&str>,
    ask: &Ask,
) -> Result<Answer, Answer> {
    let mut tests: Vec<Test> = Vec::new();
    if let (Some(id), Some((field, kind))) = (owner, kind.owner()) {
        let owner = workspace.find(kind, id).ok_or_else(|| kind.unknown())?.text("ref").to_owned();
        tests.push(Box::new(move |row| row.text(field) == owner));
    }
    let names: &[&'static str] = match (kind, owner) {
        (Kind::Board, _) => &["tint", "handle"],
        (Kind::Ticket, None) => &["board", "stage", "priority"],
        (Kind::Ticket, Some(_)) => &[],
        (Kind::Remark, _) => &["ticket", "audience"],
    };
    for name in names {
        let Some(wanted) = ask.param(name) else { continue };
        let members = match *name {
            "tint" => TINTS,
            "stage" => STAGES,
            "priority" => PRIORITIES,
            _ => &[],
        };
        if !members.is_empty() && !members.contains(&wanted) {
            return Err(Answer::fault(422, "unlisted", Some(name)));
        }
        let named = kind.owner().filter(|(field, _)| field == name).map(|(_, kind)| kind);
        let wanted = match named {
            Some(kind) => workspace.find(kind, wanted).map(|row| row.text("ref").to_owned()),
            None => Some(wanted.to_owned()),
        };
        tests.push(Box::new(move |row| Some(row.text(name)) == wanted.as_deref()));
    }
    let size = match ask.param("size").map(str::parse::<usize>) {
        None => USUAL,
        Some(Ok(size @ 1..=MOST)) => size,
        Some(Ok(0)) => return Err(Answer::fault(422, "too_little", Some("size"))),
        Some(Ok(_)) => return Err(Answer::fault(422, "too_much", Some("size"))),
        Some(Err(_)) => return Err(Answer::fault(422, "wrong_kind", Some("size"))),
    };
    if let Some(text) = ask.param("before") {
        let before: jiff::Timestamp =
            text.parse().map_err(|_| Answer::fault(422, "misshapen", Some("before")))?;
        tests.push(Box::new(move |row| {
            row.text("opened").parse::<jiff::Timestamp>().is_ok_and(|opened| opened < before)
        }));
    }
    let mut rows = workspace
        .all(kind)
        .rev()
        .filter(|row| workspace.is_listed(row) && tests.iter().all(|test| test(row)));
    let page: Vec<&Row> = rows.by_ref().take(size).collect();
    let more = rows.next().is_some();
    let before = page.last().filter(|_| more).map_or(Value::Null, |last| last.text("opened").into());
    let items: Vec<Value> = page.into_iter().map(Row::shown).collect();
    Ok(Answer::new(200, json!({"items": items, "page": {"more": more, "before": before}})))
}
