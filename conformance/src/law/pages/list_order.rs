//! The rows of every page are in the stated order.

use schemas::Action;
use serde_json::Value;

use crate::contract::{Api, Aspect, Expected};
use crate::judge::{AnswerCheck, instant};
use crate::law::{AnswerTurn, Explains, Family, Law, Precedence, Statement};

pub(crate) static LAW: Law = Law {
    id: "list-order",
    family: Family::Pages,
    says: "the rows of every page are in the stated order",
    why: "Equal instants are no breach.",
    precedence: Precedence::Answers,
    explains: &[Explains::on_resource("walk-meets-each-row-once"), Explains::on_resource("limit-honoured")],
    ..Law::on_every_answer(AnswerTurn::Body, stated, check)
};

const PLACE: &str = "/x-contract/pagination/order";

fn stated(api: &Api) -> Option<Statement> {
    api.paging.as_ref().map(|rule| Statement::new(rule.standing, PLACE))
}

fn check(answer: &mut AnswerCheck<'_>) {
    let (api, response) = (answer.api, answer.response);
    let Some(op) = answer.success().filter(|op| op.action() == Action::List) else { return };
    // A body that is not looked at as one of the stated type says nothing of an order.
    let stated = op.response(response.status);
    if stated.is_none_or(|stated| stated.media_type.is_none() || stated.schema.is_none()) {
        return;
    }
    let Some(rule) = &api.paging else { return };
    let Some(rows) = response.at(&rule.envelope.rows).and_then(Value::as_array) else { return };
    answer.judging();
    let (field, direction) = (&rule.order.field, &rule.order.direction);
    let at = |row: &Value| row.get(field).and_then(Value::as_str).and_then(instant);
    let Some(times) = rows.iter().map(at).collect::<Option<Vec<_>>>() else { return };
    let descending = direction == "descending";
    let in_order = |pair: &[_]| if descending { pair[0] >= pair[1] } else { pair[0] <= pair[1] };
    if !times.windows(2).all(in_order) {
        let message = format!("the rows of {} are not in {direction} order of {field}", answer.operation);
        let expected = Expected::words(format!("{field} {direction}"));
        answer.breach(Aspect::Other("order"), message, expected).standing(rule.standing).place(PLACE);
    }
}
