//! The whole contract from a client's side.

use schemas::{Action, Contract, Property, Rejection, Rules, Standing, StatusPattern};

use super::expectation::Refusal;
use super::operation::Operation;
use super::paging::Paging;
use super::resource::Resource;

/// The whole contract from a client's side.
#[derive(Debug)]
pub(crate) struct Api {
    pub(crate) contract: Contract,
    /// Every operation, in the order of the description.
    pub(crate) operations: Vec<Operation>,
    /// Every resource, owners before what they own.
    pub(crate) resources: Vec<Resource>,
    /// How its lists are walked, where that is by a cursor.
    pub(crate) paging: Option<Paging>,
}

impl Api {
    pub(crate) fn new(contract: &Contract) -> Self {
        let operations: Vec<Operation> =
            (0..contract.operations().len()).map(|index| Operation::new(contract, index)).collect();
        let mut waiting: Vec<Resource> = (0..contract.resources().len())
            .map(|index| Resource::new(contract, index, &operations))
            .collect();
        let mut resources: Vec<Resource> = Vec::new();
        while !waiting.is_empty() {
            let ready = waiting
                .iter()
                .position(|resource| {
                    owners(resource).all(|owner| resources.iter().any(|known| known.name == owner))
                })
                .unwrap_or(0);
            resources.push(waiting.remove(ready));
        }
        let paging = contract.rules().pagination.as_ref().and_then(Paging::of);
        Self { contract: contract.clone(), operations, resources, paging }
    }

    pub(crate) fn rules(&self) -> &Rules {
        self.contract.rules()
    }

    /// A resource by name.
    pub(crate) fn resource(&self, name: &str) -> Option<&Resource> {
        self.resources.iter().find(|resource| resource.name == name)
    }

    /// The resource an operation acts on.
    pub(crate) fn resource_of(&self, op: &Operation) -> Option<&Resource> {
        self.resource(op.acts()?.0)
    }

    /// The resource that owns the rows an operation acts on.
    pub(crate) fn parent_of(&self, op: &Operation) -> Option<&Resource> {
        self.resource(&self.resource_of(op)?.parent.as_ref()?.resource)
    }

    /// The size of the biggest page that may be asked for, where lists have pages.
    pub(crate) fn biggest_page(&self) -> Option<u64> {
        self.paging.as_ref().map(|rule| rule.limit.maximum)
    }

    /// Operations that want a key.
    pub(crate) fn closed(&self) -> impl Iterator<Item = &Operation> {
        self.operations.iter().filter(|op| !op.open)
    }

    /// Operations that list rows.
    pub(crate) fn lists(&self) -> impl Iterator<Item = &Operation> {
        self.operations.iter().filter(|op| op.action() == Action::List)
    }

    /// Whether a request to an operation can be made whole: every path parameter names a row we can make.
    pub(crate) fn reachable(&self, op: &Operation) -> bool {
        op.slots().all(|(_, slot)| match slot {
            super::PathSlot::Own => self.resource_of(op).is_some_and(|resource| resource.create.is_some()),
            super::PathSlot::Parent => self.parent_of(op).is_some_and(|resource| resource.create.is_some()),
            super::PathSlot::Free => false,
        })
    }

    /// The operations that must work for a row of a resource to be made: its create, and those of its owners.
    pub(crate) fn makers(&self, resource: &Resource) -> Vec<String> {
        let mut needed: Vec<String> = resource.create.iter().map(|op| op.id.clone()).collect();
        for owner in owners(resource).filter_map(|owner| self.resource(owner)) {
            for id in self.makers(owner) {
                if !needed.contains(&id) {
                    needed.push(id);
                }
            }
        }
        needed
    }

    /// The operations that must work for a whole request of an operation: those that make the rows it names.
    pub(crate) fn needs_rows(&self, op: &Operation) -> Vec<String> {
        let own = self.resource_of(op).filter(|_| op.has_slot(super::PathSlot::Own));
        let parent = self.parent_of(op).filter(|_| op.has_slot(super::PathSlot::Parent));
        let named: Vec<String> = op
            .body
            .iter()
            .flat_map(|body| body.schema.properties())
            .filter(|property| property.required)
            .filter_map(|property| reference(&property))
            .collect();
        let mut needed = Vec::new();
        let referred = named.iter().filter_map(|name| self.resource(name));
        for id in own.into_iter().chain(parent).chain(referred).flat_map(|resource| self.makers(resource)) {
            if !needed.contains(&id) {
                needed.push(id);
            }
        }
        needed
    }

    /// How a kind of wrong request to an operation is answered. A plain description states no kinds: then the
    /// operation's own 400 or 422, else any refusal.
    pub(crate) fn refusal(&self, op: &Operation, kind: &str) -> Refusal {
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
fn owners(resource: &Resource) -> impl Iterator<Item = &str> {
    let parent = resource.parent.iter().map(|parent| parent.resource.as_str());
    let required =
        resource.create.iter().filter_map(|op| op.body.as_ref()).flat_map(|body| body.schema.properties());
    let named: Vec<String> =
        required.filter(|property| property.required).filter_map(|property| reference(&property)).collect();
    let fields = resource.fields.values().filter_map(|field| field.rules.references.as_ref());
    parent
        .chain(
            fields
                .map(|reference| reference.resource.as_str())
                .filter(move |name| named.iter().any(|one| one == name)),
        )
        .filter(|name| *name != resource.name)
}

/// The resource a property names a row of.
pub(crate) fn reference(property: &Property) -> Option<String> {
    property.rules().ok()?.references.map(|reference| reference.resource)
}
