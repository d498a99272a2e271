//! Values of parameters.

use schemas::{Credential, Parameter, ParameterLocation, Sampler};
use serde_json::Value;

use super::length::lengths_agree;
use crate::contract::{Api, Operation};

/// A valid value of a parameter: the example that the description gives, else one that its schema states or admits. `None` where
/// none can be made.
pub(crate) fn parameter_value(api: &Api, parameter: &Parameter) -> Option<Value> {
    let document = api.contract.document();
    let stated = document.get(&parameter.pointer)?;
    let content =
        stated.get("content").and_then(Value::as_object).and_then(|content| content.values().next());
    let examples = [Some(stated), content].into_iter().flatten().flat_map(|owner| {
        let named = owner.get("examples").and_then(Value::as_object);
        let named = named.into_iter().flat_map(|named| named.values()).filter_map(|one| one.get("value"));
        owner.get("example").into_iter().chain(named)
    });
    let fits = |value: &&Value| parameter.schema.is_valid(value);
    examples.filter(fits).find(|value| parameter.write(value).is_ok()).cloned().or_else(|| {
        let made = Sampler::new(&parameter.schema).sample();
        made.filter(|value| lengths_agree(&parameter.schema, value) && parameter.write(value).is_ok())
    })
}

/// Whether a parameter is the matter of the description alone: no credential, no key of repeats, and none of the headers of which
/// OpenAPI speaks elsewhere.
pub(crate) fn is_plain_parameter(api: &Api, op: &Operation, parameter: &Parameter) -> bool {
    let is = |name: &str| parameter.name.eq_ignore_ascii_case(name);
    let header = parameter.location == ParameterLocation::Header;
    let elsewhere = header && ["accept", "content-type", "authorization"].into_iter().any(is);
    let repeats = header && api.rules().idempotency.as_ref().is_some_and(|rule| is(&rule.header));
    let credential = op.security.alternatives.iter().flatten().any(|demand| match &demand.credential {
        Credential::Header(name) => header && is(name),
        Credential::Query(name) => parameter.location == ParameterLocation::Query && is(name),
        Credential::Cookie(name) => parameter.location == ParameterLocation::Cookie && is(name),
        Credential::Bearer | Credential::Basic | Credential::Word(_) | Credential::Unseen => false,
    });
    !elsewhere && !repeats && !credential && parameter.location != ParameterLocation::Path
}
