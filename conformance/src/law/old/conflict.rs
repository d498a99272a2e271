//! Values that no two rows may share.

use schemas::{Scope, Standing, Unique};
use serde_json::{Map, Value};

use super::id;
use super::law::{Family, Law, probed};
use crate::contract::{Api, Resource, Operation};
use crate::contract::{Acceptance, Refusal};
use crate::judge::Expected;
use super::case::{Case, ExtraKey};
use crate::http::{Request, Credential};
use crate::scenario::{Row, CaseContext, CaseError, lent};

/// Creates sent at the same time.
const CONCURRENT: usize = 4;

/// The family.
pub(crate) const LAWS: &[Law] = &[
    probed(
        id::UNIQUE_CREATE,
        Family::Conflict,
        "a create with a taken value is refused and told which",
        "The same owner is used, for the scope may be as narrow as that.",
        on_create,
    ),
    probed(
        id::UNIQUE_UPDATE,
        Family::Conflict,
        "an update to a taken value is refused and told which",
        "Renaming is the way past a check that only creates have.",
        on_update,
    ),
    probed(
        id::UNIQUE_OWN,
        Family::Conflict,
        "a row's own value may be set again",
        "A check that forgets to leave the row itself out refuses every form that is saved unchanged.",
        own_value,
    ),
    probed(
        id::UNIQUE_NORMALIZED,
        Family::Conflict,
        "values are compared after normalisation",
        "The same value in another case is the same value, where the contract says so.",
        normalized,
    ),
    probed(
        id::UNIQUE_WORKSPACE,
        Family::Conflict,
        "a value taken in one workspace is free in another",
        "ExtraKey --other-key. A check over all workspaces tells one customer of another's rows.",
        elsewhere,
    ),
    probed(
        id::UNIQUE_CONCURRENT,
        Family::Conflict,
        "of concurrent creates with one value exactly one wins",
        "A check before the insert, without a constraint behind it, lets two through.",
        concurrent,
    ),
    probed(
        id::UNIQUE_FREED,
        Family::Conflict,
        "whether a deleted row's value is free again is as stated",
        "Nobody promised either; a difference is told as a note.",
        freed,
    ),
];

struct Rule<'a> {
    resource: &'a Resource,
    create: &'a Operation,
    field: &'a str,
    unique: &'a Unique,
    place: String,
}

fn rules(api: &Api) -> Vec<Rule<'_>> {
    let mut found = Vec::new();
    for resource in &api.resources {
        let Some(create) = resource.create.as_ref().filter(|op| api.reachable(op)) else { continue };
        for field in resource.fields.values() {
            let Some(unique) = &field.rules.unique else { continue };
            if create.body.as_ref().is_some_and(|body| body.schema.property(&field.name).is_some()) {
                let place = schemas::pointer::join(&field.pointer, "x-contract-field");
                found.push(Rule { resource, create, field: &field.name, unique, place });
            }
        }
    }
    found
}

impl Rule<'_> {
    fn refusal(&self) -> Refusal {
        Refusal::new(self.unique.rejection.clone(), self.place.clone())
            .at_most(self.unique.standing)
            .blaming(self.field)
    }

    /// The rule in words for messages.
    fn scope(&self) -> &'static str {
        match self.unique.scope {
            Scope::Workspace => "",
            Scope::Parent => " under the same owner",
        }
    }
}

/// A row that has the unique property.
pub(super) async fn taken(cx: &mut CaseContext, resource: &Resource, create: &Operation, field: &str) -> Result<Row, CaseError> {
    let row = cx
        .shared_row_of(&taking(resource, field).0, async |cx: &mut CaseContext| {
            let value = cx
                .value(create, field)
                .ok_or_else(|| CaseError::NotJudged(format!("no value of {field} can be made")))?;
            let fields = Map::from_iter([(field.to_owned(), value)]);
            cx.create_row_with(resource, None, fields).await
        })
        .await?;
    if row.text(field).is_none() {
        return Err(CaseError::NotJudged(format!("{} does not keep {field}", create.id)));
    }
    Ok(row)
}

/// The name of the act of creating a row with a unique property, and what it takes.
pub(super) fn taking(resource: &Resource, field: &str) -> (String, usize) {
    (format!("taken/{}/{field}", resource.name), 2)
}

/// A property of a row as a body.
fn with(row: &Row, field: &str) -> Map<String, Value> {
    Map::from_iter([(field.to_owned(), row.get(field).cloned().unwrap_or_default())])
}

