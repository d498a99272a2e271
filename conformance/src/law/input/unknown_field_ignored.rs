//! A property nobody knows is not kept.

use schemas::Standing;
use serde_json::{Map, Value};

use crate::contract::{Api, Aspect, Expected};
use crate::law::support::creatable;
use crate::law::{Case, Family, Law};
use crate::scenario::CaseContext;

pub(crate) static LAW: Law = Law {
    id: "unknown-field-ignored",
    family: Family::Input,
    says: "an unknown property is not stored",
    why: "Refusing it is as good as ignoring it.",
    ..Law::by_cases(cases)
};

/// A property that no contract has.
const UNKNOWN: &str = "conformance_unknown_property";

fn cases(api: &Api) -> Vec<Case> {
    let mut cases = Vec::new();
    for (resource, op) in creatable(api) {
        let (target, rows) = (op.clone(), resource.clone());
        let case = Case::new(&LAW, op, async move |cx: &mut CaseContext| {
            let fields = Map::from_iter([(UNKNOWN.to_owned(), Value::from("kept"))]);
            let request = cx.create_request(&rows, None, fields)?;
            let exchange = cx.send(request).await?;
            let expected = Expected::words("a refusal, or the property ignored");
            cx.expecting(exchange.step, expected.clone());
            let shown = exchange.json.as_ref().filter(|_| exchange.is_success());
            if shown.is_some_and(|row| row.get(UNKNOWN).is_some()) {
                let message = format!("{} keeps a property nobody knows", target.id);
                let breach = cx.breach(exchange.step, Aspect::Other("kept"), message, expected);
                breach.standing(Standing::Assumed);
            }
            Ok(())
        });
        let case = case.standing(Standing::Assumed).creates(1, resource);
        cases.push(case.needs(api.makers(resource)));
    }
    cases
}
