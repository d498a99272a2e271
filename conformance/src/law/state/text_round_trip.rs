//! Texts come back as they were sent.

use schemas::{Property, Schema, Standing};
use serde_json::{Map, Value, json};

use crate::contract::{Acceptance, Api, Operation, Resource, reference};
use crate::generate::{Extent, UNICODE_SAMPLE, is_prose, lengths_agree, presence};
use crate::http::{Request, created_id};
use crate::law::support::{creatable, kept, together_or_alone};
use crate::law::{Case, Family, Law};
use crate::scenario::{CaseContext, CaseError};

pub(crate) static LAW: Law = Law {
    id: "text-round-trip",
    family: Family::State,
    says: "any text is returned as it was sent",
    why: "Several scripts, quotes, markup; then, less sure, outer blanks, decomposed letters, line ends, capitals where \
          others are usual.",
    ..Law::by_cases(cases)
};

/// What a text holds; each is tried where a property may hold it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Several scripts, quotes and markup.
    Scripts,
    /// Blanks at both ends, a decomposed letter, line ends: what is often tidied away, and nobody says that it is.
    Untidy,
    /// A letter beyond ASCII in a word that is no prose.
    Letters,
    /// Capitals and outer dashes in a value that no two rows may share.
    Capitals,
    /// The same in the items of a list.
    Items,
}

impl Kind {
    fn value(self, token: &str) -> Value {
        match self {
            Self::Scripts => json!(format!("{token} {UNICODE_SAMPLE}")),
            Self::Untidy => json!(format!(" {token} e\u{301}\r\n\tx  ")),
            Self::Letters => json!(format!("{token} \u{dc}n\u{ef}")),
            Self::Capitals => json!(format!("-{}-", token.to_uppercase())),
            Self::Items => json!([format!("{} \u{dc}", token.to_uppercase())]),
        }
    }

    /// Whether it is likely to be tidied.
    fn is_tidied(self) -> bool {
        matches!(self, Self::Untidy | Self::Items)
    }
}

/// The kinds of text that a property may hold, by its schema and its rules.
fn kinds(api: &Api, resource: &Resource, create: &Operation, property: &Property) -> Vec<Kind> {
    let Some(rules) = resource.fields.get(&property.name).map(|field| &field.rules) else {
        return Vec::new();
    };
    let schema = &property.schema;
    let stated = ["format", "pattern", "enum", "const"].iter().any(|name| schema.keyword(name).is_some());
    let meant = rules.references.is_some() || rules.derived.is_some() || !rules.normalize.is_empty();
    if stated || meant || reference(property).is_some() {
        return Vec::new();
    }
    let candidates: &[Kind] = if rules.unique.is_some() {
        &[Kind::Capitals]
    } else if schema.items().is_some_and(|items| items.keyword("enum").is_none()) {
        &[Kind::Items]
    } else if is_prose(api, create, &property.name) {
        &[Kind::Scripts, Kind::Untidy]
    } else {
        &[Kind::Letters]
    };
    let fits = |kind: &Kind| {
        is_surely_valid(schema, &kind.value("t0123456789-0123456789-0"))
            || *kind == Kind::Scripts && is_surely_valid(schema, &Value::from(UNICODE_SAMPLE))
    };
    candidates.iter().copied().filter(fits).collect()
}

/// Whether a value is valid however its letters are counted.
fn is_surely_valid(schema: &Schema, value: &Value) -> bool {
    schema.is_valid(value) && lengths_agree(schema, value)
}

