//! Lists that select.

use schemas::{ParameterLocation, Standing};
use serde_json::{Map, Value};

use super::family::{family, founding};
use super::reading::{is_under_owner, made};
use super::relations::{stranger, stranging};
use super::statement::Law;
use super::walk::{page, page_call};
use crate::atlas::{Atlas, Kin, Op, Slot, reference};
use crate::generate::presence;
use crate::judge::{Acceptance, Expect, same_value};
use crate::plan::Case;
use crate::run::{Deed, Exchange, Row, Scene, Stop};

/// Two values of a field that rows can be made with.
#[derive(Clone)]
enum Pair {
    /// Two members of a list; the second is no default, so that a filter that is ignored shows.
    Members(Value, Value),
    /// Texts that nobody else has.
    Fresh,
    /// Rows of an owner, and of another.
    Owners(Kin),
}

/// A filter of a list whose rows can be made.
#[derive(Clone)]
struct Filter {
    rows: Kin,
    create: Op,
    list: Op,
    parameter: String,
    field: String,
    pair: Pair,
    standing: Standing,
    place: String,
}

/// A row that matches a filter, a newer one that does not, and the filter's text.
struct Chosen {
    wanted: Row,
    other: Row,
    text: String,
}

fn pair(atlas: &Atlas, kin: &Kin, create: &Op, field: &str) -> Option<(Pair, Standing)> {
    // An owner that the path of the create names.
    if create.has_slot(Slot::Parent)
        && let Some(parent) = kin.parent.as_ref().filter(|parent| parent.field == field)
    {
        return Some((Pair::Owners(atlas.kin(&parent.resource)?.clone()), Standing::Documented));
    }
    let property = create.body.as_ref()?.schema.property(field)?;
    let standing = presence(&property);
    if let Some(owner) = reference(&property).and_then(|name| atlas.kin(&name)) {
        return Some((Pair::Owners(owner.clone()), standing));
    }
    let options = property.schema.keyword("enum").and_then(Value::as_array);
    let sure = property.rules().ok().map(|rules| rules.values).unwrap_or_default();
    if let Some(options) = options {
        let derived = kin.fields.get(field).and_then(|field| field.rules.derived.as_ref());
        let mut members = options.iter().filter(|member| {
            !member.is_null()
                && derived.is_none_or(|rule| rule.value != **member)
                && member
                    .as_str()
                    .and_then(|name| sure.get(name))
                    .is_none_or(|standing| *standing == Standing::Documented)
        });
        let (first, second) = (members.next()?, members.next()?);
        return Some((Pair::Members(second.clone(), first.clone()), standing));
    }
    property.schema.admits_type("string").then_some((Pair::Fresh, standing))
}

/// Every filter of every list whose rows can be made.
fn filters(atlas: &Atlas) -> Vec<Filter> {
    let mut found = Vec::new();
    for (kin, create) in made(atlas) {
        for list in kin.lists.iter().filter(|list| atlas.reachable(list)) {
            for parameter in list.parameters_in(ParameterLocation::Query) {
                let Some(filter) = &parameter.filter else { continue };
                let Some((pair, sure)) = pair(atlas, kin, create, &filter.field) else { continue };
                found.push(Filter {
                    rows: kin.clone(),
                    create: create.clone(),
                    list: list.clone(),
                    parameter: parameter.name.clone(),
                    field: filter.field.clone(),
                    pair,
                    standing: parameter.standing.weakest(sure),
                    place: parameter.pointer.clone(),
                });
            }
        }
    }
    found
}

impl Filter {
    /// A case that needs a row that matches and one that does not.
    fn case(&self, case: Case, atlas: &Atlas) -> Case {
        let case = match self.pair {
            Pair::Owners(_) => {
                let (act, once) = founding(&self.rows);
                case.sees(act, once).sees(stranging(&self.rows).0, stranging(&self.rows).1)
            }
            Pair::Members(..) => case.sees(self.act(), 8),
            Pair::Fresh => case.sees(self.act(), 4),
        };
        case.standing(self.standing)
            .place(self.place.clone())
            .needs(atlas.makers(&self.rows))
            .needs([self.list.id.clone()])
    }

