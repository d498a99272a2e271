//! Updates of several properties of one row at the same time are all kept.

use serde_json::{Map, Value};

use super::writes::updates;
use crate::contract::{Api, Aspect, Expected, Operation, Resource, reference};
use crate::generate::presence;
use crate::judge::same_value;
use crate::law::support::expected_value;
use crate::law::{Case, Family, Law};
use crate::scenario::{CaseContext, CaseError, CaseResult, ExclusiveRow, Setup as _};

pub(crate) static LAW: Law = Law {
    id: "concurrent-updates-kept",
    family: Family::State,
    says: "updates of different properties of one row at the same time are all kept",
    why: "Who reads a row, changes it and writes the whole of it back loses what was written meanwhile.",
    ..Law::by_cases(cases)
};

/// Updates sent at the same time, at most.
const CONCURRENT: usize = 3;

fn cases(api: &Api) -> Vec<Case> {
    let mut cases = Vec::new();
    for (resource, update) in updates(api).filter(|(_, update)| !update.writes_whole_rows()) {
        let names = plain_properties(api, update);
        let Some(read) = resource.read.as_ref().filter(|_| names.len() > 1) else { continue };
        let trial = Trial { resource: resource.clone(), update: update.clone(), names };
        let sent = trial.names.len() + 1;
        let run = async move |cx: &mut CaseContext, row: &ExclusiveRow| trial.run(cx, row).await;
        let case = Case::given(&LAW, update, ExclusiveRow::of(api, resource), run).sends(sent);
        cases.push(case.needs([update.id.clone(), read.id.clone()]));
    }
    cases
}

/// Texts that an update can change and that nothing else depends on, the surest first.
fn plain_properties(api: &Api, update: &Operation) -> Vec<String> {
    let Some(body) = &update.body else { return Vec::new() };
    let rules = |name: &str| Some(&api.resource_of(update)?.fields.get(name)?.rules);
    let is_plain = |name: &str| {
        rules(name).is_some_and(|rules| {
            rules.unique.is_none()
                && rules.derived.is_none()
                && rules.exclusive.is_none()
                && rules.server_set.is_none()
                && rules.references.is_none()
        })
    };
    let mut found = body.schema.properties();
    found.retain(|property| {
        let schema = &property.schema;
        reference(property).is_none()
            && is_plain(&property.name)
            && schema.admits_type("string")
            && ["enum", "format", "pattern", "const"].iter().all(|name| schema.keyword(name).is_none())
    });
    found.sort_by_key(presence);
    found.into_iter().take(CONCURRENT).map(|property| property.name).collect()
}

struct Trial {
    resource: Resource,
    update: Operation,
    names: Vec<String>,
}

impl Trial {
    async fn run(&self, cx: &mut CaseContext, row: &ExclusiveRow) -> CaseResult {
        let Self { resource, update, names } = self;
        let row = row.get(cx).await?;
        let mut sent = Map::new();
        let mut requests = Vec::new();
        for name in names {
            let value = cx.value(update, name);
            let value =
                value.ok_or_else(|| CaseError::NotJudged(format!("no value of {name} can be made")))?;
            let body = cx.update_body(update, Map::from_iter([(name.clone(), value.clone())]))?;
            requests.push(row.change(update, body));
            sent.insert(name.clone(), value);
        }
        for answer in &cx.send_all(requests).await? {
            cx.require_success(answer)?;
        }
        let read = cx.read(&row).await?;
        cx.require_success(&read)?;
        let lost = names.iter().find_map(|name| self.lost(cx, name, &sent, read.property(name)?));
        if let Some((name, expected, standing)) = lost {
            let message = format!(
                "of {} updates of {} at the same time, that of {name} is lost",
                names.len(),
                resource.one()
            );
            let expected = Expected::words(format!("{name} {expected}"));
            let breach = cx.breach(read.step, Aspect::Other("lost"), message, expected);
            breach.subject(&name).standing(standing);
        }
        Ok(())
    }

    /// A property that does not read as it was sent: its name, what it should be, and how sure that is.
    fn lost(
        &self,
        cx: &CaseContext,
        name: &str,
        sent: &Map<String, Value>,
        shown: &Value,
    ) -> Option<(String, Value, schemas::Standing)> {
        let (expected, standing) = expected_value(cx.api(), &self.update, name, sent)?;
        (!same_value(&expected, shown)).then(|| (name.to_owned(), expected, standing))
    }
}
