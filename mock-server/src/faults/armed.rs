//! The faults that are armed.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::Mutex;
use serde_json::{Value, json};

use super::spec::{Effect, FaultSpec, Target};
use crate::ids::unit;

/// How many faults are kept.
const MOST: usize = 1_000;

/// One fault that was armed.
#[derive(Debug, Clone)]
struct Armed {
    id: u64,
    /// `None` for all workspaces.
    workspace: Option<Arc<str>>,
    profile: Option<&'static str>,
    spec: FaultSpec,
    /// Requests that it is for.
    seen: u64,
    /// Requests that met it.
    met: u64,
}

/// A fault that a request met.
#[derive(Debug, Clone)]
pub(crate) struct Met {
    pub(crate) id: u64,
    pub(crate) effect: Effect,
    /// How long the answer is to be held back, in milliseconds.
    pub(crate) delay: Option<f64>,
}

/// Every fault, in the order in which they were armed.
#[derive(Debug)]
pub(crate) struct Faults {
    seed: u64,
    /// Whether there is any that a request could meet: all that a request without faults costs.
    any: AtomicBool,
    list: Mutex<List>,
    /// Those that the server starts with; a reset of all workspaces arms them anew.
    initial: Vec<FaultSpec>,
}

#[derive(Debug, Default)]
struct List {
    last: u64,
    faults: Vec<Armed>,
}

impl Armed {
    fn is_spent(&self) -> bool {
        self.spec.times > 0 && self.met >= self.spec.times
    }

    fn belongs_to(&self, workspace: Option<&str>) -> bool {
        workspace.is_none_or(|name| self.workspace.as_deref() == Some(name))
    }

    fn show(&self) -> Value {
        let mut shown = json!({
            "id": self.id,
            "workspace": self.workspace.as_deref(),
            "profile": self.profile,
            "met": self.met,
            "spent": self.is_spent(),
        });
        if let (Value::Object(shown), Value::Object(spec)) = (&mut shown, self.spec.show()) {
            shown.extend(spec);
        }
        shown
    }
}

impl Faults {
    pub(crate) fn new(seed: u64, initial: Vec<FaultSpec>) -> Self {
        let faults = Self { seed, any: AtomicBool::new(false), list: Mutex::default(), initial };
        faults.begin();
        faults
    }

    fn begin(&self) {
        for spec in &self.initial {
            // What a server starts with is far from the bound, and checked by whoever starts it.
            let _ = self.arm(spec.clone(), None, None);
        }
    }

    /// Arms a fault; `None` where there are as many as there may be.
    pub(crate) fn arm(
        &self,
        spec: FaultSpec,
        workspace: Option<Arc<str>>,
        profile: Option<&'static str>,
    ) -> Option<Value> {
        let mut list = self.list.lock();
        if list.faults.len() >= MOST {
            list.faults.retain(|fault| !fault.is_spent());
        }
        if list.faults.len() >= MOST {
            return None;
        }
        list.last += 1;
        let armed = Armed { id: list.last, workspace, profile, spec, seen: 0, met: 0 };
        let shown = armed.show();
        list.faults.push(armed);
        self.any.store(true, Ordering::Release);
        Some(shown)
    }

    /// The first fault that is for a request, which counts as met.
    pub(crate) fn meet(&self, workspace: Option<&str>, target: &Target<'_>) -> Option<Met> {
        if !self.any.load(Ordering::Acquire) {
            return None;
        }
        let mut list = self.list.lock();
        for fault in &mut list.faults {
            let elsewhere = fault.workspace.is_some() && fault.workspace.as_deref() != workspace;
            if elsewhere || fault.is_spent() || !fault.spec.is_for(target) {
                continue;
            }
            fault.seen += 1;
            let drawn = format!("fault {}", fault.id);
            let chance = fault.spec.probability.unwrap_or(1.0);
            if fault.seen <= fault.spec.after
                || (chance < 1.0 && unit(self.seed, &drawn, fault.seen) >= chance)
            {
                continue;
            }
            fault.met += 1;
            let delay = fault.spec.effect.delay_ms.map(|delay| delay.draw(self.seed, &drawn, fault.met));
            let met = Met { id: fault.id, effect: fault.spec.effect.clone(), delay };
            let any = list.faults.iter().any(|fault| !fault.is_spent());
            self.any.store(any, Ordering::Release);
            return Some(met);
        }
        None
    }