    /// The name of the act that makes both rows.
    fn act(&self) -> String {
        format!("pair/{}/{}", self.rows.name, self.field)
    }

    fn text_of(value: &Value) -> String {
        value.as_str().map_or_else(|| value.to_string(), str::to_owned)
    }

    /// A value rows can be made with, and another one.
    fn values(&self, scene: &Scene) -> Result<(Value, Value), Stop> {
        let fresh = || {
            scene
                .value(&self.create, &self.field)
                .ok_or_else(|| Stop::NotJudged(format!("no value of {} can be made", self.field)))
        };
        match &self.pair {
            Pair::Members(one, other) => Ok((one.clone(), other.clone())),
            Pair::Fresh => Ok((fresh()?, fresh()?)),
            Pair::Owners(owner) => {
                let (base, spare) = (scene.base(owner)?, scene.spare(owner)?);
                if base.id == spare.id {
                    return Err(Stop::NotJudged(format!("there is no second {}", owner.name)));
                }
                Ok((Value::String(base.id.clone()), Value::String(spare.id.clone())))
            }
        }
    }

    /// A row that matches, a newer one that does not, and the filter's text.
    async fn choose(&self, scene: &mut Scene, by_number: bool) -> Result<Chosen, Stop> {
        if let Pair::Owners(owner) = &self.pair {
            let (one, rows) = family(scene, &self.rows).await?;
            let (Some(one), Some(wanted)) = (one, rows.into_iter().next()) else {
                return Err(Stop::NotJudged(format!("nothing makes {}", owner.one())));
            };
            let other = stranger(scene, &self.rows).await?;
            let text = if by_number { one.display.clone() } else { Some(one.id.clone()) };
            let text =
                text.ok_or_else(|| Stop::NotJudged(format!("rows of {} have no number", owner.name)))?;
            return Ok(Chosen { wanted, other, text });
        }
        let deed = scene
            .act(&self.act(), async |scene: &mut Scene| {
                let (one, another) = self.values(scene)?;
                let with = |value: Value| Map::from_iter([(self.field.clone(), value)]);
                // An older row that matches, and one between that does not: a second page tells whether it is filtered.
                if matches!(self.pair, Pair::Members(..)) {
                    scene.make_with(&self.rows, None, with(one.clone())).await?;
                    scene.make_with(&self.rows, None, with(another.clone())).await?;
                }
                let wanted = scene.make_with(&self.rows, None, with(one.clone())).await?;
                let other = scene.make_with(&self.rows, None, with(another)).await?;
                if wanted.get(&self.field).is_none_or(|kept| !same_value(kept, &one)) {
                    return Err(Stop::NotJudged(format!("{} does not keep {}", self.create.id, self.field)));
                }
                Ok(Deed { rows: vec![wanted, other], exchanges: Vec::new() })
            })
            .await?;
        let mut rows = deed.rows.into_iter();
        let (wanted, other) = rows
            .next()
            .zip(rows.next())
            .ok_or_else(|| Stop::NotJudged(format!("no {} was made", self.rows.name)))?;
        let text = Self::text_of(wanted.get(&self.field).unwrap_or(&Value::Null));
        Ok(Chosen { wanted, other, text })
    }

    /// The list with the filter, a page of some size.
    async fn select(&self, scene: &mut Scene, text: &str, limit: Option<u64>) -> Result<Exchange, Stop> {
        let call = scene.aim(&self.list)?.query(&self.parameter, text);
        let call = page_call(scene.atlas(), call, limit, None);
        scene.send(call).await
    }

    fn broke(&self, scene: &mut Scene, step: usize, class: &str, message: String, expect: Expect) {
        let place = scene.place.clone();
        scene.broke(step, class, self.standing, &place, message, expect);
        if let Some(last) = scene.breaches.last_mut() {
            last.subject = Some(self.parameter.clone());
        }
    }

