//! A method that a path does not take.

use schemas::Method;

use super::api::Api;
use super::operation::Operation;

/// A method that reads, by its definition, and that hardly any API takes.
const READS: &str = "PROPFIND";

impl Api {
    /// A method that the path of an operation does not take. One that changes something is sent only where the path names a
    /// row of the run, or where the owner of the contract says what there is, and nothing on the path is withheld: the target may take it all the same.
    pub(crate) fn other_method(&self, op: &Operation) -> Option<&'static str> {
        let path = op.path.as_str();
        let is_free = |method: &Method| self.contract.operation_at(*method, path).is_none();
        let methods: &[Method] = if op.slots().any(|(name, _)| self.filling(op, name).is_own_row()) {
            &[Method::Put, Method::Patch, Method::Delete, Method::Post]
        } else if self.rules().vocabulary > 0
            && !self.operations.iter().any(|other| other.path == op.path && self.withheld(other).is_some())
        {
            &[Method::Put]
        } else {
            return Some(READS);
        };
        methods.iter().copied().find(is_free).map(Method::as_str)
    }
}
