//! Odd input is accepted or refused, and never breaks the server.

use schemas::{Action, ParameterLocation, Standing, pointer};
use serde_json::{Map, Value, json};

use super::tried_whole::is_plain;
use super::wrong_document::takes_json;
use crate::contract::{Api, Aspect, Expected, Operation, PathSlot, reference};
use crate::generate::Extent;
use crate::http::Request;
use crate::judge::Breach;
use crate::law::{Case, Family, Law, Role};
use crate::scenario::{CaseContext, CaseError, CaseResult, ExclusiveRow, Setup as _};

pub(crate) static LAW: Law = Law {
    id: "odd-input-survived",
    family: Family::Input,
    says: "unusual input is accepted or refused, and never breaks the server",
    why: "Ids, parameters and bodies that trip parsers, databases and encoders. A server error is as sure a fault as the answer in its place is documented: a number of many digits names no row, a valid text is accepted, a body that is no JSON is refused.",
    alike: true,
    role: Role::ServerError,
    ..Law::by_cases(cases)
};

/// How sure it is that input breaks nothing of which nobody says how it is answered.
const STANDING: Standing = Standing::Inferred;

fn cases(api: &Api) -> Vec<Case> {
    let planned = |op: &Operation| {
        // Of ids of digits it is as sure as of any other that no row has.
        let standing = match op.action() {
            Action::Read => api.resource_of(op)?.unknown_row().standing(),
            _ => STANDING,
        };
        let case = odd_requests(api, op)?.standing(standing).place(op.pointer.clone());
        Some(case.needs(api.needs_rows(op)).needs([op.id.clone()]))
    };
    api.operations.iter().filter(|op| api.reachable(op)).filter_map(planned).collect()
}

fn odd_requests(api: &Api, op: &Operation) -> Option<Case> {
    let target = op.clone();
    Some(match op.action() {
        Action::Create if takes_json(op) => {
            let run = async move |cx: &mut CaseContext| bodies(cx, &target, None).await;
            let (kept, poison) = (TEXTS.len() + RAW.len(), POISON.len());
            let case = Case::new(&LAW, op, run).variant("body").about("body").sends(kept + poison);
            match api.resource_of(op) {
                Some(resource) => case.creates(kept, resource),
                None => case,
            }
        }
        Action::Update | Action::Replace if takes_json(op) => {
            let row = ExclusiveRow::of(api, api.resource_of(op)?);
            let run =
                async move |cx: &mut CaseContext, row: &ExclusiveRow| bodies(cx, &target, Some(row)).await;
            Case::given(&LAW, op, row, run).variant("body").about("body").sends(TEXTS.len() + RAW.len())
        }
        Action::Read if op.has_slot(PathSlot::Own) => {
            let run = async move |cx: &mut CaseContext| ids(cx, &target).await;
            Case::new(&LAW, op, run).variant("id").about("id").sends(IDS.len())
        }
        // The same code reads most ids: two odd ones will do where the row itself is not asked for.
        Action::Delete if op.has_slot(PathSlot::Own) => {
            let run = async move |cx: &mut CaseContext| two_ids(cx, &target).await;
            Case::new(&LAW, op, run).variant("id").about("id").sends(2)
        }
        Action::List => odd_queries(op, target, shown_slots(api, op)),
        // What is only described: nobody says what it does, and it must cope all the same.
        Action::Other if takes_json(op) => {
            let run = async move |cx: &mut CaseContext| bodies(cx, &target, None).await;
            let sends = TEXTS.len() + RAW.len() + POISON.len();
            Case::new(&LAW, op, run).variant("body").about("body").sends(sends)
        }
        Action::Read | Action::Other if op.is_safe() => {
            let slots = shown_slots(api, op);
            if slots.is_empty() && op.parameters_in(ParameterLocation::Query).next().is_none() {
                return None;
            }
            odd_queries(op, target, slots)
        }
        _ => return None,
    })
}

/// Odd values of every parameter of the query, one after the other.
fn odd_queries(op: &Operation, target: Operation, slots: Vec<String>) -> Case {
    let parameters = op.parameters_in(ParameterLocation::Query);
    let values: Vec<(String, [&str; 4])> = parameters
        .map(|parameter| {
            let instant = parameter.schema.keyword("format").is_some_and(|format| format == "date-time");
            (parameter.name.clone(), if instant { INSTANTS } else { PARAMETERS })
        })
        .collect();
    let count = values.len() * PARAMETERS.len() + slots.len() * IDS.len();
    let run = async move |cx: &mut CaseContext| {
        queries(cx, &target, &values).await?;
        odd_slots(cx, &target, &slots).await
    };
    Case::new(&LAW, op, run).variant("query").about("query").sends(count)
}