    async fn exact(&self, scene: &mut Scene, by_number: bool) -> Result<(), Stop> {
        let Chosen { wanted, other, text } = self.choose(scene, by_number).await?;
        let most = scene.atlas().rules().pagination.as_ref().map(|rule| rule.limit.maximum);
        let exchange = self.select(scene, &text, most).await?;
        let what = format!("{} with {}", self.list.id, self.parameter);
        let acceptance = Acceptance::of(&self.list).at_most(self.standing);
        if !scene.accepted(&exchange, &acceptance, &what) {
            return Ok(());
        }
        let Some(page) = page(scene.atlas(), &exchange) else { return Ok(()) };
        let value = wanted.get(&self.field).cloned().unwrap_or_default();
        let ids: Vec<String> = page.rows.iter().filter_map(|row| self.rows.id_of(row)).collect();
        let stray =
            page.rows.iter().any(|row| row.get(&self.field).is_some_and(|shown| !same_value(shown, &value)));
        let has_more = page.has_more;
        let expect = Expect::words(format!("exactly the rows with {} {value}", self.field));
        scene.expecting(exchange.step, expect.clone());
        if stray || ids.contains(&other.id) {
            let message = format!("{what} shows a row that does not match");
            self.broke(scene, exchange.step, "stray", message, expect);
        } else if !ids.contains(&wanted.id) {
            if has_more {
                return Err(Stop::NotJudged("more rows match than a page holds".to_owned()));
            }
            let message = format!("{what} leaves out a row that matches");
            self.broke(scene, exchange.step, "absent", message, expect);
        } else if !by_number {
            return self.nearly(scene, &wanted, &text, most).await;
        }
        Ok(())
    }

    /// Nearly the value is another value: a part of a text, the same in capitals, an owner that is not there.
    async fn nearly(
        &self,
        scene: &mut Scene,
        wanted: &Row,
        text: &str,
        most: Option<u64>,
    ) -> Result<(), Stop> {
        let texts = match &self.pair {
            Pair::Members(..) => return Ok(()),
            Pair::Fresh => {
                let mut part = text.to_owned();
                part.pop();
                vec![part, text.to_uppercase()]
            }
            Pair::Owners(owner) => vec![super::auth::unknown_id_of(scene, owner)?],
        };
        for other in texts.into_iter().filter(|other| other != text && !other.is_empty()) {
            let exchange = self.select(scene, &other, most).await?;
            let expect = Expect::words(format!("no row with {} {text}", self.field));
            scene.expecting(exchange.step, expect.clone());
            let Some(page) = page(scene.atlas(), &exchange).filter(|_| exchange.is_success()) else {
                continue;
            };
            if page.rows.iter().any(|row| self.rows.id_of(row).as_ref() == Some(&wanted.id)) {
                let message =
                    format!("{} with {}={other} shows a row with {text}", self.list.id, self.parameter);
                self.broke(scene, exchange.step, "stray", message, expect);
                break;
            }
        }
        Ok(())
    }

    async fn before_page(&self, scene: &mut Scene, least: u64) -> Result<(), Stop> {
        let Chosen { wanted, text, .. } = self.choose(scene, false).await?;
        let exchange = self.select(scene, &text, Some(least)).await?;
        scene.must(&exchange)?;
        let Some(page) = page(scene.atlas(), &exchange) else { return Ok(()) };
        let value = wanted.get(&self.field).cloned().unwrap_or_default();
        let matches = |row: &Value| row.get(&self.field).is_none_or(|shown| same_value(shown, &value));
        let mut fine = !page.rows.is_empty() && page.rows.iter().all(matches);
        let mut class = "page";
        let mut blamed = exchange.step;
        if let (true, true, Some(next)) = (fine, page.has_more, page.next) {
            let call = scene.aim(&self.list)?.query(&self.parameter, &*text);
            let second = scene.send(page_call(scene.atlas(), call, Some(least), Some(next))).await?;
            scene.must(&second)?;
            fine = super::walk::page(scene.atlas(), &second).is_none_or(|page| page.rows.iter().all(matches));
            (class, blamed) = ("next-page", second.step);
        }
        let expect = Expect::words(format!("a row with {} {value}", self.field));
        scene.expecting(blamed, expect.clone());
        if !fine {
            let message = match class {
                "page" => format!("{} cuts the page before it applies {}", self.list.id, self.parameter),
                _ => format!("the second page of {} forgets {}", self.list.id, self.parameter),
            };
            self.broke(scene, blamed, class, message, expect);
        }
        Ok(())
    }
}