fn on_create(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    rules(api)
        .into_iter()
        .map(|rule| {
            let (resource, create, field, refusal) =
                (rule.resource.clone(), rule.create.clone(), rule.field.to_owned(), rule.refusal());
            let what = format!("a create with a taken {field}{}", rule.scope());
            let standing = refusal.standing();
            let case = Case::new(law, rule.create, async move |cx: &mut CaseContext| {
                let first = taken(cx, &resource, &create, &field).await?;
                let request = cx.create_request(&resource, None, with(&first, &field))?;
                let second = cx.send(request).await?;
                cx.refused(&second, &refusal, &what);
                Ok(())
            });
            case.variant(rule.field)
                .standing(standing)
                .place(rule.place)
                .sees(taking(rule.resource, rule.field).0, 2)
                .needs(api.makers(rule.resource))
        })
        .collect()
}

fn on_update(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    let takes =
        |op: &Operation, field: &str| op.body.as_ref().is_some_and(|body| body.schema.property(field).is_some());
    rules(api)
        .into_iter()
        .filter_map(|rule| {
            let update = rule.resource.update.clone().filter(|op| takes(op, rule.field))?;
            let (resource, create, field, refusal) =
                (rule.resource.clone(), rule.create.clone(), rule.field.to_owned(), rule.refusal());
            let what = format!("an update to a taken {field}{}", rule.scope());
            let standing = refusal.standing();
            let needs = update.id.clone();
            let case = Case::new(law, &update.clone(), async move |cx: &mut CaseContext| {
                let first = taken(cx, &resource, &create, &field).await?;
                let second = cx.exclusive_row(&resource).await?;
                let exchange =
                    cx.send(Request::of(&update).own(&second.id).json(with(&first, &field))).await?;
                cx.refused(&exchange, &refusal, &what);
                Ok(())
            });
            let case = case
                .variant(rule.field)
                .standing(standing)
                .place(rule.place)
                .sees(taking(rule.resource, rule.field).0, 2)
                .sees(lent(rule.resource), 2);
            Some(case.needs(api.makers(rule.resource)).needs([needs]))
        })
        .collect()
}

fn own_value(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    rules(api)
        .into_iter()
        .filter_map(|rule| {
            let update = rule.resource.update.clone()?;
            let property = update.body.as_ref()?.schema.property(rule.field)?;
            let standing = rule.unique.own_value?.weakest(crate::generate::presence(&property));
            let (resource, create, field, place) =
                (rule.resource.clone(), rule.create.clone(), rule.field.to_owned(), rule.place.clone());
            let needs = update.id.clone();
            let case = Case::new(law, &update.clone(), async move |cx: &mut CaseContext| {
                let row = taken(cx, &resource, &create, &field).await?;
                let exchange = cx.send(Request::of(&update).own(&row.id).json(with(&row, &field))).await?;
                let acceptance = Acceptance::of(&update).at_most(standing).at(place.clone());
                cx.accepted(&exchange, &acceptance, &format!("setting a row's own {field} again"));
                Ok(())
            });
            let case = case
                .variant(rule.field)
                .standing(standing)
                .place(rule.place)
                .sees(taking(rule.resource, rule.field).0, 2);
            Some(case.needs(api.makers(rule.resource)).needs([needs]))
        })
        .collect()
}

/// A value that is taken here is free in another workspace, where it is unique in a workspace.
fn elsewhere(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    let alone = |rule: &Rule<'_>| {
        rule.unique.scope == Scope::Workspace
            && rule.resource.parent.is_none()
            && rule.create.slots().next().is_none()
    };
    let mut cases = Vec::new();
    for rule in rules(api).into_iter().filter(alone) {
        let (resource, create, field, place) =
            (rule.resource.clone(), rule.create.clone(), rule.field.to_owned(), rule.place.clone());
        let standing = rule.unique.standing.weakest(rule.unique.scope_standing);
        let case = Case::new(law, rule.create, async move |cx: &mut CaseContext| {
            let first = taken(cx, &resource, &create, &field).await?;
            let request = cx.create_request(&resource, None, with(&first, &field))?.by(Credential::Other);
            let second = cx.send(request).await?;
            let acceptance = Acceptance::of(&create).at_most(standing).at(place.clone());
            let what = format!("a create in another workspace with a {field} that is taken in this one");
            cx.accepted(&second, &acceptance, &what);
            Ok(())
        });
        cases.push(
            case.variant(rule.field)
                .standing(standing)
                .place(rule.place)
                .cost(2)
                .sees(taking(rule.resource, rule.field).0, 2)
                .wants(ExtraKey::OtherKey)
                .needs(api.makers(rule.resource)),
        );
    }
    cases
}

