//! What the server plays, for whoever tries it.

use schemas::{Operation, Parameter, Sampler};
use serde_json::{Map, Value, json};

use super::Control;
use super::told::ok;
use crate::answer::Answer;
use crate::faults::Profile;

impl Control<'_> {
    pub(super) fn operations(&self) -> Answer {
        let operations: Vec<Value> =
            self.contract.operations().iter().map(|operation| self.operation(operation)).collect();
        let resources = self.contract.resources().iter();
        let resources: Vec<Value> =
            resources.map(|resource| json!({"name": resource.name, "id": resource.identity.id})).collect();
        ok(&json!({
            "title": self.contract.title(),
            "version": self.contract.version(),
            "base": self.contract.base_path(),
            "resources": resources,
            "profiles": Profile::ALL.map(|(name, _)| name),
            "operations": operations,
        }))
    }

    fn operation(&self, operation: &Operation) -> Value {
        let parameters: Vec<Value> = operation.parameters.iter().map(parameter).collect();
        let examples = self.examples.list(operation);
        let examples: Vec<Value> =
            examples.iter().map(|(name, status)| json!({"name": &**name, "status": status})).collect();
        let body = operation.body.as_ref().and_then(|body| Sampler::new(&body.schema).best());
        json!({
            "id": operation.id,
            "method": operation.method.as_str(),
            "path": operation.path.as_str(),
            "base": operation.base_path.as_deref().unwrap_or(self.contract.base_path()),
            "open": operation.open,
            "parameters": parameters,
            "body": body,
            "examples": examples,
        })
    }
}

fn parameter(parameter: &Parameter) -> Value {
    let mut shown = Map::new();
    shown.insert("name".to_owned(), json!(parameter.name));
    shown.insert("in".to_owned(), json!(format!("{:?}", parameter.location).to_ascii_lowercase()));
    shown.insert("required".to_owned(), json!(parameter.required));
    shown.insert("values".to_owned(), parameter.schema.keyword("enum").cloned().unwrap_or(json!([])));
    Value::Object(shown)
}
