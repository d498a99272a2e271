//! Bodies with exactly one thing wrong, and what they are refused with.

use schemas::{FaultKind, MediaKind, Standing};
use serde_json::Value;

use crate::contract::{Api, Operation, Refusal};
use crate::generate::{Change, Extent, Namer, RunMark, Valid, Wrong, wrongs};

/// What a wrong body is refused with: no surer than the statement it breaks and the operation's own word on such answers.
pub(crate) fn refusal_of_wrong(api: &Api, op: &Operation, wrong: &Wrong) -> Refusal {
    let mut refusal = api.refusal(op, wrong.kinds.first().copied().unwrap_or(FaultKind::Other).rejection());
    for kind in wrong.kinds.iter().skip(1) {
        refusal = refusal.or_codes_of(&api.refusal(op, kind.rejection()));
    }
    if is_enumerated(api, wrong) {
        refusal = refusal.or_codes_of(&api.refusal(op, FaultKind::Enum.rejection()));
    }
    let stated = op.standing_of(refusal.status());
    refusal.place.clone_from(&wrong.place);
    refusal.at_most(wrong.standing).at_most(stated).blaming(&wrong.blamed)
}

/// Whether the value belongs to a list: one of another type is no member either, and may be refused as such.
fn is_enumerated(api: &Api, wrong: &Wrong) -> bool {
    let schema = wrong.place.rsplit_once('/').map(|(schema, _)| schema);
    schema.is_some_and(|schema| api.contract.document().get(&format!("{schema}/enum")).is_some())
}

/// What is wrong, for people.
pub(crate) fn describe_wrong(op: &Operation, wrong: &Wrong) -> String {
    let name = &wrong.blamed;
    let what = match (&wrong.change, wrong.kinds.first()) {
        (Change::Remove, _) => format!("without {name}"),
        (Change::Set(_), Some(FaultKind::Null)) => format!("with {name} null"),
        (Change::Set(_), Some(FaultKind::Type)) => format!("with {name} of another type"),
        (Change::Set(_), Some(FaultKind::TooSmall)) => format!("with {name} under its bound"),
        (Change::Set(_), Some(FaultKind::TooBig)) => format!("with {name} over its bound"),
        (Change::Set(_), Some(FaultKind::Format)) => format!("with {name} in no valid form"),
        (Change::Set(_), Some(FaultKind::Enum)) => format!("with {name} that is no member"),
        (Change::Set(_), _) => format!("with a wrong {name}"),
    };
    format!("a request of {} {what}", op.id)
}

/// Everything that can be wrong with an operation's body, found by a body whose texts are never sent.
pub(crate) fn all_wrongs(api: &Api, op: &Operation) -> Vec<Wrong> {
    let Some(body) = &op.body else { return Vec::new() };
    let names = Namer::new(&RunMark::new("x", None), &op.id, 0);
    let row = |_: &str| Some("x".to_owned());
    let valid = Valid { api, op, names: &names, row: &row };
    let Some((least, _)) = valid.body(Extent::Minimal) else { return Vec::new() };
    let whole = valid.body(Extent::Full(Standing::Inferred)).map_or_else(|| least.clone(), |(map, _)| map);
    let mut found = wrongs(&body.schema, &least, &whole);
    // What a form cannot say cannot be wrong in it, and what it writes alike is read alike.
    let view = body.usual();
    if view.kind() != MediaKind::Json {
        found.retain(|wrong| {
            let mut body = least.clone();
            wrong.apply(&mut body);
            let written = view.write(&Value::Object(body)).ok();
            let read = written.and_then(|body| view.read(&body.content_type, &body.bytes).ok().flatten());
            read.is_some_and(|read| !view.schema.is_valid(&read))
        });
    }
    found
}