fn normalized(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for rule in rules(api) {
        let changes = &rule.resource.fields[rule.field].rules.normalize;
        let Some(lower) = changes.iter().find(|change| change.to == schemas::Normalization::Lowercase) else {
            continue;
        };
        for op in std::iter::once(rule.create).chain(rule.resource.update.as_ref()) {
            if op.body.as_ref().is_none_or(|body| body.schema.property(rule.field).is_none()) {
                continue;
            }
            let creating = op == rule.create;
            let (resource, create, field) = (rule.resource.clone(), rule.create.clone(), rule.field.to_owned());
            let refusal = rule.refusal().at_most(lower.standing);
            let verb = if creating { "a create with" } else { "an update to" };
            let what = format!("{verb} a taken {field} in capitals");
            let (standing, target) = (refusal.standing(), op.clone());
            let case = Case::new(law, op, async move |cx: &mut CaseContext| {
                let first = taken(cx, &resource, &create, &field).await?;
                let capitals = first.text(&field).unwrap_or_default().to_uppercase();
                let fields = Map::from_iter([(field.clone(), Value::String(capitals))]);
                let request = if creating {
                    cx.create_request(&resource, None, fields)?
                } else {
                    Request::of(&target).own(&cx.exclusive_row(&resource).await?.id).json(fields)
                };
                let second = cx.send(request).await?;
                cx.refused(&second, &refusal, &what);
                Ok(())
            });
            let case = if creating { case } else { case.sees(lent(rule.resource), 2) };
            cases.push(
                case.variant(rule.field)
                    .standing(standing)
                    .place(rule.place.clone())
                    .sees(taking(rule.resource, rule.field).0, 2)
                    .needs(api.makers(rule.resource))
                    .needs([op.id.clone()]),
            );
        }
    }
    cases
}

fn concurrent(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for rule in rules(api) {
        let Some(standing) = rule.unique.concurrent else { continue };
        let standing = standing.weakest(rule.unique.standing);
        let (resource, create, field, place) =
            (rule.resource.clone(), rule.create.clone(), rule.field.to_owned(), rule.place.clone());
        let refusal = rule.refusal().at_most(standing);
        let case = Case::new(law, rule.create, async move |cx: &mut CaseContext| {
            let value = cx
                .value(&create, &field)
                .ok_or_else(|| CaseError::NotJudged(format!("no value of {field}")))?;
            let mut requests = Vec::new();
            for _ in 0..CONCURRENT {
                requests.push(cx.create_request(&resource, None, Map::from_iter([(field.clone(), value.clone())]))?);
            }
            let answers = cx.send_all(requests).await?;
            let winners = answers.iter().filter(|answer| answer.is_success()).count();
            let last = answers.last().map_or(0, |answer| answer.step);
            let expect = Expected::words("exactly one success");
            if answers.iter().any(|answer| answer.is_server_error()) {
                return Ok(());
            }
            if winners != 1 {
                let message =
                    format!("of {CONCURRENT} concurrent creates with one {field}, {winners} were accepted");
                cx.broke(last, "winners", standing, &place, message, expect);
                return Ok(());
            }
            for answer in answers.iter().filter(|answer| !answer.is_success()) {
                if !cx.refused(answer, &refusal, &format!("a concurrent create with a taken {field}")) {
                    break;
                }
            }
            Ok(())
        });
        let case = case.variant(rule.field).standing(standing).place(rule.place).cost(CONCURRENT + 1);
        cases.push(case.needs(api.makers(rule.resource)));
    }
    cases
}

fn freed(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for rule in rules(api) {
        let (Some(after), Some(delete)) = (rule.unique.after_delete, rule.resource.delete.clone()) else {
            continue;
        };
        let (resource, create, field, place) =
            (rule.resource.clone(), rule.create.clone(), rule.field.to_owned(), rule.place.clone());
        let refusal = rule.refusal().at_most(after.standing);
        let needs = delete.id.clone();
        let case = Case::new(law, rule.create, async move |cx: &mut CaseContext| {
            let value = cx
                .value(&create, &field)
                .ok_or_else(|| CaseError::NotJudged(format!("no value of {field} can be made")))?;
            let row = cx.create_row_with(&resource, None, Map::from_iter([(field.clone(), value)])).await?;
            let deleted = cx.send(Request::of(&delete).own(&row.id)).await?;
            cx.require_success(&deleted)?;
            let request = cx.create_request(&resource, None, with(&row, &field))?;
            let again = cx.send(request).await?;
            if after.free {
                let acceptance = Acceptance::of(&create).at_most(after.standing).at(place.clone());
                cx.accepted(&again, &acceptance, &format!("a create with the {field} of a deleted row"));
            } else {
                cx.refused(&again, &refusal, &format!("a create with the {field} of a deleted row"));
            }
            Ok(())
        });
        let case = case
            .variant(rule.field)
            .standing(after.standing.max(Standing::Documented))
            .place(rule.place)
            .cost(4);
        cases.push(case.needs(api.makers(rule.resource)).needs([needs]));
    }
    cases
}
