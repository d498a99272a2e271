//! What one case did and several look at: rows and answers that need not be had twice.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use tokio::sync::{Mutex, OwnedMutexGuard};

use super::row::Row;
use super::scene::{Exchange, Scene, Stop};
use super::step::Step;

/// What an act comes to.
#[derive(Debug, Clone, Default)]
pub(crate) struct Deed {
    /// The rows it made, in order; an owner before what it owns.
    pub(crate) rows: Vec<Row>,
    /// The answers that matter, in order.
    pub(crate) exchanges: Vec<Exchange>,
}

impl Deed {
    /// The same as seen from a story in which its first step has another number.
    fn shifted(mut self, from: usize, to: usize) -> Self {
        for exchange in &mut self.exchanges {
            exchange.step = exchange.step - from + to;
        }
        self
    }
}

/// An act that was done, or why it could not be.
#[derive(Debug, Clone)]
enum Done {
    Deed { deed: Deed, steps: Vec<Step> },
    Failed(String),
}

type Shelf = Rc<Mutex<Option<Done>>>;

/// The acts of a run, by their names.
#[derive(Debug, Default)]
pub(crate) struct Acts {
    shelves: RefCell<HashMap<String, Shelf>>,
    lent: RefCell<HashMap<String, Arc<Mutex<()>>>>,
}

impl Acts {
    fn shelf(&self, name: &str) -> Shelf {
        Rc::clone(self.shelves.borrow_mut().entry(name.to_owned()).or_default())
    }

    /// Whether somebody has done it, or is about to.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.shelves.borrow().contains_key(name)
    }

    async fn turn(&self, name: &str) -> OwnedMutexGuard<()> {
        let lock = Arc::clone(self.lent.borrow_mut().entry(name.to_owned()).or_default());
        lock.lock_owned().await
    }
}

impl Scene {
    /// What an act comes to: done once for all the cases that look at it, and anew where a case is tried again.
    ///
    /// Whoever uses it must leave what it made as it is. Its rows are named after the act, so that it sends the same
    /// whichever case comes first.
    pub(crate) async fn act(
        &mut self,
        name: &str,
        deed: impl AsyncFnOnce(&mut Scene) -> Result<Deed, Stop>,
    ) -> Result<Deed, Stop> {
        if self.attempt > 0 {
            return deed(self).await;
        }
        let shelf = self.acts.shelf(name);
        let mut done = shelf.lock().await;
        let at = self.steps.len();
        match &*done {
            Some(Done::Deed { deed, steps }) => {
                self.borrowed += steps.len();
                self.steps.extend(steps.iter().cloned());
                return Ok(deed.clone().shifted(0, at));
            }
            Some(Done::Failed(why)) => return Err(Stop::NotJudged(why.clone())),
            None => {}
        }
        let names = self.names.of_act(name);
        let own = std::mem::replace(&mut self.names, names);
        let outcome = deed(self).await;
        self.names = own;
        match &outcome {
            Ok(deed) => {
                let (deed, steps) = (deed.clone().shifted(at, 0), self.steps[at..].to_vec());
                *done = Some(Done::Deed { deed, steps });
            }
            Err(Stop::NotJudged(why)) => *done = Some(Done::Failed(why.clone())),
            Err(Stop::Halt(_)) => {}
        }
        outcome
    }

    /// The row that an act makes, where that is all it does.
    pub(crate) async fn act_row(
        &mut self,
        name: &str,
        make: impl AsyncFnOnce(&mut Scene) -> Result<Row, Stop>,
    ) -> Result<Row, Stop> {
        let deed = self.act(name, async |scene: &mut Scene| make(scene).await.map(Deed::from)).await?;
        deed.rows.into_iter().next().ok_or_else(|| Stop::NotJudged(format!("{name} made no row")))
    }

    /// A row that this case may change as it likes until it ends, and that others have changed before.
    pub(crate) async fn lend(&mut self, kin: &crate::atlas::Kin) -> Result<Row, Stop> {
        let name = lent(kin);
        if !self.holding.iter().any(|(held, _)| *held == name) {
            let turn = self.acts.turn(&name).await;
            self.holding.push((name.clone(), turn));
        }
        self.act_row(&name, async |scene: &mut Scene| scene.make(kin).await).await
    }

    /// A row of the least body that nobody changes.
    pub(crate) async fn still(&mut self, kin: &crate::atlas::Kin) -> Result<Row, Stop> {
        self.act_row(&still(kin), async |scene: &mut Scene| scene.make(kin).await).await
    }
}

/// The name of the act that makes a row to be changed.
pub(crate) fn lent(kin: &crate::atlas::Kin) -> String {
    format!("lent/{}", kin.name)
}

/// The name of the act that makes a row nobody changes.
pub(crate) fn still(kin: &crate::atlas::Kin) -> String {
    format!("still/{}", kin.name)
}

impl From<Row> for Deed {
    fn from(row: Row) -> Self {
        Self { rows: vec![row], exchanges: Vec::new() }
    }
}
