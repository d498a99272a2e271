//! The whole contract from a client's side.

use schemas::{Action, Contract, Property, Rejection, Rules, Standing, StatusPattern};

use super::kin::Kin;
use super::operation::Op;
use crate::judge::Refusal;

/// The whole contract from a client's side.
#[derive(Debug)]
pub(crate) struct Atlas {
    pub(crate) contract: Contract,
    /// Every operation, in the order of the description.
    pub(crate) operations: Vec<Op>,
    /// Every resource, owners before what they own.
    pub(crate) kins: Vec<Kin>,
}

impl Atlas {
    pub(crate) fn new(contract: &Contract) -> Self {
        let operations: Vec<Op> =
            (0..contract.operations().len()).map(|index| Op::new(contract, index)).collect();
        let mut waiting: Vec<Kin> =
            (0..contract.resources().len()).map(|index| Kin::new(contract, index, &operations)).collect();
        let mut kins: Vec<Kin> = Vec::new();
        while !waiting.is_empty() {
            let ready = waiting
                .iter()
                .position(|kin| owners(kin).all(|owner| kins.iter().any(|known| known.name == owner)))
                .unwrap_or(0);
            kins.push(waiting.remove(ready));
        }
        Self { contract: contract.clone(), operations, kins }
    }

    pub(crate) fn rules(&self) -> &Rules {
        self.contract.rules()
    }

    /// A resource by name.
    pub(crate) fn kin(&self, name: &str) -> Option<&Kin> {
        self.kins.iter().find(|kin| kin.name == name)
    }

    /// The resource an operation acts on.
    pub(crate) fn kin_of(&self, op: &Op) -> Option<&Kin> {
        self.kin(op.acts()?.0)
    }

    /// The resource that owns the rows an operation acts on.
    pub(crate) fn parent_of(&self, op: &Op) -> Option<&Kin> {
        self.kin(&self.kin_of(op)?.parent.as_ref()?.resource)
    }

    /// Operations that want a key.
    pub(crate) fn closed(&self) -> impl Iterator<Item = &Op> {
        self.operations.iter().filter(|op| !op.open)
    }

    /// Operations that list rows.
    pub(crate) fn lists(&self) -> impl Iterator<Item = &Op> {
        self.operations.iter().filter(|op| op.action() == Action::List)
    }

    /// Whether a request to an operation can be made whole: every path parameter names a row we can make.
    pub(crate) fn reachable(&self, op: &Op) -> bool {
        op.slots().all(|(_, slot)| match slot {
            super::Slot::Own => self.kin_of(op).is_some_and(|kin| kin.create.is_some()),
            super::Slot::Parent => self.parent_of(op).is_some_and(|kin| kin.create.is_some()),
            super::Slot::Free => false,
        })
    }

    /// The operations that must work for a row of a resource to be made: its create, and those of its owners.
    pub(crate) fn makers(&self, kin: &Kin) -> Vec<String> {
        let mut needed: Vec<String> = kin.create.iter().map(|op| op.id.clone()).collect();
        for owner in owners(kin).filter_map(|owner| self.kin(owner)) {
            for id in self.makers(owner) {
                if !needed.contains(&id) {
                    needed.push(id);
                }
            }
        }
        needed
    }

    /// The operations that must work for a whole call of an operation: those that make the rows it names.
    pub(crate) fn needs_rows(&self, op: &Op) -> Vec<String> {
        let own = self.kin_of(op).filter(|_| op.has_slot(super::Slot::Own));
        let parent = self.parent_of(op).filter(|_| op.has_slot(super::Slot::Parent));
        let named: Vec<String> = op
            .body
            .iter()
            .flat_map(|body| body.schema.properties())
            .filter(|property| property.required)
            .filter_map(|property| reference(&property))
            .collect();
        let mut needed = Vec::new();
        let referred = named.iter().filter_map(|name| self.kin(name));
        for id in own.into_iter().chain(parent).chain(referred).flat_map(|kin| self.makers(kin)) {
            if !needed.contains(&id) {
                needed.push(id);
            }
        }
        needed
    }

    /// What a kind of wrong request to an operation is told. A plain description states no kinds: then the
    /// operation's own 400 or 422, else any refusal.
    pub(crate) fn refusal(&self, op: &Op, kind: &str) -> Refusal {
        if let Some(rejection) = self.rules().errors.as_ref().and_then(|errors| errors.rejection(kind)) {
            let place = format!("/x-contract/errors/rejections/{kind}");
            return Refusal::new(rejection.clone(), place);
        }
        let stated = op.responses.iter().find(|response| {
            matches!(response.status, StatusPattern::Exact(400 | 422) | StatusPattern::Class(4))
        });
        let status = match stated.map(|response| response.status) {
            Some(StatusPattern::Exact(status)) => status,
            _ => 400,
        };
        let mut rejection = Rejection::of_status(status, Standing::Assumed);
        // Where several statuses would do, only the refusal itself is stated.
        rejection.refused = Some(stated.map_or(Standing::Inferred, |response| response.standing));
        Refusal::new(
            rejection,
            stated.map_or_else(|| op.pointer.clone(), |response| response.pointer.clone()),
        )
    }
}

/// The resources whose rows a row of this one needs.
fn owners(kin: &Kin) -> impl Iterator<Item = &str> {
    let parent = kin.parent.iter().map(|parent| parent.resource.as_str());
    let required =
        kin.create.iter().filter_map(|op| op.body.as_ref()).flat_map(|body| body.schema.properties());
    let named: Vec<String> =
        required.filter(|property| property.required).filter_map(|property| reference(&property)).collect();
    let fields = kin.fields.values().filter_map(|field| field.rules.references.as_ref());
    parent
        .chain(
            fields
                .map(|reference| reference.resource.as_str())
                .filter(move |name| named.iter().any(|one| one == name)),
        )
        .filter(|name| *name != kin.name)
}

/// The resource a property names a row of.
pub(crate) fn reference(property: &Property) -> Option<String> {
    property.rules().ok()?.references.map(|reference| reference.resource)
}
