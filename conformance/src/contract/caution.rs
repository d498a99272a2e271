//! Which operations a run does not call, and why: it changes and deletes only what it made.

use schemas::{Action, Call, Method};

use super::filling::Filling;
use super::operation::Operation;
use super::wishes::Wishes;
use super::words::{act_of, looks_up, plain_act_of};

/// Why a run does not call an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Withheld {
    /// The reason and what helps, for people.
    pub(crate) why: String,
}

/// Why an operation is not called, by what fills its path; `None` where it may be.
pub(super) fn withheld(
    op: &Operation,
    wishes: &Wishes,
    filling: impl Fn(&str) -> Filling,
) -> Option<Withheld> {
    if wishes.skips(&op.id) {
        return Some(Withheld { why: "left out by --skip".to_owned() });
    }
    let care = op.role.as_ref().and_then(|role| role.call);
    if care == Some(Call::Never) {
        return Some(Withheld { why: "never called, as the contract says".to_owned() });
    }
    if wishes.calls(&op.id) || care == Some(Call::Alone) {
        return None;
    }
    let why = danger(op, filling)?;
    let why = format!("{why}; --call {} calls it all the same", op.id);
    Some(Withheld { why })
}

/// What a call of an operation might do to what the run did not make.
fn danger(op: &Operation, filling: impl Fn(&str) -> Filling) -> Option<String> {
    if matches!(op.method, Method::Get | Method::Head | Method::Options | Method::Trace) {
        let act = plain_act_of(op)?;
        return Some(format!("not called: it may {act} something, although it is a {}", op.method));
    }
    let fillings: Vec<(&str, Filling)> = op.path.parameters().map(|name| (name, filling(name))).collect();
    // A row of the run, or what lies beneath one, is the run's to change.
    if fillings.iter().any(|(_, filling)| filling.is_own_row()) {
        return None;
    }
    if op.method == Method::Post && looks_up(op) {
        return None;
    }
    let foreign = fillings.iter().find(|(_, filling)| matches!(filling, Filling::Example(_)));
    if op.action() == Action::Create || op.method == Method::Post {
        if let Some(act) = act_of(op).filter(|_| op.action() != Action::Create) {
            return Some(format!("not called: it may {act} what the run did not make"));
        }
        return foreign.map(|(name, _)| {
            format!("not called: it would act on what {{{name}}} names, which the run did not make")
        });
    }
    let what = if op.method == Method::Delete { "delete" } else { "change" };
    Some(format!("not called: it would {what} what the run did not make"))
}
