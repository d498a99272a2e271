//! A stamp is set when its change happens.

use schemas::{Field, Stamp, StampMoment};
use serde_json::{Map, Value};

use super::other_member::other_member;
use super::writes::updates;
use crate::contract::{Api, Expected, Operation, Resource};
use crate::generate::presence;
use crate::law::{Case, Family, Law};
use crate::scenario::CaseContext;

pub(crate) static LAW: Law = Law {
    id: "stamped-field",
    family: Family::State,
    says: "a stamp is set when its change happens",
    why: "The moment is not promised; a difference is reported as a note.",
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    let mut cases = Vec::new();
    for (resource, update) in updates(api) {
        for field in resource.fields.values() {
            let stamps = field.rules.stamp.iter().filter(|stamp| stamp.at == StampMoment::Write);
            cases.extend(stamps.filter_map(|stamp| case(api, resource, update, field, stamp)));
        }
    }
    cases
}

fn case(api: &Api, resource: &Resource, update: &Operation, field: &Field, stamp: &Stamp) -> Option<Case> {
    let when = stamp.when.clone()?;
    let property = update.body.as_ref()?.schema.property(&when.field)?;
    let value = match (&when.enters, &when.leaves) {
        (Some(enters), _) => enters.clone(),
        (None, Some(leaves)) => other_member(update, &property.name, leaves)?,
        (None, None) => return None,
    };
    let standing = stamp.standing.weakest(presence(&property));
    let (rows, op, name) = (resource.clone(), update.clone(), field.name.clone());
    let run = async move |cx: &mut CaseContext| {
        let row = cx.create_row(&rows).await?;
        let fields = Map::from_iter([(when.field.clone(), value.clone())]);
        let exchange = cx.send(cx.update_request(&op, &row, fields)?).await?;
        cx.require_success(&exchange)?;
        if exchange.property(&name).is_some_and(Value::is_null) {
            let message = format!("{name} is not set when {} becomes {value}", when.field);
            let expected = Expected::words(format!("{name} set"));
            cx.wrong_value(exchange.step, &name, message, expected).standing(standing);
        }
        Ok(())
    };
    // A row and its update.
    let case = Case::new(&LAW, update, run).variant(field.name.clone()).sends(2).creates(1, resource);
    let case = case.standing(standing).place(field.pointer.clone());
    Some(case.needs(api.makers(resource)).needs([update.id.clone()]))
}
