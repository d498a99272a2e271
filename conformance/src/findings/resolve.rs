//! Breaches of one case, without those that another of them explains.

use super::severity::Severity;
use crate::contract::Aspect;
use crate::judge::Breach;
use crate::law::{self, Role};

/// The part that a breach's law plays.
pub(super) fn role(breach: &Breach) -> Role {
    law::by_id(breach.law).map_or(Role::Plain, |law| law.role)
}

/// Breaches of one case of a law, without those that another of them explains.
pub(crate) fn resolve(law: &str, breaches: &[Breach]) -> Vec<Breach> {
    let failed = breaches.iter().filter(|breach| role(breach).is_failure());
    let failed = failed.map(|breach| breach.step).min();
    breaches
        .iter()
        // After a failure of the server nothing that follows in the same story means much.
        .filter(|breach| role(breach).is_failure() || failed.is_none_or(|step| breach.step < step))
        .filter(|breach| !is_refuted(law, breach, breaches) && !is_shape(law, breach, breaches))
        .cloned()
        .collect()
}

/// Whether a breach is of the law that the case is for, or that its valid requests are refused.
fn is_own(law: &str, breach: &Breach) -> bool {
    breach.law == law || role(breach) == Role::ValidRequest
}

/// Whether the answer is another one than was asked for: then what laws on every answer say of it is no news.
fn is_refuted(law: &str, breach: &Breach, breaches: &[Breach]) -> bool {
    if is_own(law, breach) || role(breach).is_failure() || role(breach) == Role::Leak {
        return false;
    }
    breaches.iter().any(|other| {
        other.step == breach.step
            && is_own(law, other)
            && matches!(
                other.aspect,
                Aspect::Accepted
                    | Aspect::Refused
                    | Aspect::Doubtful
                    | Aspect::Status
                    | Aspect::SuccessStatus
            )
            && Severity::of(other.standing) <= Severity::of(breach.standing)
    })
}

/// Whether a property has a wrong value because it does not fit its schema.
fn is_shape(law: &str, breach: &Breach, breaches: &[Breach]) -> bool {
    is_own(law, breach)
        && breach.aspect == Aspect::Value
        && breach.subject.is_some()
        && breaches.iter().any(|other| {
            role(other) == Role::ResponseSchema
                && other.step <= breach.step
                && other.subject == breach.subject
        })
}