/// Per resource a create with plain prose in several scripts, by how sure the properties are, and one with everything
/// that may be tidied away, which nobody promises to leave alone.
fn cases(api: &Api) -> Vec<Case> {
    let mut cases = Vec::new();
    for (resource, create) in creatable(api) {
        let Some(body) = &create.body else { continue };
        let properties = body.schema.properties();
        let texts = |wanted: &dyn Fn(Kind, Standing) -> bool| -> Vec<(String, Kind)> {
            let one = |property: &Property| {
                let kinds = kinds(api, resource, create, property);
                let kind = kinds.into_iter().find(|kind| wanted(*kind, presence(property)))?;
                Some((property.name.clone(), kind))
            };
            properties.iter().filter_map(one).collect()
        };
        let case = |variant: &str, standing: Standing, texts: Vec<(String, Kind)>| {
            (!texts.is_empty()).then(|| case(api, resource, create, variant, standing, texts))
        };
        for standing in [Standing::Documented, Standing::Inferred, Standing::Assumed] {
            let scripts = texts(&|kind, sure| kind == Kind::Scripts && sure == standing);
            cases.extend(case(standing.as_str(), standing, scripts));
        }
        let untidy = texts(&|kind, sure| kind.is_tidied() && sure <= Standing::Inferred);
        cases.extend(case("untidy", Standing::Inferred, untidy));
        // What letters a word that is no prose may have, nobody says at all.
        let unusual = |kind: Kind| kind != Kind::Scripts && !kind.is_tidied();
        let unusual = texts(&|kind, sure| unusual(kind) && sure <= Standing::Inferred);
        cases.extend(case("unusual", Standing::Assumed, unusual));
    }
    cases
}

fn case(
    api: &Api,
    resource: &Resource,
    create: &Operation,
    variant: &str,
    standing: Standing,
    texts: Vec<(String, Kind)>,
) -> Case {
    let trial = Trial { resource: resource.clone(), create: create.clone(), standing };
    let run = async move |cx: &mut CaseContext| {
        let send = async |cx: &mut CaseContext, texts: &[(String, Kind)]| trial.send(cx, texts).await;
        together_or_alone(cx, &texts, send).await
    };
    // A create and a read.
    let case = Case::new(&LAW, create, run).variant(variant).standing(standing).sends(2).creates(1, resource);
    case.needs(api.makers(resource)).needs(resource.read.iter().map(|read| read.id.clone()))
}

struct Trial {
    resource: Resource,
    create: Operation,
    standing: Standing,
}

impl Trial {
    /// Whether a create takes the texts, and answers and reads show them as they were sent.
    async fn send(&self, cx: &mut CaseContext, texts: &[(String, Kind)]) -> Result<bool, CaseError> {
        let Self { resource, create, standing } = self;
        let sent = self.body(cx, texts)?;
        let exchange = cx.send(cx.request_to(create)?.json(sent.clone())).await?;
        let what = match texts {
            [(name, _)] => format!("a create with an unusual text in {name}"),
            _ => "a create with text of several scripts".to_owned(),
        };
        if !cx.accepted(&exchange, &Acceptance::of(create).at_most(*standing), &what) {
            return Ok(false);
        }
        let mut fine = true;
        for (name, _) in texts {
            fine &= kept(cx, create, &exchange, name, &sent, *standing);
        }
        let Some(read) = resource.read.as_ref().filter(|_| fine) else { return Ok(fine) };
        if let Some(id) = created_id(resource, &exchange.response) {
            let request = Request::of(read).owned_by(&exchange.request.owner_ids()).own(&id);
            let read = cx.send(request).await?;
            cx.require_success(&read)?;
            for (name, _) in texts {
                fine &= kept(cx, create, &read, name, &sent, *standing);
            }
        }
        Ok(fine)
    }

    fn body(&self, cx: &CaseContext, texts: &[(String, Kind)]) -> Result<Map<String, Value>, CaseError> {
        let mut sent = cx.body(&self.create, Extent::Minimal)?.0;
        for (name, kind) in texts {
            let value = kind.value(&cx.names.token());
            // Where there is no room for both, the letters matter more than the run's mark.
            let property = self.create.body.as_ref().and_then(|body| body.schema.property(name));
            let fits = property.is_some_and(|property| is_surely_valid(&property.schema, &value));
            let plain = Value::from(UNICODE_SAMPLE);
            sent.insert(name.clone(), if fits || *kind != Kind::Scripts { value } else { plain });
        }
        Ok(sent)
    }
}
