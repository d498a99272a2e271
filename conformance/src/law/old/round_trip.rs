//! Texts come back as they were sent.

use schemas::{Property, Standing};
use serde_json::{Map, Value, json};

use super::alone::together_or_alone;
use super::input::kept;
use super::reading::made;
use super::law::Law;
use crate::contract::{Api, Resource, Operation, reference};
use crate::generate::{Extent, UNICODE_SAMPLE, is_prose, presence};
use crate::contract::Acceptance;
use super::case::Case;
use crate::scenario::{CaseContext, CaseError};

/// What a text holds; each tried where a property may hold it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    /// Several scripts, quotes and markup.
    Scripts,
    /// Blanks at both ends, a decomposed letter, line ends: what is often tidied away, and nobody says that it is.
    Untidy,
    /// A letter beyond ASCII in a word that is no prose.
    Letters,
    /// Capitals and outer dashes in a value no two rows may share.
    Capitals,
    /// The same in the items of a list.
    Items,
}

impl Sort {
    fn value(self, token: &str) -> Value {
        match self {
            Self::Scripts => json!(format!("{token} {UNICODE_SAMPLE}")),
            Self::Untidy => json!(format!(" {token} e\u{301}\r\n\tx  ")),
            Self::Letters => json!(format!("{token} \u{dc}n\u{ef}")),
            Self::Capitals => json!(format!("-{}-", token.to_uppercase())),
            Self::Items => json!([format!("{} \u{dc}", token.to_uppercase())]),
        }
    }
}

/// The sorts of text a property may hold, by what the schema and the field's rules say.
fn sorts(api: &Api, resource: &Resource, create: &Operation, property: &Property) -> Vec<Sort> {
    let Some(rules) = resource.fields.get(&property.name).map(|field| &field.rules) else { return Vec::new() };
    let schema = &property.schema;
    let stated = ["format", "pattern", "enum", "const"].iter().any(|name| schema.keyword(name).is_some());
    let meant = rules.references.is_some() || rules.derived.is_some() || !rules.normalize.is_empty();
    if stated || meant || reference(property).is_some() {
        return Vec::new();
    }
    let candidates: &[Sort] = if rules.unique.is_some() {
        &[Sort::Capitals]
    } else if schema.items().is_some_and(|items| items.keyword("enum").is_none()) {
        &[Sort::Items]
    } else if is_prose(api, create, &property.name) {
        &[Sort::Scripts, Sort::Untidy]
    } else {
        &[Sort::Letters]
    };
    let fits = |sort: &Sort| {
        schema.is_valid(&sort.value("t0123456789-0123456789-0"))
            || *sort == Sort::Scripts && schema.is_valid(&Value::from(UNICODE_SAMPLE))
    };
    candidates.iter().copied().filter(fits).collect()
}

/// Per resource a create with plain prose in several scripts, by how sure the properties are, and one with everything
/// that may be tidied away, which nobody promises to leave alone.
pub(crate) fn text(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for (resource, create) in made(api) {
        let Some(body) = &create.body else { continue };
        let properties = body.schema.properties();
        let of = |wanted: &dyn Fn(Sort, Standing) -> bool| -> Vec<(String, Sort)> {
            let each = properties.iter().filter_map(|property| {
                let sort = sorts(api, resource, create, property)
                    .into_iter()
                    .find(|sort| wanted(*sort, presence(property)))?;
                Some((property.name.clone(), sort))
            });
            each.collect()
        };
        for standing in [Standing::Documented, Standing::Inferred, Standing::Assumed] {
            let fields = of(&|sort, sure| sort == Sort::Scripts && sure == standing);
            cases.extend(case(law, api, resource, create, standing.as_str(), standing, fields));
        }
        let tidied = |sort: Sort| matches!(sort, Sort::Untidy | Sort::Items);
        let fields = of(&|sort, sure| tidied(sort) && sure <= Standing::Inferred);
        cases.extend(case(law, api, resource, create, "untidy", Standing::Inferred, fields));
        // What letters a word that is no prose may have, nobody says at all.
        let fields = of(&|sort, sure| sort != Sort::Scripts && !tidied(sort) && sure <= Standing::Inferred);
        cases.extend(case(law, api, resource, create, "unusual", Standing::Assumed, fields));
    }
    cases
}

fn case(
    law: &'static Law,
    api: &Api,
    resource: &Resource,
    create: &Operation,
    variant: &str,
    standing: Standing,
    fields: Vec<(String, Sort)>,
) -> Option<Case> {
    if fields.is_empty() {
        return None;
    }
    let (rows, op) = (resource.clone(), create.clone());
    let case = Case::new(law, create, async move |cx: &mut CaseContext| {
        together_or_alone(cx, &fields, async |cx: &mut CaseContext, fields: &[(String, Sort)]| {
            tried(cx, &rows, &op, fields, standing).await
        })
        .await
    });
    let needs = resource.read.iter().map(|read| read.id.clone()).collect::<Vec<_>>();
    Some(case.variant(variant).standing(standing).cost(3).needs(api.makers(resource)).needs(needs))
}

/// Whether a create takes the texts, and answers and reads show them as they were sent.
async fn tried(
    cx: &mut CaseContext,
    rows: &Resource,
    op: &Operation,
    fields: &[(String, Sort)],
    standing: Standing,
) -> Result<bool, CaseError> {
    let mut sent: Map<String, Value> = cx.body(op, Extent::Minimal)?.0;
    for (name, sort) in fields {
        let value = sort.value(&cx.names.token());
        // Where there is no room for both, the letters matter more than the run's mark.
        let property = op.body.as_ref().and_then(|body| body.schema.property(name));
        let fits = property.is_some_and(|property| property.schema.is_valid(&value));
        let plain = Value::from(UNICODE_SAMPLE);
        sent.insert(name.clone(), if fits || *sort != Sort::Scripts { value } else { plain });
    }
    let exchange = cx.send(cx.request_to(op)?.json(sent.clone())).await?;
    let what = match fields {
        [(name, _)] => format!("a create with an unusual text in {name}"),
        _ => "a create with text of several scripts".to_owned(),
    };
    if !cx.accepted(&exchange, &Acceptance::of(op).at_most(standing), &what) {
        return Ok(false);
    }
    let mut fine = true;
    for (name, _) in fields {
        fine &= kept(cx, op, &exchange, name, &sent, standing);
    }
    if let (true, Some(_), Ok(row)) = (fine, &rows.read, cx.row_of(rows, &exchange)) {
        let read = cx.read(rows, &row.id).await?;
        cx.require_success(&read)?;
        for (name, _) in fields {
            fine &= kept(cx, op, &read, name, &sent, standing);
        }
    }
    Ok(fine)
}
