//! Whether what was sent is what is answered.

use schemas::Standing;
use serde_json::{Map, Value};

use crate::contract::{Api, Expected, Operation};
use crate::generate::presence;
use crate::judge::same_value;
use crate::scenario::{CaseContext, Exchange};

/// Whether a response shows a property as it was sent, by what the contract says becomes of it.
pub(crate) fn kept(
    cx: &mut CaseContext,
    op: &Operation,
    exchange: &Exchange,
    field: &str,
    sent: &Map<String, Value>,
    at_most: Standing,
) -> bool {
    let Some((expected, standing)) = expected_value(cx.api(), op, field, sent) else { return true };
    let Some(shown) = exchange.property(field) else { return true };
    if same_value(&expected, shown) {
        return true;
    }
    let message = format!("{field} was sent to {} and is not what it answers", op.id);
    let standing = left_alone(cx.api(), op, field, sent, shown).unwrap_or(standing.weakest(at_most));
    let expected = Expected::words(format!("{field} {expected}"));
    cx.wrong_value(exchange.step, field, message, expected).standing(standing);
    false
}

/// How sure it is that a value is changed on the way in which is shown as it was sent. It was taken, so that it might not
/// have been sent does not matter.
fn left_alone(
    api: &Api,
    op: &Operation,
    name: &str,
    sent: &Map<String, Value>,
    shown: &Value,
) -> Option<Standing> {
    let field = api.resource_of(op)?.fields.get(name)?;
    let text = sent.get(name).filter(|sent| *sent == shown)?.as_str()?;
    let changes = field.rules.normalize.iter().filter(|change| change.to.apply(text) != text);
    changes.map(|change| change.standing.weakest(field.standing)).reduce(Standing::weakest)
}

/// What a property reads as after it was sent, and how sure that is; `None` where other rules decide.
pub(crate) fn expected_value(
    api: &Api,
    op: &Operation,
    name: &str,
    sent: &Map<String, Value>,
) -> Option<(Value, Standing)> {
    let resource = api.resource_of(op)?;
    let field = resource.fields.get(name)?;
    let property = op.body.as_ref()?.schema.property(name)?;
    let (rules, mut value) = (&field.rules, sent.get(name)?.clone());
    // A row is named by either id and reads as the opaque one; only the opaque one is compared.
    let numbered = |reference: &schemas::Reference| {
        api.resource(&reference.resource).is_none_or(|named| named.identity.display.is_some())
    };
    let by_number = rules.references.as_ref().is_some_and(numbered)
        && value.as_str().is_none_or(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    if rules.server_set.is_some() || rules.derived.is_some() || by_number || value.is_null() {
        return None;
    }
    // That an update changes what is sent is as sure as that the property can be set at all: what a create says of it.
    let create = resource.create.as_ref().filter(|_| op.changes_rows());
    let stated = create.and_then(|create| create.body.as_ref()?.schema.property(name)).unwrap_or(property);
    let mut standing = field.standing.weakest(presence(&stated));
    for change in &rules.normalize {
        if let Value::String(text) = &value {
            let changed = change.to.apply(text);
            if changed != *text {
                standing = standing.weakest(change.standing);
                value = Value::String(changed);
            }
        }
    }
    Some((value, standing))
}
