//! Requests: how many were sent, how many are spoken for, how many are left.

use std::cell::Cell;

/// Requests of a run. What is about to be sent is reserved first, so that requests side by side never overdraw it.
#[derive(Debug)]
pub(crate) struct Budget {
    most: usize,
    sent: Cell<usize>,
    reserved: Cell<usize>,
}

/// A request that is spoken for, and those that taking away what it makes would cost; given back at the end.
#[derive(Debug)]
pub(crate) struct Reserved<'a> {
    budget: &'a Budget,
    spent: Cell<bool>,
    after: usize,
}

impl Budget {
    pub(crate) fn new(most: usize) -> Self {
        Self { most, sent: Cell::new(0), reserved: Cell::new(0) }
    }

    /// Requests sent so far.
    pub(crate) fn sent(&self) -> usize {
        self.sent.get()
    }

    /// Counts a request that nobody spoke for: one that looks whether the target is there at all.
    pub(crate) fn count_one(&self) {
        self.sent.set(self.sent.get() + 1);
    }

    /// Requests that are neither sent nor spoken for, some rows being owed a deletion each.
    pub(crate) fn left(&self, owed: usize) -> usize {
        self.most.saturating_sub(self.sent.get() + self.reserved.get() + owed)
    }

    /// Speaks for one request whether there is one or not: a deletion that has to be tried again.
    pub(crate) fn overdraw(&self) -> Reserved<'_> {
        self.reserved.set(self.reserved.get() + 1);
        Reserved { budget: self, spent: Cell::new(false), after: 0 }
    }

    /// Speaks for one request and for some after it; `None` where there are not as many.
    pub(crate) fn reserve(&self, after: usize, owed: usize) -> Option<Reserved<'_>> {
        if self.left(owed) < 1 + after {
            return None;
        }
        self.reserved.set(self.reserved.get() + 1 + after);
        Some(Reserved { budget: self, spent: Cell::new(false), after })
    }
}

impl Reserved<'_> {
    /// Spends the one; a second try spends one that nobody has spoken for. `false` where there is none.
    pub(crate) fn spend(&self, owed: usize) -> bool {
        let budget = self.budget;
        if !self.spent.replace(true) {
            budget.reserved.set(budget.reserved.get() - 1);
        } else if budget.left(owed) == 0 {
            return false;
        }
        budget.sent.set(budget.sent.get() + 1);
        true
    }
}

impl Drop for Reserved<'_> {
    fn drop(&mut self) {
        let held = self.after + usize::from(!self.spent.get());
        self.budget.reserved.set(self.budget.reserved.get() - held);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn taking_away_is_paid_for_before_a_row_is_made() {
        let budget = Budget::new(5);
        let create = budget.reserve(1, 0).expect("enough");
        assert_eq!(budget.left(0), 3);
        assert!(create.spend(0));
        drop(create);
        assert_eq!((budget.sent(), budget.left(1)), (1, 3), "the row is owed now");
        assert!(budget.reserve(1, 3).is_none(), "another row could not be deleted");
        let plain = budget.reserve(0, 3).expect("a read can");
        assert!(budget.reserve(0, 3).is_none(), "one beside it cannot");
        drop(plain);
        assert_eq!(budget.left(3), 1, "what is not spent is given back");
    }

    #[test]
    fn a_deletion_may_be_tried_again_beyond_the_budget() {
        let budget = Budget::new(1);
        assert!(budget.reserve(0, 0).expect("enough").spend(0));
        assert!(budget.reserve(0, 0).is_none());
        assert!(budget.overdraw().spend(0));
        assert_eq!((budget.sent(), budget.left(0)), (2, 0));
    }

    #[test]
    fn a_second_try_spends_what_nobody_has_spoken_for() {
        let budget = Budget::new(3);
        let create = budget.reserve(1, 0).expect("enough");
        assert!(create.spend(0) && create.spend(0));
        assert!(!create.spend(0), "the last one is for clean-up");
        drop(create);
        assert_eq!((budget.sent(), budget.left(0)), (2, 1));
    }
}
