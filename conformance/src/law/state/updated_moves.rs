//! An update moves the time of change and not the time of creation.

use std::time::Duration;

use jiff::Timestamp;
use schemas::Standing;
use serde_json::Value;

use super::changed_row::{Changed, ChangedRow};
use super::writes::updates;
use crate::contract::{Api, Expected, Operation, Resource};
use crate::judge::{instant, same_value};
use crate::law::{Case, Family, Law};
use crate::scenario::{CaseContext, CaseError, CaseResult, Exchange, Row, Setup as _};

pub(crate) static LAW: Law = Law {
    id: "updated-moves",
    family: Family::State,
    says: "an update moves the time of change and not the time of creation",
    why: "Where the clock shows whole seconds, the probe waits for the next one.",
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    let case = |(resource, op): (&Resource, &Operation)| {
        let times = Times { resource: resource.clone(), update: op.clone() };
        let run = async move |cx: &mut CaseContext, changed: &ChangedRow| times.run(cx, changed).await;
        let place = resource.rules_pointer();
        Case::given(&LAW, op, ChangedRow::of(api, resource, op), run).place(place).sends(0)
    };
    updates(api).map(case).collect()
}

struct Times {
    resource: Resource,
    update: Operation,
}

impl Times {
    async fn run(&self, cx: &mut CaseContext, changed: &ChangedRow) -> CaseResult {
        let Some(updated) = self.resource.updated.clone() else {
            return Err(CaseError::NotJudged("rows have no time of change".to_owned()));
        };
        let at = |value: &Value| value.get(&updated).and_then(Value::as_str).and_then(instant);
        let Changed { created: mut row, update: mut exchange, .. } = changed.get(cx).await?;
        let Some(mut before) = at(&row.value) else {
            return Err(CaseError::NotJudged(format!("{updated} is no instant")));
        };
        let after = |exchange: &Exchange| exchange.json.as_ref().and_then(at);
        if after(&exchange) == Some(before) {
            (row, exchange) = self.change_an_older_row(cx).await?;
            before = at(&row.value).unwrap_or(before);
        }
        self.changed_after_creation(cx, &row, &updated, before);
        let expected = Expected::words(format!("{updated} later than {before}"));
        cx.expecting(exchange.step, expected.clone());
        if after(&exchange).is_some_and(|after| after <= before) {
            let message = format!("{} does not move {updated} forward", self.update.id);
            cx.wrong_value(exchange.step, &updated, message, expected);
        }
        self.creation_stays(cx, &row, &exchange);
        Ok(())
    }

    /// A clock that shows no less than a second: once more on a row that is older than that.
    async fn change_an_older_row(&self, cx: &mut CaseContext) -> Result<(Row, Exchange), CaseError> {
        let row = cx.create_row(&self.resource).await?;
        cx.wait(Duration::from_millis(1_100)).await;
        let body = cx.change(&self.update)?.0;
        let exchange = cx.send(row.change(&self.update, body)).await?;
        cx.require_success(&exchange)?;
        Ok((row, exchange))
    }

    fn changed_after_creation(&self, cx: &mut CaseContext, row: &Row, updated: &str, before: Timestamp) {
        let field = self.resource.created.as_ref();
        let created = field.and_then(|name| row.get(name)?.as_str().and_then(instant));
        if created.is_some_and(|created| before.as_second() < created.as_second()) {
            let message = format!("a new {} was changed before it was created", self.resource.name);
            let expected = Expected::words(format!("{updated} not before its creation"));
            cx.wrong_value(0, updated, message, expected).standing(Standing::Inferred);
        }
    }

    fn creation_stays(&self, cx: &mut CaseContext, row: &Row, exchange: &Exchange) {
        let Some(created) = &self.resource.created else { return };
        let shown = exchange.property(created);
        if shown.zip(row.get(created)).is_some_and(|(after, before)| !same_value(after, before)) {
            let message = format!("{} moves {created}", self.update.id);
            cx.wrong_value(exchange.step, created, message, Expected::words(format!("{created} as it was")));
        }
    }
}
