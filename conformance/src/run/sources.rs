//! What a breach rests on beside the statement that is broken: what the operations do, and what their rows are.

use schemas::Standing;

use crate::contract::{Api, Aspect, Operation};
use crate::judge::Breach;
use crate::law::{Case, Family, by_id};
use crate::scenario::Step;

/// Makes breaches no surer than what they rest on. That a row is read, listed, changed or deleted as another operation left
/// it is as sure as that the operations do so; that a row is there to be named in a path as well. What is stated of answers
/// whatever the operation does, and that every request is answered, rests on nothing else.
pub(super) fn no_surer_than_sources(api: &Api, case: &Case, steps: &[Step], breaches: &mut [Breach]) {
    for breach in breaches {
        let family = by_id(breach.law).map(|law| law.family);
        let so_far = || steps.iter().take(breach.step + 1);
        let failed = matches!(breach.aspect, Aspect::ServerError | Aspect::Unanswered);
        let of_rows = breach.aspect == Aspect::Value
            || matches!(family, Some(Family::State | Family::Pages | Family::Conflict));
        let sources = match family {
            _ if failed => Standing::Documented,
            _ if of_rows => so_far()
                .filter_map(|step| step.request.op.as_ref())
                .fold(of(api, &case.op), |sure, op| sure.weakest(of(api, op))),
            // Whether a row is there that the path names.
            Some(Family::Input | Family::Auth | Family::Idempotency) => {
                let step = steps.get(breach.step).filter(|step| (400..500).contains(&step.status));
                let named =
                    step.and_then(|step| step.request.op.as_ref()).filter(|op| op.key_name().is_some());
                named.map(|op| of(api, op)).unwrap_or_default()
            }
            _ => Standing::Documented,
        };
        breach.standing = breach.standing.weakest(sources);
    }
}

/// How sure it is that an operation does what it is said to do, to such rows as it is said.
fn of(api: &Api, op: &Operation) -> Standing {
    let role = op.role.as_ref().map(|role| role.standing).unwrap_or_default();
    api.resource_of(op).map_or(role, |resource| role.weakest(resource.standing))
}