    /// Those of a workspace and those of all; without a name, every one.
    pub(crate) fn show(&self, workspace: Option<&str>) -> Vec<Value> {
        let list = self.list.lock();
        let shown =
            list.faults.iter().filter(|fault| fault.workspace.is_none() || fault.belongs_to(workspace));
        shown.map(Armed::show).collect()
    }

    /// Removes one; `false` where there is none of that number.
    pub(crate) fn disarm(&self, id: u64) -> bool {
        self.remove(|fault| fault.id == id) > 0
    }

    /// Removes those of a workspace; without a name, every one.
    pub(crate) fn clear(&self, workspace: Option<&str>) -> usize {
        self.remove(|fault| fault.belongs_to(workspace))
    }

    /// As it was at the start: of a workspace, without faults; without a name, with those the server started with.
    pub(crate) fn reset(&self, workspace: Option<&str>) {
        self.clear(workspace);
        if workspace.is_none() {
            self.list.lock().last = 0;
            self.begin();
        }
    }

    fn remove(&self, which: impl Fn(&Armed) -> bool) -> usize {
        let mut list = self.list.lock();
        let before = list.faults.len();
        list.faults.retain(|fault| !which(fault));
        self.any.store(list.faults.iter().any(|fault| !fault.is_spent()), Ordering::Release);
        before - list.faults.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TARGET: Target<'static> =
        Target { operation: Some("a"), method: "GET", path: "/a", template: None };

    fn faults(specs: &[Value]) -> Faults {
        let specs = specs.iter().map(|spec| serde_json::from_value(spec.clone()).expect("a fault"));
        Faults::new(7, specs.collect())
    }

    fn met(faults: &Faults, requests: usize) -> Vec<u64> {
        (0..requests).map(|_| faults.meet(None, &TARGET).map_or(0, |met| met.id)).collect()
    }

    #[test]
    fn the_first_that_is_not_spent_is_met() {
        let two = faults(&[json!({"status": 503, "after": 1}), json!({"status": 500, "times": 2})]);
        assert_eq!(met(&two, 5), [2, 1, 2, 0, 0]);
        assert!(!two.any.load(Ordering::Relaxed), "nothing is left to look at");
        two.reset(None);
        assert_eq!(met(&two, 2), [2, 1]);
        assert_eq!(met(&faults(&[json!({"status": 503, "times": 0})]), 3), [1, 1, 1]);
    }

    #[test]
    fn chance_follows_from_the_seed() {
        let chance = json!({"status": 503, "times": 0, "probability": 0.3});
        let one = met(&faults(std::slice::from_ref(&chance)), 400);
        assert_eq!(one, met(&faults(&[chance]), 400));
        let hits = one.iter().filter(|id| **id > 0).count();
        assert!((80..160).contains(&hits), "{hits}");
    }

    #[test]
    fn a_workspace_s_faults_meet_nobody_else() {
        let faults = faults(&[]);
        let spec: FaultSpec = serde_json::from_value(json!({"status": 503})).expect("a fault");
        faults.arm(spec, Some("a".into()), None).expect("room");
        assert!(faults.meet(Some("b"), &TARGET).is_none() && faults.meet(None, &TARGET).is_none());
        assert!(faults.meet(Some("a"), &TARGET).is_some());
        assert_eq!((faults.show(Some("b")).len(), faults.show(Some("a")).len()), (0, 1));
        assert_eq!(faults.clear(Some("a")), 1);
    }

    #[test]
    fn there_are_no_more_than_there_may_be() {
        let faults = faults(&[]);
        let spec: FaultSpec = serde_json::from_value(json!({"status": 503})).expect("a fault");
        assert!((0..MOST).all(|_| faults.arm(spec.clone(), None, None).is_some()));
        assert!(faults.arm(spec.clone(), None, None).is_none());
        faults.meet(None, &TARGET);
        assert!(faults.arm(spec, None, None).is_some(), "one that is spent makes room");
    }
}
