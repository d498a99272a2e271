//! Input that nobody sends on purpose.

use schemas::{Action, ParameterLocation, Standing};
use serde_json::{Map, Value, json};

use super::id;
use super::statement::{Family, Law, probed};
use crate::atlas::{Atlas, Op, Slot};
use crate::generate::Extent;
use crate::judge::Expect;
use crate::plan::Case;
use crate::probe::Call;
use crate::run::{Scene, Stop, lent};

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

fn cases(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for op in atlas.operations.iter().filter(|op| atlas.reachable(op)) {
        let needs = atlas.needs_rows(op);
        let target = op.clone();
        let case = match op.action() {
            Action::Create if op.body.is_some() => {
                let case = Case::new(law, op, async move |scene: &mut Scene| bodies(scene, &target).await);
                case.variant("body").cost(2 * (TEXTS.len() + RAW.len()) + POISON.len())
            }
            Action::Update if op.body.is_some() => {
                let Some(kin) = atlas.kin_of(op) else { continue };
                let case = Case::new(law, op, async move |scene: &mut Scene| bodies(scene, &target).await);
                case.variant("body").cost(TEXTS.len() + RAW.len()).sees(lent(kin), 2)
            }
            Action::Read if op.has_slot(Slot::Own) => {
                let case = Case::new(law, op, async move |scene: &mut Scene| ids(scene, &target).await);
                case.variant("id").cost(IDS.len())
            }
            // The same code reads most ids: two odd ones will do where the row itself is not asked for.
            Action::Delete if op.has_slot(Slot::Own) => {
                let case = Case::new(law, op, async move |scene: &mut Scene| two_ids(scene, &target).await);
                case.variant("id").cost(2)
            }
            Action::List => {
                let names: Vec<String> = op
                    .parameters_in(ParameterLocation::Query)
                    .map(|parameter| parameter.name.clone())
                    .collect();
                let cost = names.len() * PARAMETERS.len();
                let case =
                    Case::new(law, op, async move |scene: &mut Scene| queries(scene, &target, &names).await);
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

async fn ids(scene: &mut Scene, op: &Op) -> Result<(), Stop> {
    let long = "a".repeat(1_000);
    for id in IDS.into_iter().chain([long.as_str()]) {
        let call = scene.aim_at(op)?.own(id);
        if !survives(scene, call, "an odd id in its path").await? {
            break;
        }
    }
    Ok(())
}

async fn two_ids(scene: &mut Scene, op: &Op) -> Result<(), Stop> {
    for id in [IDS[2], IDS[3]] {
        if !survives(scene, Call::of(op).own(id), "an odd id in its path").await? {
            break;
        }
    }
    Ok(())
}

/// Values of parameters.
const PARAMETERS: [&str; 4] = ["", "99999999999999999999999999", "a\u{0}b", "🚀' --"];

async fn queries(scene: &mut Scene, op: &Op, names: &[String]) -> Result<(), Stop> {
    for name in names {
        for value in PARAMETERS {
            let call = scene.aim(op)?.query(name, value);
            if !survives(scene, call, &format!("an odd {name}")).await? {
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

async fn bodies(scene: &mut Scene, op: &Op) -> Result<(), Stop> {
    let aimed = aim(scene, op).await?;
    for text in TEXTS {
        let mut body = least(scene, op)?;
        let Some(name) = text_property(op) else { break };
        body.insert(name.clone(), Value::from(text));
        let call = aimed.clone().json(body);
        if !survives(scene, call, &format!("an odd {name}")).await? {
            return Ok(());
        }
    }
    let refused = op.body.iter().flat_map(|body| body.schema.properties()).any(|property| property.required);
    let deep = format!("{{\"conformance_odd\": {}{}}}", "[".repeat(2_000), "]".repeat(2_000));
    for raw in POISON.into_iter().chain([deep.as_str()]).filter(|_| refused) {
        if !survives(scene, aimed.clone().raw(raw), "an odd body").await? {
            return Ok(());
        }
    }
    let nested = format!("{{@, \"conformance_odd\": {}{}}}", "[".repeat(60), "]".repeat(60));
    for raw in RAW.into_iter().chain([nested.as_str()]) {
        let inner = Value::Object(least(scene, op)?).to_string();
        let inner = inner.trim_start_matches('{').trim_end_matches('}');
        let text = match inner {
            "" => raw.replacen("@, ", "", 2).replace('@', "\"conformance_odd\": 1"),
            inner => raw.replace('@', inner),
        };
        let call = aimed.clone().raw(&text);
        if !survives(scene, call, "an odd body").await? {
            return Ok(());
        }
    }
    Ok(())
}

fn least(scene: &Scene, op: &Op) -> Result<Map<String, Value>, Stop> {
    match op.action() {
        Action::Update => Ok(scene.change(op)?.0),
        _ => Ok(scene.body(op, Extent::Minimal)?.0),
    }
}

/// A row nobody relies on, where the operation changes one.
async fn aim(scene: &mut Scene, op: &Op) -> Result<Call, Stop> {
    let kin = scene.atlas().kin_of(op).filter(|_| op.action() == Action::Update).cloned();
    match kin {
        Some(kin) => Ok(Call::of(op).own(&scene.lend(&kin).await?.id)),
        None => scene.aim_at(op),
    }
}

/// A text that may hold anything, as far as the schema goes.
fn text_property(op: &Op) -> Option<String> {
    let body = op.body.as_ref()?;
    let properties = body.schema.properties();
    let free = properties.iter().find(|property| {
        crate::atlas::reference(property).is_none() && property.schema.is_valid(&json!(TEXTS[0]))
    });
    free.map(|property| property.name.clone())
}

/// Sends a call; whether the server is none the worse. What else the answer is held to is not asked here: what refuses
/// such input may stand in front of the API and know nothing of its envelope.
async fn survives(scene: &mut Scene, call: Call, what: &str) -> Result<bool, Stop> {
    let mark = scene.breaches.len();
    let exchange = scene.send(call).await?;
    let passive = scene.breaches.split_off(mark);
    scene.breaches.extend(passive.into_iter().filter(|breach| breach.law == id::NOTHING_LEAKS));
    let expect = Expect::words("an answer, and no server error");
    scene.expecting(exchange.step, expect.clone());
    if !exchange.is_server_error() {
        return Ok(true);
    }
    let (operation, place) = (scene.operation.clone(), scene.place.clone());
    let message = format!("{operation} answers {} to {what}", exchange.status);
    scene.broke(exchange.step, "crash", STANDING, &place, message, expect);
    Ok(false)
}
