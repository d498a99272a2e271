//! Which findings another one explains.
//!
//! What is special to a law stands with the law: its [role](Role), its [precedence](crate::law::Precedence) and what it
//! [explains](Explains). What holds for any law is the table [`RULES`].

use schemas::{Contract, Method};

use super::finding::Finding;
use super::occurrence::Occurrence;
use crate::contract::Aspect;
use crate::judge::Breach;
use crate::law::{self, Explains, Law, Role, When};

type Found = (Finding, Occurrence);

/// Folds findings into those that explain them; the laws of what is folded are named as broken along with it.
pub(super) fn fold(contract: &Contract, mut found: Vec<Found>) -> Vec<Found> {
    let mut kept: Vec<Found> = Vec::new();
    // A cause may come later in the plan than what it explains: its precedence decides first.
    found.sort_by_key(|(finding, occurrence)| {
        let precedence = law::by_id(&finding.law).map(|law| law.precedence);
        (finding.severity, precedence.unwrap_or(law::Precedence::Detail), occurrence.order)
    });
    for other in found {
        let cause = kept.iter_mut().find(|cause| {
            cause.0.severity <= other.0.severity && Pair { contract, cause, other: &other }.is_explained()
        });
        match cause {
            Some((cause, _)) => absorb(cause, &other.0),
            None => kept.push(other),
        }
    }
    kept.sort_by_key(|(finding, occurrence)| (finding.severity, occurrence.order));
    kept
}

fn absorb(cause: &mut Finding, other: &Finding) {
    if !cause.also_laws.contains(&other.law) && cause.law != other.law {
        cause.also_laws.push(other.law.clone());
    }
    cause.explain(other);
    cause.cases += other.cases;
    cause.found_after = cause.found_after.min(other.found_after);
    for operation in std::iter::once(&other.operation).chain(&other.also) {
        if *operation != cause.operation && !cause.also.contains(operation) {
            cause.also.push(operation.clone());
        }
    }
}

/// A finding that may be the cause, and another that it may explain.
struct Pair<'a> {
    contract: &'a Contract,
    cause: &'a Found,
    other: &'a Found,
}

