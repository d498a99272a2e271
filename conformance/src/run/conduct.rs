//! Carrying a plan out: which case has its turn when, and which have none.

use std::collections::HashSet;

use futures_util::StreamExt as _;
use schemas::Action;

use super::attempted::AttemptedCase;
use super::beside::Broken;
use super::collect::{Collected, works};
use super::config::RunConfig;
use super::engine::Engine;
use crate::contract::admits;
use crate::findings::{Event, LawVerdict, NotJudged};
use crate::law::{Case, ExtraKey, Phase, catalogue};
use crate::scenario::Attempt;
use crate::session::Lost;

impl Engine {
    /// Tries every case of the plan that has what it needs.
    pub(super) async fn carry_out(&self, config: &RunConfig, other_key: bool) -> Collected {
        let mut collected = Collected::default();
        let cases = &self.plan.cases;
        let (basics, others): (Vec<_>, Vec<_>) =
            cases.iter().enumerate().partition(|(_, case)| case.phase == Phase::Basics);
        let mut done: Vec<(usize, &Case, AttemptedCase)> = Vec::new();
        let broken = self.carry_out_basics(basics, other_key, &mut done).await;
        let broken = &broken;
        // A case that walks over everybody's rows has the target to itself, so that the requests are the same however
        // many cases run beside each other otherwise.
        for group in others.chunk_by(|(_, one), (_, other)| !one.alone && !other.alone) {
            let turns = group.iter().map(|(order, case)| async move {
                (*order, *case, self.turn(case, other_key, broken).await)
            });
            let workers = config.workers.max(1);
            done.extend(
                futures_util::stream::iter(turns).buffer_unordered(workers).collect::<Vec<_>>().await,
            );
        }
        done.sort_by_key(|(order, _, _)| *order);
        // What was believed before failures were seen to come and go is tried once more.
        let unsteady = !self.passed.borrow().is_empty();
        for (order, case, tried) in done {
            // What found too few rows finds those of the other cases now.
            let tried = if tried.is_early() { self.turn(case, other_key, broken).await } else { tried };
            // Where ids are given again, what another case left of its row may have been seen.
            let tried = if self.is_doubtful(case, &tried) {
                self.settle(case, self.attempt(case, Attempt::Alone).await).await.lightened()
            } else {
                tried
            };
            let failed = unsteady && tried.failure().is_some();
            let tried = if failed { self.settle(case, tried).await } else { tried };
            collected.add(case, order, &tried);
        }
        self.add_laws_not_met(config, &mut collected);
        collected
    }

    /// Tries whether the operations work at all; returns those that do not. Rows come first, owners before what they
    /// own, whoever judges their creation.
    async fn carry_out_basics<'a>(
        &self,
        mut basics: Vec<(usize, &'a Case)>,
        other_key: bool,
        done: &mut Vec<(usize, &'a Case, AttemptedCase)>,
    ) -> Broken {
        let mut broken = Broken::new();
        let mut note = |order, case: &'a Case, tried: AttemptedCase, broken: &mut Broken| {
            if !works(case, &tried) {
                broken.insert(case.op.id.clone(), tried.lost());
            }
            done.push((order, case, tried));
        };
        for creator in self.creators() {
            match basics.iter().position(|(_, case)| case.op.id == creator.op.id) {
                Some(place) => {
                    let (order, case) = basics.remove(place);
                    let tried = self.turn(case, other_key, &broken).await;
                    note(order, case, tried, &mut broken);
                }
                None => drop(self.attempt(&creator, Attempt::First).await),
            }
        }
        for (order, case) in basics {
            let tried = self.turn(case, other_key, &broken).await;
            note(order, case, tried, &mut broken);
        }
        broken
    }

    /// The cases that create the shared rows which the plan needs, owners before what they own. A narrow selection, or a
    /// share of a plan, leaves some of them out; the rows are created all the same, unjudged.
    fn creators(&self) -> Vec<Case> {
        let needed: HashSet<&String> = self.plan.cases.iter().flat_map(|case| &case.needs).collect();
        let creates = |case: &Case| case.op.action() == Action::Create && needed.contains(&case.op.id);
        self.basics().filter(creates).collect()
    }

