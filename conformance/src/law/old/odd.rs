//! Input that nobody sends on purpose.

use schemas::{Action, ParameterLocation, Standing};
use serde_json::{Map, Value, json};

use super::id;
use super::law::{Family, Law, probed};
use crate::contract::{Api, Operation, PathSlot};
use crate::generate::Extent;
use crate::judge::Expected;
use super::case::Case;
use crate::http::Request;
use crate::scenario::{CaseContext, CaseError, lent};

/// The family.
pub(crate) const LAWS: &[Law] = &[probed(
    id::ODD_INPUT,
    Family::Input,
    "odd input is accepted or refused, and never breaks the server",
    "Ids, parameters and bodies that trip parsers, databases and encoders. What the answer is nobody promised; that there is one without a server error is implied.",
    cases,
)
.alike()];

/// How sure it is that odd input breaks nothing: nobody says so in as many words.
const STANDING: Standing = Standing::Inferred;

fn cases(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for op in api.operations.iter().filter(|op| api.reachable(op)) {
        let needs = api.needs_rows(op);
        let target = op.clone();
        let case = match op.action() {
            Action::Create if op.body.is_some() => {
                let case = Case::new(law, op, async move |cx: &mut CaseContext| bodies(cx, &target).await);
                case.variant("body").cost(2 * (TEXTS.len() + RAW.len()) + POISON.len())
            }
            Action::Update if op.body.is_some() => {
                let Some(resource) = api.resource_of(op) else { continue };
                let case = Case::new(law, op, async move |cx: &mut CaseContext| bodies(cx, &target).await);
                case.variant("body").cost(TEXTS.len() + RAW.len()).sees(lent(resource), 2)
            }
            Action::Read if op.has_slot(PathSlot::Own) => {
                let case = Case::new(law, op, async move |cx: &mut CaseContext| ids(cx, &target).await);
                case.variant("id").cost(IDS.len())
            }
            // The same code reads most ids: two odd ones will do where the row itself is not asked for.
            Action::Delete if op.has_slot(PathSlot::Own) => {
                let case = Case::new(law, op, async move |cx: &mut CaseContext| two_ids(cx, &target).await);
                case.variant("id").cost(2)
            }
            Action::List => {
                let names: Vec<String> = op
                    .parameters_in(ParameterLocation::Query)
                    .map(|parameter| parameter.name.clone())
                    .collect();
                let cost = names.len() * PARAMETERS.len();
                let case =
                    Case::new(law, op, async move |cx: &mut CaseContext| queries(cx, &target, &names).await);
                case.variant("query").cost(cost)
            }
            _ => continue,
        };
        let place = op.pointer.clone();
        cases.push(case.standing(STANDING).place(place).needs(needs).needs([op.id.clone()]));
    }
    cases
}

/// Ids that name no row: out of range, of other scripts, with signs that mean something to a path, a shell, a database.
const IDS: [&str; 9] =
    ["0", "-1", "99999999999999999999999999", "１２", "..%2f..%2f", "' OR '1'='1", "a\u{0}b", "🚀", "%"];

async fn ids(cx: &mut CaseContext, op: &Operation) -> Result<(), CaseError> {
    let long = "a".repeat(1_000);
    for id in IDS.into_iter().chain([long.as_str()]) {
        let request = cx.request_to(op)?.own(id);
        if !survives(cx, request, "an odd id in its path").await? {
            break;
        }
    }
    Ok(())
}

async fn two_ids(cx: &mut CaseContext, op: &Operation) -> Result<(), CaseError> {
    for id in [IDS[2], IDS[3]] {
        if !survives(cx, Request::of(op).own(id), "an odd id in its path").await? {
            break;
        }
    }
    Ok(())
}

/// Values of parameters.
const PARAMETERS: [&str; 4] = ["", "99999999999999999999999999", "a\u{0}b", "🚀' --"];