/// When one finding explains another, whichever their laws are. In no order: one that holds is enough.
const RULES: &[fn(&Pair<'_>) -> bool] = &[
    // What is broken where it is documented and where it is only implied is broken once.
    |pair| pair.is_one_law() && pair.is_one_aspect(),
    // An operation that refuses plain valid requests, or answers another success, does so whatever law asks.
    |pair| {
        pair.cause_is_plainest()
            && pair.is_one_aspect()
            && matches!(pair.cause().aspect, Aspect::Refused | Aspect::SuccessStatus)
            && pair.on_one_operation()
    },
    // Another code or status than the stated one comes in whatever way it is provoked.
    |pair| {
        matches!(pair.cause().aspect, Aspect::Code | Aspect::Status)
            && pair.is_one_aspect()
            && pair.came_instead_alike()
            && pair.cause().expected.status == pair.other().expected.status
    },
    // A property that is refused is refused in any request that carries it.
    |pair| pair.both(&Aspect::Refused) && pair.about_one_property() && pair.on_one_resource(),
    // An operation that finds no row for a valid request finds none for a wrong one.
    |pair| {
        pair.valid_is_refused()
            && matches!(pair.other().aspect, Aspect::Refused | Aspect::Status)
            && pair.cause().actual.is_some()
            && pair.came_instead_alike()
            && pair.on_one_operation()
    },
    // A row that cannot be read cannot be changed either, nor is it listed.
    |pair| {
        pair.valid_is_refused()
            && pair.on_one_resource()
            && (pair.other().aspect == Aspect::Absent
                || pair.other_role() == Role::ValidRequest && pair.came_instead_alike())
    },
    // One way of showing a value, or one answer that is wrong as a whole, is one cause.
    |pair| {
        pair.cause_role() == Role::ResponseSchema
            && pair.other_role() == Role::ResponseSchema
            && (pair.on_one_operation()
                || pair.cause().aspect.is_text_form() == pair.other().aspect.is_text_form())
    },
    // What is accepted however wrong it is is wrong in one way, and shows in answers.
    |pair| {
        let other_is_accepted = pair.other().aspect == Aspect::Accepted && pair.other_role() == Role::Refusal;
        pair.cause().aspect == Aspect::Accepted
            && (other_is_accepted || pair.other_role() == Role::ResponseSchema)
            && pair.cause_role() == Role::Refusal
            && pair.about_one_property()
            && pair.on_one_resource()
    },
    // A random sequence meets again what a law says more plainly.
    |pair| pair.other_role() == Role::Model && pair.is_one_aspect() && pair.on_one_resource(),
    // Refusals that name another field, or none, all do so.
    |pair| pair.both(&Aspect::Field) && pair.came_instead_alike(),
    // Refusals that lack the field, or have another status, all do so.
    |pair| {
        pair.is_one_aspect()
            && matches!(pair.cause().aspect, Aspect::Field | Aspect::Status)
            && pair.cause_role() == Role::Refusal
            && pair.other_role() == Role::Refusal
    },
    // A property that is not looked at is not refused either.
    |pair| {
        pair.cause().aspect == Aspect::Value
            && pair.other().aspect == Aspect::Accepted
            && pair.about_one_property()
            && pair.on_one_operation()
            && pair.other.0.cases == 1
    },
    // A property that reads wrong is read by many laws.
    |pair| pair.both(&Aspect::Value) && pair.about_one_property() && pair.on_one_resource(),
];

impl Pair<'_> {
    fn is_explained(&self) -> bool {
        RULES.iter().any(|rule| rule(self))
            || law_of(&self.cause.0).is_some_and(|law| law.explains.iter().any(|one| self.is_by(one)))
    }

    /// Whether the cause's law itself says that it explains the other.
    fn is_by(&self, explains: &Explains) -> bool {
        let accepted = || self.other().aspect == Aspect::Accepted && self.on_one_operation();
        explains.law == self.other.0.law
            && match &explains.when {
                When::SameResource => self.on_one_resource(),
                When::Anywhere => true,
                When::AcceptedThere => accepted(),
                When::AcceptedFor(aspect) => {
                    accepted()
                        && self.cause().aspect == *aspect
                        && self.cause().subject == self.other().subject
                }
            }
    }

    fn cause(&self) -> &Breach {
        &self.cause.1.breach
    }

    fn other(&self) -> &Breach {
        &self.other.1.breach
    }

    fn cause_role(&self) -> Role {
        law_of(&self.cause.0).map_or(Role::Plain, |law| law.role)
    }

    fn other_role(&self) -> Role {
        law_of(&self.other.0).map_or(Role::Plain, |law| law.role)
    }

    fn is_one_law(&self) -> bool {
        self.cause.0.law == self.other.0.law
    }

    /// Whether both are wrong in the same way; where it counts, with an answer that says the same.
    fn is_one_aspect(&self) -> bool {
        self.cause().aspect == self.other().aspect && self.cause().said == self.other().said
    }

    fn both(&self, aspect: &Aspect) -> bool {
        self.cause().aspect == *aspect && self.other().aspect == *aspect
    }

    fn came_instead_alike(&self) -> bool {
        self.cause().actual == self.other().actual
    }

    fn about_one_property(&self) -> bool {
        self.cause().subject.is_some() && self.cause().subject == self.other().subject
    }

    fn valid_is_refused(&self) -> bool {
        self.cause_role() == Role::ValidRequest && self.cause().aspect == Aspect::Refused
    }

    /// Whether the cause was seen by the plainest request that an operation takes.
    fn cause_is_plainest(&self) -> bool {
        let finding = &self.cause.0;
        self.cause_role() == Role::ValidRequest
            && finding.case == format!("{}/{}", finding.law, finding.operation)
    }

    fn on_one_operation(&self) -> bool {
        let (cause, other) = (&self.cause.0, &self.other.0);
        cause.operation == other.operation || cause.also.contains(&other.operation)
    }

    fn on_one_resource(&self) -> bool {
        let (cause, other) = (&self.cause.0, resource(self.contract, &self.other.0.operation));
        let mut operations = std::iter::once(&cause.operation).chain(&cause.also);
        operations.any(|operation| resource(self.contract, operation) == other)
    }
}

fn law_of(finding: &Finding) -> Option<&'static Law> {
    law::by_id(&finding.law)
}

/// The resource that an operation acts on, else its path.
fn resource(contract: &Contract, operation: &str) -> String {
    let Some(operation) = contract.operation(operation) else { return operation.to_owned() };
    operation.acts().map_or_else(
        || format!("{} {}", Method::as_str(operation.method), operation.path),
        |(resource, _)| resource.to_owned(),
    )
}
