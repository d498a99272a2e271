//! How one class of input is provoked.

use std::fmt;
use std::rc::Rc;

use futures_util::future::LocalBoxFuture;

use super::literal::slug;
use super::snapshot_store::RecordId;
use crate::contract::{Api, Operation, PathSlot, Resource};
use crate::law::ExtraKey;
use crate::scenario::{CaseContext, CaseError, Exchange};

/// The answer that is recorded, or why there is none.
pub(super) type Taken = Result<Exchange, CaseError>;

/// What provokes a class of input once.
pub(super) trait Act {
    /// Does it.
    fn run<'a>(&'a self, cx: &'a mut CaseContext) -> LocalBoxFuture<'a, Taken>;
}

impl<F: AsyncFn(&mut CaseContext) -> Taken> Act for F {
    fn run<'a>(&'a self, cx: &'a mut CaseContext) -> LocalBoxFuture<'a, Taken> {
        Box::pin(self(cx))
    }
}

/// How one class of input of one operation is provoked. It makes the rows it looks at itself; only where a refusal is
/// due does it name rows that others use as well.
#[derive(Clone)]
pub(super) struct Recipe {
    /// Where the record is kept.
    pub(super) id: RecordId,
    /// The operation it is a record of.
    pub(super) operation: String,
    /// The class of input, in words.
    pub(super) class: String,
    /// Requests it takes, about, taking away what it makes included.
    pub(super) cost: usize,
    pub(super) wants: ExtraKey,
    /// Rows that others use are named, since the request is to be refused. Where it is not, it is done again on fresh ones.
    pub(super) refusal: bool,
    /// Rows of others may be in the answer.
    pub(super) crowded: bool,
    /// It looks at the newest rows of all: nothing else runs meanwhile.
    pub(super) alone: bool,
    /// The resources whose shared rows it names.
    pub(super) rows: Vec<Resource>,
    act: Rc<dyn Act>,
}

impl Recipe {
    /// A recipe that makes what it needs, for one request and one row.
    pub(super) fn new(
        op: &Operation,
        name: impl AsRef<str>,
        class: impl Into<String>,
        act: impl AsyncFn(&mut CaseContext) -> Taken + 'static,
    ) -> Self {
        Self {
            id: RecordId { operation: op.id.clone(), name: slug(name.as_ref()) },
            operation: op.id.clone(),
            class: class.into(),
            cost: 1,
            wants: ExtraKey::Nothing,
            refusal: false,
            crowded: false,
            alone: false,
            rows: Vec::new(),
            act: Rc::new(act),
        }
    }

    /// A recipe for a request that is to be refused.
    pub(super) fn refusal(
        op: &Operation,
        name: impl AsRef<str>,
        class: impl Into<String>,
        act: impl AsyncFn(&mut CaseContext) -> Taken + 'static,
    ) -> Self {
        Self { refusal: true, ..Self::new(op, name, class, act) }
    }

    /// The resources whose shared rows a request of the operation names.
    #[must_use]
    pub(super) fn naming(mut self, api: &Api) -> Self {
        let op = api.operations.iter().find(|op| op.id == self.operation);
        self.rows = op.map(|op| named(api, op)).unwrap_or_default();
        self
    }

    #[must_use]
    pub(super) fn cost(mut self, cost: usize) -> Self {
        self.cost = cost;
        self
    }

    #[must_use]
    pub(super) fn wants(mut self, wants: ExtraKey) -> Self {
        self.wants = wants;
        self
    }

    #[must_use]
    pub(super) fn crowded(mut self, crowded: bool) -> Self {
        self.crowded = crowded;
        self
    }

    #[must_use]
    pub(super) fn alone(mut self) -> Self {
        self.alone = true;
        self
    }

    /// Keeps the record in another folder: it is of no operation.
    #[must_use]
    pub(super) fn folder(mut self, folder: &str) -> Self {
        folder.clone_into(&mut self.id.operation);
        self
    }

    pub(super) fn act(&self) -> &dyn Act {
        self.act.as_ref()
    }
}

impl fmt::Debug for Recipe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.id)
    }
}

/// The resources of which a whole request of an operation names a row, owners before what they own.
pub(super) fn named(api: &Api, op: &Operation) -> Vec<Resource> {
    let makers = api.needs_rows(op);
    let own = api.resource_of(op).filter(|_| op.has_slot(PathSlot::Own));
    api.resources
        .iter()
        .filter(|resource| {
            own.is_some_and(|own| own.name == resource.name)
                || resource.create.as_ref().is_some_and(|create| makers.contains(&create.id))
                || refers(op, resource)
        })
        .cloned()
        .collect()
}

fn refers(op: &Operation, resource: &Resource) -> bool {
    let mut properties = op.body.iter().flat_map(|body| body.schema.properties());
    properties.any(|property| crate::contract::reference(&property).is_some_and(|name| name == resource.name))
}