/// Ids that name no row: out of range, of other scripts, with signs that mean something to a path, a shell, a database.
const IDS: [&str; 9] =
    ["0", "-1", "99999999999999999999999999", "１２", "..%2f..%2f", "' OR '1'='1", "a\u{0}b", "🚀", "%"];

async fn ids(cx: &mut CaseContext, op: &Operation) -> CaseResult {
    let long = "a".repeat(1_000);
    for id in IDS.into_iter().chain([long.as_str()]) {
        let request = cx.request_to(op)?.own(id);
        let standing = sureness_of_id(cx, op, id);
        if !survives(cx, request, "an odd id in its path", standing).await? {
            break;
        }
    }
    Ok(())
}

async fn two_ids(cx: &mut CaseContext, op: &Operation) -> CaseResult {
    for id in [IDS[2], IDS[3]] {
        let standing = sureness_of_id(cx, op, id);
        if !survives(cx, Request::of(op).own(id), "an odd id in its path", standing).await? {
            break;
        }
    }
    Ok(())
}

/// How sure it is how an id is answered: what is written with digits is an id like any other, and names no row.
fn sureness_of_id(cx: &CaseContext, op: &Operation, id: &str) -> Standing {
    let resource = cx.api().resource_of(op).filter(|_| id.bytes().all(|byte| byte.is_ascii_digit()));
    resource.map_or(STANDING, |resource| resource.unknown_row().standing())
}

/// Values of parameters.
const PARAMETERS: [&str; 4] = ["", "99999999999999999999999999", "a\u{0}b", "🚀' --"];

/// The same where an instant is asked for: one that is older than what databases and libraries hold.
const INSTANTS: [&str; 4] = ["", PARAMETERS[1], PARAMETERS[2], "0000-01-01T00:00:00Z"];

