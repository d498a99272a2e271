//! Values that no two rows may share.

use schemas::{Scope, Standing, Unique};
use serde_json::{Map, Value};

use super::id;
use super::statement::{Family, Law, probed};
use crate::atlas::{Atlas, Kin, Op};
use crate::judge::{Acceptance, Expect, Refusal};
use crate::plan::{Case, Wants};
use crate::probe::{Call, Credential};
use crate::run::{Row, Scene, Stop, lent};

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
        "Wants --other-key. A check over all workspaces tells one customer of another's rows.",
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
    kin: &'a Kin,
    create: &'a Op,
    field: &'a str,
    unique: &'a Unique,
    place: String,
}

fn rules(atlas: &Atlas) -> Vec<Rule<'_>> {
    let mut found = Vec::new();
    for kin in &atlas.kins {
        let Some(create) = kin.create.as_ref().filter(|op| atlas.reachable(op)) else { continue };
        for field in kin.fields.values() {
            let Some(unique) = &field.rules.unique else { continue };
            if create.body.as_ref().is_some_and(|body| body.schema.property(&field.name).is_some()) {
                let place = schemas::pointer::join(&field.pointer, "x-contract-field");
                found.push(Rule { kin, create, field: &field.name, unique, place });
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
pub(super) async fn taken(scene: &mut Scene, kin: &Kin, create: &Op, field: &str) -> Result<Row, Stop> {
    let row = scene
        .act_row(&taking(kin, field).0, async |scene: &mut Scene| {
            let value = scene
                .value(create, field)
                .ok_or_else(|| Stop::NotJudged(format!("no value of {field} can be made")))?;
            let fields = Map::from_iter([(field.to_owned(), value)]);
            scene.make_with(kin, None, fields).await
        })
        .await?;
    if row.text(field).is_none() {
        return Err(Stop::NotJudged(format!("{} does not keep {field}", create.id)));
    }
    Ok(row)
}

/// The name of the act of making a row with a unique property, and what it takes.
pub(super) fn taking(kin: &Kin, field: &str) -> (String, usize) {
    (format!("taken/{}/{field}", kin.name), 2)
}

/// A property of a row as a body.
fn with(row: &Row, field: &str) -> Map<String, Value> {
    Map::from_iter([(field.to_owned(), row.get(field).cloned().unwrap_or_default())])
}

fn on_create(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    rules(atlas)
        .into_iter()
        .map(|rule| {
            let (kin, create, field, refusal) =
                (rule.kin.clone(), rule.create.clone(), rule.field.to_owned(), rule.refusal());
            let what = format!("a create with a taken {field}{}", rule.scope());
            let standing = refusal.standing();
            let case = Case::new(law, rule.create, async move |scene: &mut Scene| {
                let first = taken(scene, &kin, &create, &field).await?;
                let call = scene.making(&kin, None, with(&first, &field))?;
                let second = scene.send(call).await?;
                scene.refused(&second, &refusal, &what);
                Ok(())
            });
            case.variant(rule.field)
                .standing(standing)
                .place(rule.place)
                .sees(taking(rule.kin, rule.field).0, 2)
                .needs(atlas.makers(rule.kin))
        })
        .collect()
}

fn on_update(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    let takes =
        |op: &Op, field: &str| op.body.as_ref().is_some_and(|body| body.schema.property(field).is_some());
    rules(atlas)
        .into_iter()
        .filter_map(|rule| {
            let update = rule.kin.update.clone().filter(|op| takes(op, rule.field))?;
            let (kin, create, field, refusal) =
                (rule.kin.clone(), rule.create.clone(), rule.field.to_owned(), rule.refusal());
            let what = format!("an update to a taken {field}{}", rule.scope());
            let standing = refusal.standing();
            let needs = update.id.clone();
            let case = Case::new(law, &update.clone(), async move |scene: &mut Scene| {
                let first = taken(scene, &kin, &create, &field).await?;
                let second = scene.lend(&kin).await?;
                let exchange =
                    scene.send(Call::of(&update).own(&second.id).json(with(&first, &field))).await?;
                scene.refused(&exchange, &refusal, &what);
                Ok(())
            });
            let case = case
                .variant(rule.field)
                .standing(standing)
                .place(rule.place)
                .sees(taking(rule.kin, rule.field).0, 2)
                .sees(lent(rule.kin), 2);
            Some(case.needs(atlas.makers(rule.kin)).needs([needs]))
        })
        .collect()
}

fn own_value(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    rules(atlas)
        .into_iter()
        .filter_map(|rule| {
            let update = rule.kin.update.clone()?;
            let property = update.body.as_ref()?.schema.property(rule.field)?;
            let standing = rule.unique.own_value?.weakest(crate::generate::presence(&property));
            let (kin, create, field, place) =
                (rule.kin.clone(), rule.create.clone(), rule.field.to_owned(), rule.place.clone());
            let needs = update.id.clone();
            let case = Case::new(law, &update.clone(), async move |scene: &mut Scene| {
                let row = taken(scene, &kin, &create, &field).await?;
                let exchange = scene.send(Call::of(&update).own(&row.id).json(with(&row, &field))).await?;
                let acceptance = Acceptance::of(&update).at_most(standing).at(place.clone());
                scene.accepted(&exchange, &acceptance, &format!("setting a row's own {field} again"));
                Ok(())
            });
            let case = case
                .variant(rule.field)
                .standing(standing)
                .place(rule.place)
                .sees(taking(rule.kin, rule.field).0, 2);
            Some(case.needs(atlas.makers(rule.kin)).needs([needs]))
        })
        .collect()
}

/// A value that is taken here is free in another workspace, where it is unique in a workspace.
fn elsewhere(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    let alone = |rule: &Rule<'_>| {
        rule.unique.scope == Scope::Workspace
            && rule.kin.parent.is_none()
            && rule.create.slots().next().is_none()
    };
    let mut cases = Vec::new();
    for rule in rules(atlas).into_iter().filter(alone) {
        let (kin, create, field, place) =
            (rule.kin.clone(), rule.create.clone(), rule.field.to_owned(), rule.place.clone());
        let standing = rule.unique.standing.weakest(rule.unique.scope_standing);
        let case = Case::new(law, rule.create, async move |scene: &mut Scene| {
            let first = taken(scene, &kin, &create, &field).await?;
            let call = scene.making(&kin, None, with(&first, &field))?.by(Credential::Other);
            let second = scene.send(call).await?;
            let acceptance = Acceptance::of(&create).at_most(standing).at(place.clone());
            let what = format!("a create in another workspace with a {field} that is taken in this one");
            scene.accepted(&second, &acceptance, &what);
            Ok(())
        });
        cases.push(
            case.variant(rule.field)
                .standing(standing)
                .place(rule.place)
                .cost(2)
                .sees(taking(rule.kin, rule.field).0, 2)
                .wants(Wants::OtherKey)
                .needs(atlas.makers(rule.kin)),
        );
    }
    cases
}

fn normalized(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for rule in rules(atlas) {
        let changes = &rule.kin.fields[rule.field].rules.normalize;
        let Some(lower) = changes.iter().find(|change| change.to == schemas::Normalization::Lowercase) else {
            continue;
        };
        for op in std::iter::once(rule.create).chain(rule.kin.update.as_ref()) {
            if op.body.as_ref().is_none_or(|body| body.schema.property(rule.field).is_none()) {
                continue;
            }
            let making = op == rule.create;
            let (kin, create, field) = (rule.kin.clone(), rule.create.clone(), rule.field.to_owned());
            let refusal = rule.refusal().at_most(lower.standing);
            let verb = if making { "a create with" } else { "an update to" };
            let what = format!("{verb} a taken {field} in capitals");
            let (standing, target) = (refusal.standing(), op.clone());
            let case = Case::new(law, op, async move |scene: &mut Scene| {
                let first = taken(scene, &kin, &create, &field).await?;
                let capitals = first.text(&field).unwrap_or_default().to_uppercase();
                let fields = Map::from_iter([(field.clone(), Value::String(capitals))]);
                let call = if making {
                    scene.making(&kin, None, fields)?
                } else {
                    Call::of(&target).own(&scene.lend(&kin).await?.id).json(fields)
                };
                let second = scene.send(call).await?;
                scene.refused(&second, &refusal, &what);
                Ok(())
            });
            let case = if making { case } else { case.sees(lent(rule.kin), 2) };
            cases.push(
                case.variant(rule.field)
                    .standing(standing)
                    .place(rule.place.clone())
                    .sees(taking(rule.kin, rule.field).0, 2)
                    .needs(atlas.makers(rule.kin))
                    .needs([op.id.clone()]),
            );
        }
    }
    cases
}

fn concurrent(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for rule in rules(atlas) {
        let Some(standing) = rule.unique.concurrent else { continue };
        let standing = standing.weakest(rule.unique.standing);
        let (kin, create, field, place) =
            (rule.kin.clone(), rule.create.clone(), rule.field.to_owned(), rule.place.clone());
        let refusal = rule.refusal().at_most(standing);
        let case = Case::new(law, rule.create, async move |scene: &mut Scene| {
            let value = scene
                .value(&create, &field)
                .ok_or_else(|| Stop::NotJudged(format!("no value of {field}")))?;
            let mut calls = Vec::new();
            for _ in 0..CONCURRENT {
                calls.push(scene.making(&kin, None, Map::from_iter([(field.clone(), value.clone())]))?);
            }
            let answers = scene.send_all(calls).await?;
            let winners = answers.iter().filter(|answer| answer.is_success()).count();
            let last = answers.last().map_or(0, |answer| answer.step);
            let expect = Expect::words("exactly one success");
            if answers.iter().any(|answer| answer.is_server_error()) {
                return Ok(());
            }
            if winners != 1 {
                let message =
                    format!("of {CONCURRENT} concurrent creates with one {field}, {winners} were accepted");
                scene.broke(last, "winners", standing, &place, message, expect);
                return Ok(());
            }
            for answer in answers.iter().filter(|answer| !answer.is_success()) {
                if !scene.refused(answer, &refusal, &format!("a concurrent create with a taken {field}")) {
                    break;
                }
            }
            Ok(())
        });
        let case = case.variant(rule.field).standing(standing).place(rule.place).cost(CONCURRENT + 1);
        cases.push(case.needs(atlas.makers(rule.kin)));
    }
    cases
}

fn freed(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for rule in rules(atlas) {
        let (Some(after), Some(delete)) = (rule.unique.after_delete, rule.kin.delete.clone()) else {
            continue;
        };
        let (kin, create, field, place) =
            (rule.kin.clone(), rule.create.clone(), rule.field.to_owned(), rule.place.clone());
        let refusal = rule.refusal().at_most(after.standing);
        let needs = delete.id.clone();
        let case = Case::new(law, rule.create, async move |scene: &mut Scene| {
            let value = scene
                .value(&create, &field)
                .ok_or_else(|| Stop::NotJudged(format!("no value of {field} can be made")))?;
            let row = scene.make_with(&kin, None, Map::from_iter([(field.clone(), value)])).await?;
            let deleted = scene.send(Call::of(&delete).own(&row.id)).await?;
            scene.must(&deleted)?;
            let call = scene.making(&kin, None, with(&row, &field))?;
            let again = scene.send(call).await?;
            if after.free {
                let acceptance = Acceptance::of(&create).at_most(after.standing).at(place.clone());
                scene.accepted(&again, &acceptance, &format!("a create with the {field} of a deleted row"));
            } else {
                scene.refused(&again, &refusal, &format!("a create with the {field} of a deleted row"));
            }
            Ok(())
        });
        let case = case
            .variant(rule.field)
            .standing(after.standing.max(Standing::Documented))
            .place(rule.place)
            .cost(4);
        cases.push(case.needs(atlas.makers(rule.kin)).needs([needs]));
    }
    cases
}