async fn queries(cx: &mut CaseContext, op: &Operation, names: &[String]) -> Result<(), CaseError> {
    for name in names {
        for value in PARAMETERS {
            let request = cx.request_for(op)?.query(name, value);
            if !survives(cx, request, &format!("an odd {name}")).await? {
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
/// no JSON, and no longer to be taken away.
const POISON: [&str; 3] =
    ["{\"conformance_odd\": \"\\ud800\"}", "{\"conformance_odd\": 1e400}", "{\"conformance_odd\": NaN}"];

async fn bodies(cx: &mut CaseContext, op: &Operation) -> Result<(), CaseError> {
    let aimed = request_for(cx, op).await?;
    for text in TEXTS {
        let mut body = least(cx, op)?;
        let Some(name) = text_property(op) else { break };
        body.insert(name.clone(), Value::from(text));
        let request = aimed.clone().json(body);
        if !survives(cx, request, &format!("an odd {name}")).await? {
            return Ok(());
        }
    }
    let refused = op.body.iter().flat_map(|body| body.schema.properties()).any(|property| property.required);
    let deep = format!("{{\"conformance_odd\": {}{}}}", "[".repeat(2_000), "]".repeat(2_000));
    for raw in POISON.into_iter().chain([deep.as_str()]).filter(|_| refused) {
        if !survives(cx, aimed.clone().raw(raw), "an odd body").await? {
            return Ok(());
        }
    }
    let nested = format!("{{@, \"conformance_odd\": {}{}}}", "[".repeat(60), "]".repeat(60));
    for raw in RAW.into_iter().chain([nested.as_str()]) {
        let inner = Value::Object(least(cx, op)?).to_string();
        let inner = inner.trim_start_matches('{').trim_end_matches('}');
        let text = match inner {
            "" => raw.replacen("@, ", "", 2).replace('@', "\"conformance_odd\": 1"),
            inner => raw.replace('@', inner),
        };
        let request = aimed.clone().raw(&text);
        if !survives(cx, request, "an odd body").await? {
            return Ok(());
        }
    }
    Ok(())
}

fn least(cx: &CaseContext, op: &Operation) -> Result<Map<String, Value>, CaseError> {
    match op.action() {
        Action::Update => Ok(cx.change(op)?.0),
        _ => Ok(cx.body(op, Extent::Minimal)?.0),
    }
}

/// A row nobody relies on, where the operation changes one.
async fn request_for(cx: &mut CaseContext, op: &Operation) -> Result<Request, CaseError> {
    let resource = cx.api().resource_of(op).filter(|_| op.action() == Action::Update).cloned();
    match resource {
        Some(resource) => Ok(Request::of(op).own(&cx.exclusive_row(&resource).await?.id)),
        None => cx.request_to(op),
    }
}

/// A text that may hold anything, as far as the schema goes.
fn text_property(op: &Operation) -> Option<String> {
    let body = op.body.as_ref()?;
    let properties = body.schema.properties();
    let free = properties.iter().find(|property| {
        crate::contract::reference(property).is_none() && property.schema.is_valid(&json!(TEXTS[0]))
    });
    free.map(|property| property.name.clone())
}

/// Sends a request; whether the server is none the worse. What else the answer is held to is not asked here: what refuses
/// such input may stand in front of the API and know nothing of its envelope.
async fn survives(cx: &mut CaseContext, request: Request, what: &str) -> Result<bool, CaseError> {
    let mark = cx.breaches.len();
    let exchange = cx.send(request).await?;
    let passive = cx.breaches.split_off(mark);
    cx.breaches.extend(passive.into_iter().filter(|breach| breach.law == id::NOTHING_LEAKS));
    let expect = Expected::words("an answer, and no server error");
    cx.expecting(exchange.step, expect.clone());
    if !exchange.is_server_error() {
        return Ok(true);
    }
    let (operation, place) = (cx.operation.clone(), cx.place.clone());
    let message = format!("{operation} answers {} to {what}", exchange.status);
    cx.broke(exchange.step, "crash", STANDING, &place, message, expect);
    Ok(false)
}
