//! The set-up of rows that show every value of the listed properties.

use schemas::Standing;
use serde_json::{Map, Value};

use crate::contract::{Api, Resource};
use crate::generate::presence;
use crate::judge::same_value;
use crate::scenario::{CaseContext, CaseError, Row, Setup, SetupResult, SetupUse};

/// Rows at the most: an enumeration may be long.
const MOST: usize = 12;

/// Rows of the shared owner, one after the other with each member of the properties that list what they may be.
#[derive(Debug, Clone)]
pub(super) struct MemberRows {
    resource: Resource,
    /// What each row is created with.
    bodies: Vec<Map<String, Value>>,
    setup: SetupUse,
}

impl MemberRows {
    pub(super) fn of(api: &Api, resource: &Resource) -> Self {
        let bodies = bodies(resource);
        let name = format!("members/{}", resource.name);
        let setup = SetupUse::of_rows(api, name, bodies.len(), resource);
        Self { resource: resource.clone(), bodies, setup }
    }

    /// The first property whose values the rows show.
    pub(super) fn property(resource: &Resource) -> Option<String> {
        members(resource).into_iter().next().map(|(name, _)| name)
    }

    /// The listed properties of a row, for a message.
    pub(super) fn shown(resource: &Resource, row: &Row) -> String {
        let names = members(resource).into_iter().map(|(name, _)| name);
        let shown = names.filter_map(|name| Some(format!("{name} {}", row.get(&name)?)));
        let shown = shown.collect::<Vec<_>>().join(" and ");
        if shown.is_empty() { shown } else { format!(" with {shown}") }
    }

    async fn create(&self, cx: &mut CaseContext) -> Result<SetupResult, CaseError> {
        let mut rows = Vec::new();
        for body in &self.bodies {
            let request = cx.create_request(&self.resource, None, body.clone())?;
            let exchange = cx.send(request).await?;
            // A member that is refused or changed is for other laws to tell.
            let shown = |name: &str| exchange.property(name);
            let is_kept =
                |(name, value): (&String, &Value)| shown(name).is_some_and(|kept| same_value(kept, value));
            if exchange.is_success() && body.iter().all(is_kept) {
                rows.push(cx.row_of(&self.resource, &exchange).await?);
            }
        }
        if rows.is_empty() {
            return Err(CaseError::NotJudged(format!("nothing makes {}", self.resource.one())));
        }
        Ok(SetupResult { rows, exchanges: Vec::new() })
    }
}

impl Setup for MemberRows {
    type Output = Vec<Row>;

    fn describe(&self) -> SetupUse {
        self.setup.clone()
    }

    async fn get(&self, cx: &mut CaseContext) -> Result<Vec<Row>, CaseError> {
        Ok(cx.once(&self.setup, async |cx: &mut CaseContext| self.create(cx).await).await?.rows)
    }
}

/// The properties that a create takes and that list their values, those apart that nobody promised or that read
/// otherwise.
fn members(resource: &Resource) -> Vec<(String, Vec<Value>)> {
    let body = resource.create.as_ref().and_then(|create| create.body.as_ref());
    let properties = body.iter().flat_map(|body| body.schema.properties());
    let listed = properties.filter(|property| presence(property) == Standing::Documented);
    let listed = listed.filter_map(|property| {
        let options = property.schema.keyword("enum")?.as_array()?.clone();
        let sure = property.rules().ok().map(|rules| rules.values).unwrap_or_default();
        let derived = resource.fields.get(&property.name).and_then(|field| field.rules.derived.clone());
        let is_plain = |member: &Value| {
            let standing = member.as_str().and_then(|name| sure.get(name));
            !member.is_null()
                && derived.as_ref().is_none_or(|rule| rule.value != *member)
                && standing.is_none_or(|standing| *standing != Standing::Assumed)
        };
        Some((property.name.clone(), options.into_iter().filter(is_plain).collect::<Vec<_>>()))
    });
    listed.filter(|(_, values)| !values.is_empty()).collect()
}

/// As many bodies as the longest list has members, one at the least.
fn bodies(resource: &Resource) -> Vec<Map<String, Value>> {
    let members = members(resource);
    let count = members.iter().map(|(_, values)| values.len()).max().unwrap_or(1).min(MOST);
    let body = |turn: usize| {
        let values = members.iter().map(|(name, values)| (name.clone(), values[turn % values.len()].clone()));
        values.collect()
    };
    (0..count).map(body).collect()
}
