//! Collecting what cases showed.

use std::rc::Rc;

use super::attempted::AttemptedCase;
use crate::contract::Aspect;
use crate::findings::{LawVerdict, NotJudged, Occurrence, Tally, resolve};
use crate::law::Case;

/// What the cases of a run showed.
#[derive(Debug, Default)]
pub(super) struct Collected {
    pub(super) tally: Tally,
    pub(super) occurrences: Vec<Occurrence>,
}

impl Collected {
    /// Adds what a case showed.
    pub(super) fn add(&mut self, case: &Case, order: usize, tried: &AttemptedCase) {
        let breaches = resolve(case.law.id, &tried.breaches);
        for (law, operation) in &tried.judged {
            self.tally.add(law, operation, LawVerdict::Passed, 0, None);
        }
        let own = breaches.iter().any(|breach| breach.law == case.law.id);
        let failed = breaches.iter().any(|breach| breach.aspect == Aspect::ServerError);
        let (verdict, reason) = match (&tried.error, own) {
            (_, true) => (LawVerdict::Violated, None),
            (Some(error), false) => {
                let why = NotJudged { reason: error.to_string(), lost: tried.lost() };
                (LawVerdict::NotJudged, Some(why))
            }
            (None, false) if failed => {
                (LawVerdict::NotJudged, Some(NotJudged::because("a server error came in between")))
            }
            (None, false) => match &tried.open {
                Some(why) => (LawVerdict::NotJudged, Some(NotJudged::because(why.clone()))),
                None => (LawVerdict::Passed, None),
            },
        };
        self.tally.add(case.law.id, &case.op.id, verdict, tried.requests, reason);
        for breach in breaches {
            self.tally.add(breach.law, &breach.operation, LawVerdict::Violated, 0, None);
            self.occurrences.push(Occurrence {
                breach,
                case: case.key(),
                order,
                steps: Rc::clone(&tried.steps),
                before: tried.before.clone(),
                sent: tried.sent,
            });
        }
    }

    /// Adds what was seen beside the cases.
    pub(super) fn add_occurrences(&mut self, occurrences: Vec<Occurrence>) {
        for occurrence in occurrences {
            let breach = &occurrence.breach;
            self.tally.add(breach.law, &breach.operation, LawVerdict::Violated, 0, None);
            self.occurrences.push(occurrence);
        }
    }
}

/// Whether the operation does what the case asked of it.
pub(super) fn works(case: &Case, tried: &AttemptedCase) -> bool {
    let wrong = |aspect: &Aspect| matches!(aspect, Aspect::Refused | Aspect::Doubtful | Aspect::ServerError);
    tried.error.is_none() && !resolve(case.law.id, &tried.breaches).iter().any(|breach| wrong(&breach.aspect))
}
