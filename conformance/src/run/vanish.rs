//! Rows of the run that are gone although the run did not delete them.

use std::rc::Rc;

use super::attempted::AttemptedCase;
use super::beside::{Broken, VanishedRow};
use super::engine::Engine;
use crate::contract::{Aspect, Expected, Resource};
use crate::findings::Occurrence;
use crate::http::Request;
use crate::judge::Breach;
use crate::law::{Case, Role, by_role};
use crate::scenario::{Attempt, CaseError, Row, Step};

/// Rows of set-ups that are looked for after one case.
const MOST_ROWS: usize = 4;

impl Engine {
    /// What a case that looked wrong comes to if the rows that others share with it are gone: the case is tried again on
    /// new ones, and only what it shows then counts.
    pub(super) async fn on_rows_that_are_there(
        &self,
        case: &Case,
        tried: AttemptedCase,
        broken: &Broken,
    ) -> AttemptedCase {
        let breaks = |tried: &AttemptedCase| tried.breaches.iter().any(|breach| breach.law == case.law.id);
        let looks_wrong = breaks(&tried) || matches!(tried.error, Some(CaseError::NotJudged(_)));
        if !looks_wrong || self.session.is_over() {
            return tried;
        }
        let gone = self.gone_rows(case, &tried.steps, broken).await;
        if gone.is_empty() {
            return tried;
        }
        self.create_again(&gone).await;
        let again = self.settle(case, self.attempt(case, Attempt::Alone).await).await;
        // A case that breaks its law again took the rows away itself.
        if breaks(&tried) && breaks(&again) {
            return again;
        }
        self.vanished.borrow_mut().extend(gone);
        again
    }

    /// Makes sure that the shared rows which a case names are there.
    pub(super) async fn look_after_rows(&self, case: &Case) {
        let gone = self.gone_rows(case, &[], &Broken::new()).await;
        if !gone.is_empty() {
            self.create_again(&gone).await;
            self.vanished.borrow_mut().extend(gone);
        }
    }

    /// The rows that a case builds on and that are gone: the shared ones that it names, and those of its set-ups.
    async fn gone_rows(&self, case: &Case, steps: &[Step], broken: &Broken) -> Vec<VanishedRow> {
        let mut rows: Vec<(Resource, String, Step)> = Vec::new();
        for resource in &self.session.api.resources {
            let is_needed = resource.create.as_ref().is_some_and(|create| case.needs.contains(&create.id));
            let base = self.state.shared_rows.borrow().base(&resource.name);
            if let Some(row) = base.filter(|_| is_needed) {
                let Row { id, created_by, .. } = Rc::unwrap_or_clone(row);
                rows.push((resource.clone(), id, created_by));
            }
        }
        for step in steps.iter().filter(|step| step.created.is_some()).take(MOST_ROWS) {
            let resource = step.request.op.as_ref().and_then(|op| self.session.api.resource_of(op));
            // What the run has deleted is gone as it should be.
            if let (Some(resource), Some((_, id))) = (resource, &step.created)
                && self.session.created(&resource.name).contains(id)
            {
                rows.push((resource.clone(), id.clone(), step.clone()));
            }
        }
        let mut gone = Vec::new();
        for (resource, id, created) in rows {
            let Some(read) = resource.read.as_ref().filter(|read| !broken.contains_key(&read.id)) else {
                continue;
            };
            let request = Request::of(read).own(&id);
            let Ok(delivered) = self.session.send(&request).await else { break };
            if matches!(delivered.response.status, 404 | 410) {
                let missing = Step::new(&self.session, request, &delivered.response);
                let (case, sent) = (case.key(), self.session.sent());
                gone.push(VanishedRow { resource, case, steps: vec![created, missing], sent });
            }
        }
        gone
    }

    /// Creates the shared rows of some resources anew. What set-ups built on the old ones is forgotten with them.
    async fn create_again(&self, gone: &[VanishedRow]) {
        self.state.setups.forget();
        let number = u8::try_from(self.vanished.borrow().len()).unwrap_or(u8::MAX).saturating_add(100);
        for case in self.basics() {
            if gone.iter().any(|row| row.resource.create.as_ref() == Some(&case.op)) {
                self.attempt(&case, Attempt::RetryShared(number)).await;
            }
        }
    }

    /// What shows that rows vanish: one breach for each resource, all of one finding.
    pub(super) fn disappearances(&self) -> Vec<Occurrence> {
        let vanished = self.vanished.borrow();
        let stated = by_role(Role::Kept).and_then(|law| Some((law, law.stated(&self.session.api)?)));
        let Some((law, statement)) = stated else { return Vec::new() };
        let message = format!(
            "rows vanish that the run did not delete, {} of them: somebody else deletes rows of this workspace, or the \
             target loses them",
            vanished.len()
        );
        let mut told: Vec<&str> = Vec::new();
        let mut occurrences = Vec::new();
        for row in vanished.iter() {
            let Some(read) = row.resource.read.as_ref().filter(|read| !told.contains(&read.id.as_str()))
            else {
                continue;
            };
            let expected = Expected::words("the row");
            let (aspect, step) = (Aspect::Absent, row.steps.len() - 1);
            let mut breach = Breach::new(law.id, &read.id, &read.pointer, step, aspect, &*message, expected);
            breach.standing(statement.standing);
            occurrences.push(Occurrence {
                breach,
                case: row.case.clone(),
                order: usize::MAX,
                steps: Rc::new(row.steps.clone()),
                before: Vec::new(),
                sent: row.sent,
            });
            told.push(&read.id);
        }
        occurrences
    }
}