async fn queries(cx: &mut CaseContext, op: &Operation, values: &[(String, [&str; 4])]) -> CaseResult {
    for (name, values) in values {
        for value in values {
            let request = cx.request_for(op)?.query(name, *value);
            let sure = sureness(op, ParameterLocation::Query, name, value);
            if !survives(cx, request, &format!("an odd {name}"), sure).await? {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// How sure it is that an odd value of a parameter breaks nothing: what is valid is as sure to be answered as anything else.
fn sureness(op: &Operation, location: ParameterLocation, name: &str, value: &str) -> Standing {
    let stated = op.parameter(location, name);
    let valid = stated.is_some_and(|one| one.schema.is_valid(&one.decode(&[value])));
    if is_plain(op) && valid && !value.contains('\0') { op.success_standing() } else { STANDING }
}

/// The path parameters of which the description says nothing more than a value.
fn shown_slots(api: &Api, op: &Operation) -> Vec<String> {
    let shown = |name: &str| api.filling(op, name).text().is_some();
    op.slots().filter(|(name, _)| shown(name)).map(|(name, _)| name.to_owned()).collect()
}

/// Odd values of path parameters of which the description says nothing but an example.
async fn odd_slots(cx: &mut CaseContext, op: &Operation, slots: &[String]) -> CaseResult {
    for name in slots {
        for id in IDS {
            let request = cx.request_for(op)?.slot(name, id);
            let sure = sureness(op, ParameterLocation::Path, name, id);
            if !survives(cx, request, &format!("an odd {name} in its path"), sure).await? {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// Texts that are valid and still trip what lies behind.
const TEXTS: [&str; 3] = ["a\u{0}b", "\u{feff}\u{202e}e\u{301}\u{200d}", "'; -- %s %n {{7*7}} ${x}"];

/// Whole bodies; what stands in the least body goes where the `@` is.
const RAW: [&str; 4] = [
    "{@, \"conformance_odd\": 123456789012345678901234567890}",
    "{@, @}",
    "{@, \"__proto__\": {\"a\": 1}, \"constructor\": null, \"\": 0}",
    "",
];

/// Bodies without what is required, so that they are refused one way or another: were they kept, what came back might be
/// no JSON, and could not be deleted any more.
const POISON: [&str; 3] =
    ["{\"conformance_odd\": \"\\ud800\"}", "{\"conformance_odd\": 1e400}", "{\"conformance_odd\": NaN}"];

async fn bodies(cx: &mut CaseContext, op: &Operation, row: Option<&ExclusiveRow>) -> CaseResult {
    let aimed = match row {
        Some(row) => row.get(cx).await?.request(op),
        None => cx.request_to(op)?,
    };
    for text in TEXTS {
        let Some((body, name)) = with_text(op, smallest_body(cx, op)?, text) else { break };
        let request = aimed.clone().json(body);
        // Not everything that stores texts can store a NUL, and who refuses it is no worse.
        let standing = if text.contains('\0') { STANDING } else { op.success_standing() };
        if !survives(cx, request, &format!("an odd {name}"), standing).await? {
            return Ok(());
        }
    }
    let refused = op.body.iter().flat_map(|body| body.schema.properties()).any(|property| property.required);
    let deep = format!("{{\"conformance_odd\": {}{}}}", "[".repeat(2_000), "]".repeat(2_000));
    for raw in POISON.into_iter().chain([deep.as_str()]).filter(|_| refused) {
        if !survives(cx, aimed.clone().raw(raw), "an odd body", STANDING).await? {
            return Ok(());
        }
    }
    let nested = format!("{{@, \"conformance_odd\": {}{}}}", "[".repeat(60), "]".repeat(60));
    for raw in RAW.into_iter().chain([nested.as_str()]) {
        let inner = Value::Object(smallest_body(cx, op)?).to_string();
        let inner = inner.trim_start_matches('{').trim_end_matches('}');
        let text = match inner {
            "" => raw.replacen("@, ", "", 2).replace('@', "\"conformance_odd\": 1"),
            inner => raw.replace('@', inner),
        };
        let request = aimed.clone().raw(&text);
        if !survives(cx, request, "an odd body", STANDING).await? {
            return Ok(());
        }
    }
    Ok(())
}

fn smallest_body(cx: &CaseContext, op: &Operation) -> Result<Map<String, Value>, CaseError> {
    match op.action() {
        Action::Update | Action::Replace => Ok(cx.change(op)?.0),
        _ => Ok(cx.body(op, Extent::Minimal)?.0),
    }
}

/// A body with an odd text in it, and the property that has it: where nobody says what an operation does, every text that may
/// be odd is.
fn with_text(op: &Operation, body: Map<String, Value>, text: &str) -> Option<(Value, String)> {
    let schema = &op.body.as_ref()?.schema;
    let mut whole = Value::Object(body);
    if is_plain(op) {
        let mut texts = Vec::new();
        places_of_texts(&whole, "", &mut texts);
        let mut changed = Vec::new();
        for place in texts {
            let mut odd = whole.clone();
            if let Some(slot) = odd.pointer_mut(&place) {
                *slot = Value::from(text);
            }
            if schema.is_valid(&odd) {
                whole = odd;
                changed.push(place);
            }
        }
        if let Some(first) = changed.first() {
            return Some((whole, first.trim_start_matches('/').replace('/', ".")));
        }
    }
    let name = text_property(op)?;
    whole.as_object_mut()?.insert(name.clone(), Value::from(text));
    Some((whole, name))
}

/// The pointers of every text in a value.
fn places_of_texts(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::String(_) => found.push(at.to_owned()),
        Value::Object(map) => {
            map.iter().for_each(|(name, value)| places_of_texts(value, &pointer::join(at, name), found));
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                places_of_texts(item, &format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
}

/// A text that may hold anything, as far as the schema goes.
fn text_property(op: &Operation) -> Option<String> {
    let body = op.body.as_ref()?;
    let properties = body.schema.properties();
    let free = properties
        .iter()
        .find(|property| reference(property).is_none() && property.schema.is_valid(&json!(TEXTS[0])));
    free.map(|property| property.name.clone())
}

/// Sends a request. Returns whether the server copes with it. What else the answer is held to is not asked here: what
/// refuses such input may stand in front of the API and know nothing of its envelope.
async fn survives(
    cx: &mut CaseContext,
    request: Request,
    what: &str,
    standing: Standing,
) -> Result<bool, CaseError> {
    let mark = cx.story.mark();
    let exchange = cx.send(request).await?;
    let (failures, others): (Vec<Breach>, Vec<Breach>) =
        cx.story.take_since(mark).into_iter().partition(|breach| breach.aspect == Aspect::ServerError);
    cx.story.add_breaches(others.into_iter().filter(|breach| breach.law == "nothing-leaks"));
    let expected = Expected::words("an answer, and no server error");
    cx.expecting(exchange.step, expected.clone());
    if !exchange.is_server_error() {
        return Ok(true);
    }
    let message = format!("{} answers {} to {what}", cx.operation, exchange.status);
    // Where nobody says what an operation does, it is a failure like any other.
    if exchange.request.op.as_ref().is_some_and(is_plain) && !failures.is_empty() {
        let told = |failure: Breach| Breach { message: message.clone(), standing, ..failure };
        cx.story.add_breaches(failures.into_iter().map(told));
        return Ok(false);
    }
    cx.breach(exchange.step, Aspect::ServerError, message, expected).standing(standing);
    Ok(false)
}
