//! What requests are refused with that name rows which are not there.

use schemas::Property;

use crate::contract::{Api, Operation, Refusal, Resource, reference};
use crate::generate::presence;

/// A refusal that the contract states elsewhere, no surer than what the operation itself says of such a status.
pub(crate) fn as_stated_by(op: &Operation, refusal: Refusal) -> Refusal {
    let standing = op.standing_of(refusal.status());
    refusal.at_most(standing)
}

/// The properties of an operation's body that name a row, each with the resource of that row.
pub(crate) fn references<'a>(api: &'a Api, op: &Operation) -> Vec<(&'a Resource, Property)> {
    let properties = op.body.iter().flat_map(|body| body.schema.properties());
    properties.filter_map(|property| Some((api.resource(&reference(&property)?)?, property))).collect()
}

/// What a body is refused with whose property names a row that is not there: the property's own rule, else that of the
/// row's resource.
pub(crate) fn unknown_reference(op: &Operation, owner: &Resource, property: &Property) -> Refusal {
    let rule = property.rules().ok().and_then(|rules| rules.references);
    let refusal = match rule.and_then(|rule| rule.rejection) {
        Some(rejection) => {
            Refusal::new(rejection, schemas::pointer::join(&property.pointer, "x-contract-field"))
        }
        None => as_stated_by(op, owner.unknown_row()),
    };
    refusal.at_most(presence(property)).blaming(&property.name)
}
