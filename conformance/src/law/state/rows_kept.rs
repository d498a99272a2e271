//! A row is there until somebody deletes it.

use schemas::{Action, Standing};

use crate::contract::Api;
use crate::judge::AnswerCheck;
use crate::law::{AnswerTurn, Family, Law, Precedence, Role, Statement};

pub(crate) static LAW: Law = Law {
    id: "rows-kept",
    family: Family::State,
    says: "a row that the run created is there until the run deletes it",
    why: "Where a case goes wrong on rows that others share, and the rows are gone, somebody else deleted them or the \
          target lost them. It is told here, and no other law is blamed for what follows from it.",
    role: Role::Kept,
    precedence: Precedence::Foundation,
    ..Law::on_every_answer(AnswerTurn::Failure, stated, check)
};

/// That what is created can be read: nobody says for how long.
fn stated(api: &Api) -> Option<Statement> {
    let reads = api.operations.iter().find(|op| op.action() == Action::Read)?;
    Some(Statement::new(Standing::Inferred, &reads.pointer))
}

/// A row that is read keeps it. Rows that are gone are noted by who looks for them.
fn check(answer: &mut AnswerCheck<'_>) {
    if answer.success().is_some_and(|op| op.action() == Action::Read) {
        answer.judging();
    }
}