/// A filter selects exactly the rows that match.
pub(crate) fn exact(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for filter in filters(atlas) {
        let numbers = matches!(&filter.pair, Pair::Owners(owner) if owner.identity.display.is_some());
        for by_number in [false, true].into_iter().filter(|by_number| !by_number || numbers) {
            let used = filter.clone();
            let case = Case::new(law, &filter.list, async move |scene: &mut Scene| {
                used.exact(scene, by_number).await
            });
            let variant =
                if by_number { format!("{}-by-number", filter.parameter) } else { filter.parameter.clone() };
            cases.push(filter.case(case, atlas).variant(variant));
        }
        cases.extend(by_derived(law, atlas, &filter));
    }
    cases
}

/// A page of a filtered list is cut from what the filter left.
pub(crate) fn before_pages(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    let Some(rule) = &atlas.rules().pagination else { return Vec::new() };
    let (least, standing) = (rule.limit.minimum, rule.standing);
    let paged =
        |filter: &Filter| filter.list.parameter(ParameterLocation::Query, &rule.limit.parameter).is_some();
    filters(atlas)
        .into_iter()
        .filter(paged)
        .map(|mut filter| {
            filter.standing = filter.standing.weakest(standing);
            let used = filter.clone();
            let case = Case::new(law, &filter.list, async move |scene: &mut Scene| {
                used.before_page(scene, least).await
            });
            filter.case(case, atlas).variant(filter.parameter.clone())
        })
        .collect()
}

/// Two filters at once select what both do.
pub(crate) fn combined(law: &'static Law, atlas: &Atlas, _: u64) -> Vec<Case> {
    let all = filters(atlas);
    let mut cases = Vec::new();
    for (index, one) in all.iter().enumerate() {
        let others = all[index + 1..].iter();
        for other in others.filter(|other| other.list == one.list && other.field != one.field) {
            let (first, second) = (one.clone(), other.clone());
            let standing = one.standing.weakest(other.standing);
            let act = format!("both/{}/{}+{}", one.rows.name, one.field, other.field);
            let name = act.clone();
            let case = Case::new(law, &one.list, async move |scene: &mut Scene| {
                both(scene, &first, &second, &name, standing).await
            });
            cases.push(
                case.variant(format!("{}+{}", one.parameter, other.parameter))
                    .standing(standing)
                    .place(one.place.clone())
                    .cost(3)
                    .sees(act, 2)
                    .needs(atlas.makers(&one.rows))
                    .needs([one.list.id.clone()]),
            );
        }
    }
    cases
}

async fn both(
    scene: &mut Scene,
    one: &Filter,
    other: &Filter,
    act: &str,
    standing: Standing,
) -> Result<(), Stop> {
    let row = scene
        .act_row(act, async |scene: &mut Scene| {
            let mut fields = Map::new();
            let takes = |filter: &&&Filter| {
                let body = filter.create.body.as_ref();
                body.is_some_and(|body| body.schema.property(&filter.field).is_some())
            };
            for filter in [one, other].iter().filter(takes) {
                fields.insert(filter.field.clone(), filter.values(scene)?.0);
            }
            scene.make_with(&one.rows, None, fields).await
        })
        .await?;
    let of = |filter: &Filter| row.get(&filter.field).map(Filter::text_of).unwrap_or_default();
    let not = |scene: &Scene, filter: &Filter| {
        let (match_one, match_other) = filter.values(scene)?;
        let texts = [Filter::text_of(&match_other), Filter::text_of(&match_one)];
        Ok::<String, Stop>(texts.into_iter().find(|text| *text != of(filter)).unwrap_or_default())
    };
    let asked = [
        (of(one), of(other), true),
        (of(one), not(scene, other)?, false),
        (not(scene, one)?, of(other), false),
    ];
    let most = scene.atlas().rules().pagination.as_ref().map(|rule| rule.limit.maximum);
    for (first, second, shown) in asked {
        let call = scene.aim(&one.list)?.query(&one.parameter, first).query(&other.parameter, second);
        let exchange = scene.send(page_call(scene.atlas(), call, most, None)).await?;
        scene.must(&exchange)?;
        let Some(page) = page(scene.atlas(), &exchange) else { return Ok(()) };
        let there = page.rows.iter().any(|listed| one.rows.id_of(listed).as_ref() == Some(&row.id));
        let cut = shown && page.has_more;
        let expect =
            Expect::words(if shown { "the row, which matches both" } else { "only rows that match both" });
        scene.expecting(exchange.step, expect.clone());
        if there == shown || cut {
            continue;
        }
        let pair = format!("{} with {} and {}", one.list.id, one.parameter, other.parameter);
        let message = if shown {
            format!("{pair} leaves out a row that matches both")
        } else {
            format!("{pair} shows a row that matches only one of them")
        };
        let place = scene.place.clone();
        let class = if shown { "absent" } else { "stray" };
        scene.broke(exchange.step, class, standing, &place, message, expect);
        return Ok(());
    }
    Ok(())
}