    /// Tries a case, unless something it needs is missing.
    async fn turn(&self, case: &Case, other_key: bool, broken: &Broken) -> AttemptedCase {
        let tried = if let Some(why) = self.why_not(case, other_key, broken) {
            AttemptedCase::not_judged(why)
        } else {
            let first = self.settle(case, self.attempt(case, Attempt::First).await).await;
            let alone = self.again_alone(case, first).await;
            self.on_rows_that_are_there(case, alone, broken).await
        };
        let broken = tried.breaches.iter().map(|breach| breach.law).collect();
        self.stream.emit(&Event::Tried { law: case.law.id, operation: case.op.id.clone(), broken });
        tried.lightened()
    }

    /// Why a case cannot be tried.
    fn why_not(&self, case: &Case, other_key: bool, broken: &Broken) -> Option<NotJudged> {
        if let Some(why) = &case.unable {
            return Some(NotJudged::because(why.clone()));
        }
        let keys = &self.session.keys;
        match case.extra_key {
            ExtraKey::OtherKey if !other_key => {
                let given = keys.other.is_some();
                return Some(NotJudged::because(if given {
                    "the other key is refused"
                } else {
                    "no --other-key was given"
                }));
            }
            ExtraKey::RevokedKey if keys.revoked.is_none() => {
                return Some(NotJudged::because("no --revoked-key was given"));
            }
            ExtraKey::Nothing | ExtraKey::OtherKey | ExtraKey::RevokedKey => {}
        }
        if let Some((need, lost)) = case.needs.iter().find_map(|need| broken.get_key_value(need)) {
            return Some(NotJudged { reason: format!("{need} does not work"), lost: *lost });
        }
        if self.session.is_over() {
            let (reason, lost) = match (self.session.is_interrupted(), self.session.is_gone()) {
                (true, _) => ("interrupted", None),
                (false, true) => ("the target does not answer any more", Some(Lost::Wire)),
                (false, false) => ("the time is used up", Some(Lost::Budget)),
            };
            return Some(NotJudged { reason: reason.to_owned(), lost });
        }
        let cost = case.cost_after(|setup| self.state.setups.has(setup));
        (self.session.left() < cost)
            .then(|| NotJudged { reason: "the requests are used up".to_owned(), lost: Some(Lost::Budget) })
    }

    /// Whether what a case shows may be another case's doing: it looks wrong, and ids of its resource are given again.
    fn is_doubtful(&self, case: &Case, tried: &AttemptedCase) -> bool {
        let resource = self.session.api.resource_of(&case.op);
        resource.is_some_and(|resource| self.session.is_given_again(resource, None))
            && tried.breaches.iter().any(|breach| breach.law == case.law.id)
            && self.can_repeat(case)
    }

    /// What looks wrong on rows that other cases share is tried again on fresh ones: that story is shorter, and its own.
    async fn again_alone(&self, case: &Case, shared: AttemptedCase) -> AttemptedCase {
        let broken = |tried: &AttemptedCase| {
            tried.breaches.iter().find(|breach| breach.law == case.law.id).map(|breach| breach.aspect.clone())
        };
        let Some(first) = broken(&shared).filter(|_| shared.borrowed > 0) else { return shared };
        let alone = self.settle(case, self.attempt(case, Attempt::Alone).await).await;
        if broken(&alone) == Some(first) { alone } else { shared }
    }

    /// Adds the laws on every answer that no answer was of the kind for.
    fn add_laws_not_met(&self, config: &RunConfig, collected: &mut Collected) {
        for law in catalogue().filter(|law| law.stated(&self.session.api).is_some()) {
            let wanted = admits(&config.laws, law.id);
            if wanted && !collected.tally.knows(law.id) {
                let why = NotJudged::because("no answer of that kind was met");
                collected.tally.add(law.id, "", LawVerdict::NotJudged, 0, Some(why));
            }
        }
    }
}
