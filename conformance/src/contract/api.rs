//! The whole contract from a client's side.

use std::collections::HashMap;

use schemas::{Action, Contract, Property, Rejection, Rules, Standing, StatusPattern};

use super::caution::{Withheld, withheld};
use super::expectation::Refusal;
use super::filling::{Filling, filling};
use super::operation::{Operation, PathSlot};
use super::paging::Paging;
use super::resource::Resource;
use super::wishes::Wishes;

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
    wishes: Wishes,
    /// The paths of single rows, each with the resource whose rows a run can make.
    rows: Vec<(String, String)>,
    /// Why operations are not called, by their ids.
    withheld: HashMap<String, Withheld>,
}

impl Api {
    /// A contract of which a run calls what does no harm.
    pub(crate) fn new(contract: &Contract) -> Self {
        Self::with(contract, &Wishes::default())
    }

    /// The same, with what the user wishes.
    pub(crate) fn with(contract: &Contract, wishes: &Wishes) -> Self {
        let operations: Vec<Operation> =
            (0..contract.operations().len()).map(|index| Operation::new(contract, index)).collect();
        let rows: Vec<(String, String)> = (0..contract.resources().len())
            .map(|index| Resource::new(contract, index, &operations))
            .filter(|resource| resource.create.is_some())
            .flat_map(|resource| {
                let single = [resource.read.clone(), resource.update.clone(), resource.delete.clone()];
                let named = single.into_iter().flatten().filter(|op| row_path(op).ends_with('}'));
                named.map(|op| (row_path(&op).to_owned(), resource.name.clone())).collect::<Vec<_>>()
            })
            .collect();
        let withheld: HashMap<String, Withheld> = operations
            .iter()
            .filter_map(|op| {
                let filling = |name: &str| filling(contract, op, name, wishes, &rows);
                Some((op.id.clone(), withheld(op, wishes, filling)?))
            })
            .collect();
        let called: Vec<Operation> =
            operations.iter().filter(|op| !withheld.contains_key(&op.id)).cloned().collect();
        let mut waiting: Vec<Resource> =
            (0..contract.resources().len()).map(|index| Resource::new(contract, index, &called)).collect();
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
        Self {
            contract: contract.clone(),
            operations,
            resources,
            paging,
            wishes: wishes.clone(),
            rows,
            withheld,
        }
    }

    /// Why an operation is not called, if it is not.
    pub(crate) fn withheld(&self, op: &Operation) -> Option<&Withheld> {
        self.withheld.get(&op.id)
    }

    /// What stands for a path parameter of an operation.
    pub(crate) fn filling(&self, op: &Operation, name: &str) -> Filling {
        filling(&self.contract, op, name, &self.wishes, &self.rows)
    }

    /// The resources beneath whose rows an operation acts although the contract states no more than its path, each with
    /// the parameter that names the row.
    fn beneath<'a>(&'a self, op: &'a Operation) -> impl Iterator<Item = (&'a str, &'a Resource)> {
        let free = op.slots().filter(|(_, slot)| *slot == PathSlot::Free);
        free.filter_map(|(name, _)| match self.filling(op, name) {
            Filling::Beneath(resource) => Some((name, self.resource(&resource)?)),
            _ => None,
        })
    }

    /// The last of them.
    pub(crate) fn named_beneath(&self, op: &Operation) -> Option<(String, Resource)> {
        self.beneath(op).last().map(|(name, resource)| (name.to_owned(), resource.clone()))
    }

    /// Why no whole request to an operation is made, and what helps; `None` where one can be.
    pub(crate) fn unreachable(&self, op: &Operation) -> Option<String> {
        if let Some(withheld) = self.withheld(op) {
            return Some(withheld.why.clone());
        }
        let makes = |resource: Option<&Resource>| resource.is_some_and(|resource| resource.create.is_some());
        op.slots().find_map(|(name, _)| match self.filling(op, name) {
            Filling::Own if !makes(self.resource_of(op)) => {
                let resource = self.resource_of(op).map_or_else(|| "a row".to_owned(), Resource::one);
                Some(format!("nothing makes {resource} to name in {{{name}}}"))
            }
            Filling::Parent if !makes(self.parent_of(op)) => {
                let resource = self.parent_of(op).map_or_else(|| "a row".to_owned(), Resource::one);
                Some(format!("nothing makes {resource} to name in {{{name}}}"))
            }
            Filling::Beneath(resource) if !makes(self.resource(&resource)) => {
                Some(format!("nothing makes the {resource} to name in {{{name}}}"))
            }
            Filling::Nothing => Some(format!(
                "needs a value for {{{name}}}: annotate it, give an example, or --value {name}=…"
            )),
            _ => None,
        })
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

    /// The resource whose rows a path parameter names, where those own what an operation acts on, directly or not.
    pub(crate) fn owner_named(&self, op: &Operation, parameter: &str) -> Option<&Resource> {
        let outwards = op.owner_parameters().position(|name| name == parameter)?;
        let mut owner = self.resource_of(op)?;
        for _ in 0..=outwards {
            owner = self.resource(&owner.parent.as_ref()?.resource)?;
        }
        Some(owner)
    }

    /// Operations that want a key.
    pub(crate) fn closed(&self) -> impl Iterator<Item = &Operation> {
        self.operations.iter().filter(|op| !op.open)
    }

    /// Operations that list rows.
    pub(crate) fn lists(&self) -> impl Iterator<Item = &Operation> {
        self.operations.iter().filter(|op| op.action() == Action::List)
    }

    /// Whether a request to an operation is made: it is called, and every path parameter has something that stands for it.
    pub(crate) fn reachable(&self, op: &Operation) -> bool {
        self.unreachable(op).is_none()
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
        let own = self.resource_of(op).filter(|_| op.has_slot(PathSlot::Own));
        let parent = self.parent_of(op).filter(|_| op.has_slot(PathSlot::Parent));
        let named: Vec<String> = op
            .body
            .iter()
            .flat_map(|body| body.schema.properties())
            .filter(|property| property.required)
            .filter_map(|property| reference(&property))
            .collect();
        let mut needed = Vec::new();
        let referred = named.iter().filter_map(|name| self.resource(name));
        let beneath = self.beneath(op).map(|(_, resource)| resource);
        for id in own
            .into_iter()
            .chain(parent)
            .chain(referred)
            .chain(beneath)
            .flat_map(|resource| self.makers(resource))
        {
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

/// The path of an operation without a slash at its end.
fn row_path(op: &Operation) -> &str {
    op.path.as_str().trim_end_matches('/')
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
