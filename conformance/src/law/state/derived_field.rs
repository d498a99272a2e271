//! A derived property follows the one that decides.

use schemas::{Derived, Field, Standing};
use serde_json::{Map, Value};

use super::other_member::other_member;
use super::writes::{write_case, write_request, writes};
use crate::contract::{Api, Expected, Operation, Resource};
use crate::generate::presence;
use crate::law::support::creatable;
use crate::law::{Case, Family, Law};
use crate::scenario::{CaseContext, CaseResult, Exchange, ExclusiveRow, Setup as _};

pub(crate) static LAW: Law = Law {
    id: "derived-field",
    family: Family::State,
    says: "a derived property follows the one that decides",
    why: "Set the deciding property and see; write the derived one and see.",
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    let mut cases = Vec::new();
    for (resource, create) in creatable(api) {
        for field in resource.fields.values() {
            let Some(rule) = &field.rules.derived else { continue };
            let decided = |op: &Operation| decided(api, resource, op, field, rule);
            cases.extend(writes(resource, create).filter_map(decided));
            cases.extend(written(api, resource, field, rule));
        }
    }
    cases
}

fn place(field: &Field) -> String {
    schemas::pointer::join(&field.pointer, "x-contract-field")
}

/// How sure it is that an operation takes a property; `None` where it does not.
fn takes(op: &Operation, name: &str) -> Option<Standing> {
    op.body.as_ref().and_then(|body| body.schema.property(name)).map(|property| presence(&property))
}

/// The deciding property is set.
fn decided(api: &Api, resource: &Resource, op: &Operation, field: &Field, rule: &Derived) -> Option<Case> {
    let sure = takes(op, &rule.from)?;
    let decides = Decides {
        resource: resource.clone(),
        op: op.clone(),
        name: field.name.clone(),
        rule: rule.clone(),
        // That the flag may be sent is one statement, what then follows another.
        shown: rule.standing.weakest(rule.shown.unwrap_or(rule.standing)),
        sure,
    };
    let standing = decides.standing();
    let updates = resource.create.as_ref() != Some(op);
    let run = async move |cx: &mut CaseContext, row: Option<&ExclusiveRow>| decides.run(cx, row).await;
    let case = write_case(&LAW, api, resource, op, run).variant(format!("{}-from-{}", field.name, rule.from));
    // An update sets the flag and clears it.
    let case = if updates { case.sends(2) } else { case };
    Some(case.standing(standing).place(place(field)).needs([op.id.clone()]))
}

struct Decides {
    resource: Resource,
    op: Operation,
    name: String,
    rule: Derived,
    /// How sure it is that the derived property follows.
    shown: Standing,
    /// How sure it is that the deciding property can be sent.
    sure: Standing,
}

impl Decides {
    fn standing(&self) -> Standing {
        self.shown.weakest(self.sure)
    }

    async fn run(&self, cx: &mut CaseContext, row: Option<&ExclusiveRow>) -> CaseResult {
        let fields = Map::from_iter([(self.rule.from.clone(), self.rule.equals.clone())]);
        let request = write_request(cx, &self.resource, &self.op, row, fields).await?;
        let exchange = cx.send(request).await?;
        cx.require_success(&exchange)?;
        if exchange.property(&self.name).is_some_and(|value| *value != self.rule.value) {
            self.does_not_follow(cx, &exchange);
            return Ok(());
        }
        let back = self.rule.equals.as_bool().filter(|_| row.is_some()).map(|flag| Value::Bool(!flag));
        match back {
            Some(back) => self.clear(cx, &exchange, back).await,
            None => Ok(()),
        }
    }

    fn does_not_follow(&self, cx: &mut CaseContext, exchange: &Exchange) {
        let Self { name, rule, .. } = self;
        // Once the row itself says that the flag is set, nothing is left to be inferred.
        let decided = exchange.property(&rule.from) == Some(&rule.equals);
        let standing = if decided { self.shown } else { self.standing() };
        let message = format!("{name} does not read {} while {} is {}", rule.value, rule.from, rule.equals);
        let expected = Expected::words(format!("{name} {}", rule.value));
        cx.wrong_value(exchange.step, name, message, expected).standing(standing);
    }

    async fn clear(&self, cx: &mut CaseContext, set: &Exchange, back: Value) -> CaseResult {
        let Self { name, rule, .. } = self;
        let fields = Map::from_iter([(rule.from.clone(), back)]);
        let exchange = cx.send(set.request.clone().json(fields)).await?;
        cx.require_success(&exchange)?;
        let expected = Expected::words(format!("{name} no longer {}", rule.value));
        cx.expecting(exchange.step, expected.clone());
        if exchange.property(name) == Some(&rule.value) {
            let message = format!("{name} still reads {} once {} is cleared", rule.value, rule.from);
            cx.wrong_value(exchange.step, name, message, expected)
                .standing(self.shown.weakest(Standing::Inferred));
        }
        Ok(())
    }
}

/// The derived property is written.
fn written(api: &Api, resource: &Resource, field: &Field, rule: &Derived) -> Option<Case> {
    let (standing, update) = (rule.written?, resource.update.as_ref()?);
    takes(update, &field.name)?;
    let other = other_member(update, &field.name, &rule.value)?;
    let (op, name, rule) = (update.clone(), field.name.clone(), rule.clone());
    let run = async move |cx: &mut CaseContext, row: &ExclusiveRow| {
        let row = row.get(cx).await?;
        for (value, flag) in [(&rule.value, true), (&other, false)] {
            let fields = Map::from_iter([(name.clone(), value.clone())]);
            let exchange = cx.send(cx.update_request(&op, &row, fields)?).await?;
            cx.require_success(&exchange)?;
            if !follows(cx, &exchange, &name, &rule, value, flag, standing) {
                break;
            }
        }
        Ok(())
    };
    let case = Case::given(&LAW, update, ExclusiveRow::of(api, resource), run).sends(2);
    Some(case.variant(format!("{}-written", field.name)).standing(standing).place(place(field)))
}

/// Whether the deciding property agrees with a value that was written to the derived one.
fn follows(
    cx: &mut CaseContext,
    exchange: &Exchange,
    name: &str,
    rule: &Derived,
    value: &Value,
    flag: bool,
    standing: Standing,
) -> bool {
    let state = if flag { "set" } else { "cleared" };
    let expected = Expected::words(format!("{name} {value}, {} {state}", rule.from));
    cx.expecting(exchange.step, expected.clone());
    let agrees = exchange.property(&rule.from).is_none_or(|decides| (*decides == rule.equals) == flag);
    if agrees && exchange.property(name).is_none_or(|reads| reads == value) {
        return true;
    }
    let left = exchange.property(&rule.from).unwrap_or(&Value::Null);
    let message = format!("writing {name} {value} leaves {} {left}", rule.from);
    cx.wrong_value(exchange.step, name, message, expected).standing(standing);
    false
}