/// Filtering by the value of a derived field finds the rows whose deciding field says so.
fn by_derived(law: &'static Law, atlas: &Atlas, filter: &Filter) -> Option<Case> {
    let rule = filter.rows.fields.get(&filter.field)?.rules.derived.clone()?;
    filter.create.body.as_ref()?.schema.property(&rule.from)?;
    let standing = rule.standing.weakest(filter.standing);
    let (rows, target, parameter) = (filter.rows.clone(), filter.list.clone(), filter.parameter.clone());
    let (text, field) = (Filter::text_of(&rule.value), filter.field.clone());
    let case = Case::new(law, &filter.list, async move |scene: &mut Scene| {
        let wanted =
            scene.make_with(&rows, None, Map::from_iter([(rule.from.clone(), rule.equals.clone())])).await?;
        let other = scene.still(&rows).await?;
        if wanted.get(&rule.from) != Some(&rule.equals) {
            return Err(Stop::NotJudged(format!("the create does not keep {}", rule.from)));
        }
        let call = scene.aim(&target)?.query(&parameter, text.clone());
        let found = scene.find(call, &[&wanted, &other]).await?;
        let expect = Expect::words(format!("exactly the rows whose {} is {}", rule.from, rule.equals));
        scene.expecting(found.step, expect.clone());
        let place = scene.place.clone();
        let what = format!("{} with {parameter}={text}", target.id);
        if found.ids.contains(&other.id) {
            let message = format!("{what} shows a row whose {} is not {}", rule.from, rule.equals);
            scene.broke(found.step, "stray", standing, &place, message, expect);
        } else if !found.ids.contains(&wanted.id) {
            let message = format!("{what} leaves out a row whose {} is {}", rule.from, rule.equals);
            scene.broke(found.step, "absent", standing, &place, message, expect);
        } else if let Some(plain) = other.get(&field).filter(|plain| **plain != rule.value) {
            // What reads otherwise now is no longer found by what it would read without.
            let text = Filter::text_of(plain);
            let call = scene.aim(&target)?.query(&parameter, text.clone());
            let found = scene.find(call, &[&wanted]).await?;
            let expect = Expect::words(format!("no row whose {} is {}", rule.from, rule.equals));
            scene.expecting(found.step, expect.clone());
            if !found.ids.is_empty() {
                let message = format!(
                    "{} with {parameter}={text} shows a row whose {} is {}",
                    target.id, rule.from, rule.equals
                );
                let shown = standing.weakest(rule.shown.unwrap_or(rule.standing));
                scene.broke(found.step, "stored", shown, &place, message, expect);
            }
        }
        Ok(())
    });
    let place = filter.rows.fields[&filter.field].pointer.clone();
    let case = case
        .variant(format!("{}-derived", filter.field))
        .standing(standing)
        .place(place)
        .cost(3)
        .sees(crate::run::still(&filter.rows), 2)
        .alone()
        .needs(atlas.makers(&filter.rows))
        .needs([filter.list.id.clone()]);
    (!is_under_owner(&filter.list)).then_some(case)
}
