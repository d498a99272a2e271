//! Lists that select.

use schemas::{ParameterLocation, Standing};
use serde_json::{Map, Value};

use super::family::{family, family_setup};
use super::reading::{is_under_owner, made};
use super::relations::{stranger, stranging};
use super::law::Law;
use crate::scenario::walk::{page, page_call};
use crate::contract::{Api, Resource, Operation, PathSlot, reference};
use crate::generate::presence;
use crate::contract::Acceptance;
use crate::judge::{Expected, same_value};
use super::case::Case;
use crate::scenario::{SetupResult, Exchange, Row, CaseContext, CaseError};

/// Two values of a field that rows can be made with.
#[derive(Clone)]
enum Pair {
    /// Two members of a list; the second is no default, so that a filter that is ignored shows.
    Members(Value, Value),
    /// Texts that nobody else has.
    Fresh,
    /// Rows of an owner, and of another.
    Owners(Resource),
}

/// A filter of a list whose rows can be made.
#[derive(Clone)]
struct Filter {
    rows: Resource,
    create: Operation,
    list: Operation,
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

fn pair(api: &Api, resource: &Resource, create: &Operation, field: &str) -> Option<(Pair, Standing)> {
    // An owner that the path of the create names.
    if create.has_slot(PathSlot::Parent)
        && let Some(parent) = resource.parent.as_ref().filter(|parent| parent.field == field)
    {
        return Some((Pair::Owners(api.resource(&parent.resource)?.clone()), Standing::Documented));
    }
    let property = create.body.as_ref()?.schema.property(field)?;
    let standing = presence(&property);
    if let Some(owner) = reference(&property).and_then(|name| api.resource(&name)) {
        return Some((Pair::Owners(owner.clone()), standing));
    }
    let options = property.schema.keyword("enum").and_then(Value::as_array);
    let sure = property.rules().ok().map(|rules| rules.values).unwrap_or_default();
    if let Some(options) = options {
        let derived = resource.fields.get(field).and_then(|field| field.rules.derived.as_ref());
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
fn filters(api: &Api) -> Vec<Filter> {
    let mut found = Vec::new();
    for (resource, create) in made(api) {
        for list in resource.lists.iter().filter(|list| api.reachable(list)) {
            for parameter in list.parameters_in(ParameterLocation::Query) {
                let Some(filter) = &parameter.filter else { continue };
                let Some((pair, sure)) = pair(api, resource, create, &filter.field) else { continue };
                found.push(Filter {
                    rows: resource.clone(),
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
    fn case(&self, case: Case, api: &Api) -> Case {
        let case = match self.pair {
            Pair::Owners(_) => {
                let (act, once) = family_setup(&self.rows);
                case.sees(act, once).sees(stranging(&self.rows).0, stranging(&self.rows).1)
            }
            Pair::Members(..) => case.sees(self.act(), 8),
            Pair::Fresh => case.sees(self.act(), 4),
        };
        case.standing(self.standing)
            .place(self.place.clone())
            .needs(api.makers(&self.rows))
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
    fn values(&self, cx: &CaseContext) -> Result<(Value, Value), CaseError> {
        let fresh = || {
            cx
                .value(&self.create, &self.field)
                .ok_or_else(|| CaseError::NotJudged(format!("no value of {} can be made", self.field)))
        };
        match &self.pair {
            Pair::Members(one, other) => Ok((one.clone(), other.clone())),
            Pair::Fresh => Ok((fresh()?, fresh()?)),
            Pair::Owners(owner) => {
                let (base, spare) = (cx.base(owner)?, cx.spare(owner)?);
                if base.id == spare.id {
                    return Err(CaseError::NotJudged(format!("there is no second {}", owner.name)));
                }
                Ok((Value::String(base.id.clone()), Value::String(spare.id.clone())))
            }
        }
    }

    /// A row that matches, a newer one that does not, and the filter's text.
    async fn choose(&self, cx: &mut CaseContext, by_number: bool) -> Result<Chosen, CaseError> {
        if let Pair::Owners(owner) = &self.pair {
            let (one, rows) = family(cx, &self.rows).await?;
            let (Some(one), Some(wanted)) = (one, rows.into_iter().next()) else {
                return Err(CaseError::NotJudged(format!("nothing makes {}", owner.one())));
            };
            let other = stranger(cx, &self.rows).await?;
            let text = if by_number { one.display.clone() } else { Some(one.id.clone()) };
            let text =
                text.ok_or_else(|| CaseError::NotJudged(format!("rows of {} have no number", owner.name)))?;
            return Ok(Chosen { wanted, other, text });
        }
        let result = cx
            .act(&self.act(), async |cx: &mut CaseContext| {
                let (one, another) = self.values(cx)?;
                let with = |value: Value| Map::from_iter([(self.field.clone(), value)]);
                // An older row that matches, and one between that does not: a second page tells whether it is filtered.
                if matches!(self.pair, Pair::Members(..)) {
                    cx.create_row_with(&self.rows, None, with(one.clone())).await?;
                    cx.create_row_with(&self.rows, None, with(another.clone())).await?;
                }
                let wanted = cx.create_row_with(&self.rows, None, with(one.clone())).await?;
                let other = cx.create_row_with(&self.rows, None, with(another)).await?;
                if wanted.get(&self.field).is_none_or(|kept| !same_value(kept, &one)) {
                    return Err(CaseError::NotJudged(format!("{} does not keep {}", self.create.id, self.field)));
                }
                Ok(SetupResult { rows: vec![wanted, other], exchanges: Vec::new() })
            })
            .await?;
        let mut rows = result.rows.into_iter();
        let (wanted, other) = rows
            .next()
            .zip(rows.next())
            .ok_or_else(|| CaseError::NotJudged(format!("no {} was made", self.rows.name)))?;
        let text = Self::text_of(wanted.get(&self.field).unwrap_or(&Value::Null));
        Ok(Chosen { wanted, other, text })
    }

    /// The list with the filter, a page of some size.
    async fn select(&self, cx: &mut CaseContext, text: &str, limit: Option<u64>) -> Result<Exchange, CaseError> {
        let request = cx.request_for(&self.list)?.query(&self.parameter, text);
        let request = page_call(cx.api(), request, limit, None);
        cx.send(request).await
    }

    fn broke(&self, cx: &mut CaseContext, step: usize, class: &str, message: String, expect: Expected) {
        let place = cx.place.clone();
        cx.broke(step, class, self.standing, &place, message, expect);
        if let Some(last) = cx.breaches.last_mut() {
            last.subject = Some(self.parameter.clone());
        }
    }

    async fn exact(&self, cx: &mut CaseContext, by_number: bool) -> Result<(), CaseError> {
        let Chosen { wanted, other, text } = self.choose(cx, by_number).await?;
        let most = cx.api().rules().pagination.as_ref().map(|rule| rule.limit.maximum);
        let exchange = self.select(cx, &text, most).await?;
        let what = format!("{} with {}", self.list.id, self.parameter);
        let acceptance = Acceptance::of(&self.list).at_most(self.standing);
        if !cx.accepted(&exchange, &acceptance, &what) {
            return Ok(());
        }
        let Some(page) = page(cx.api(), &exchange) else { return Ok(()) };
        let value = wanted.get(&self.field).cloned().unwrap_or_default();
        let ids: Vec<String> = page.rows.iter().filter_map(|row| self.rows.id_of(row)).collect();
        let stray =
            page.rows.iter().any(|row| row.get(&self.field).is_some_and(|shown| !same_value(shown, &value)));
        let has_more = page.has_more;
        let expect = Expected::words(format!("exactly the rows with {} {value}", self.field));
        cx.expecting(exchange.step, expect.clone());
        if stray || ids.contains(&other.id) {
            let message = format!("{what} shows a row that does not match");
            self.broke(cx, exchange.step, "stray", message, expect);
        } else if !ids.contains(&wanted.id) {
            if has_more {
                return Err(CaseError::NotJudged("more rows match than a page holds".to_owned()));
            }
            let message = format!("{what} leaves out a row that matches");
            self.broke(cx, exchange.step, "absent", message, expect);
        } else if !by_number {
            return self.nearly(cx, &wanted, &text, most).await;
        }
        Ok(())
    }

    /// Nearly the value is another value: a part of a text, the same in capitals, an owner that is not there.
    async fn nearly(
        &self,
        cx: &mut CaseContext,
        wanted: &Row,
        text: &str,
        most: Option<u64>,
    ) -> Result<(), CaseError> {
        let texts = match &self.pair {
            Pair::Members(..) => return Ok(()),
            Pair::Fresh => {
                let mut part = text.to_owned();
                part.pop();
                vec![part, text.to_uppercase()]
            }
            Pair::Owners(owner) => vec![super::auth::unknown_id_of(cx, owner)?],
        };
        for other in texts.into_iter().filter(|other| other != text && !other.is_empty()) {
            let exchange = self.select(cx, &other, most).await?;
            let expect = Expected::words(format!("no row with {} {text}", self.field));
            cx.expecting(exchange.step, expect.clone());
            let Some(page) = page(cx.api(), &exchange).filter(|_| exchange.is_success()) else {
                continue;
            };
            if page.rows.iter().any(|row| self.rows.id_of(row).as_ref() == Some(&wanted.id)) {
                let message =
                    format!("{} with {}={other} shows a row with {text}", self.list.id, self.parameter);
                self.broke(cx, exchange.step, "stray", message, expect);
                break;
            }
        }
        Ok(())
    }

    async fn before_page(&self, cx: &mut CaseContext, least: u64) -> Result<(), CaseError> {
        let Chosen { wanted, text, .. } = self.choose(cx, false).await?;
        let exchange = self.select(cx, &text, Some(least)).await?;
        cx.require_success(&exchange)?;
        let Some(page) = page(cx.api(), &exchange) else { return Ok(()) };
        let value = wanted.get(&self.field).cloned().unwrap_or_default();
        let matches = |row: &Value| row.get(&self.field).is_none_or(|shown| same_value(shown, &value));
        let mut fine = !page.rows.is_empty() && page.rows.iter().all(matches);
        let mut class = "page";
        let mut blamed = exchange.step;
        if let (true, true, Some(next)) = (fine, page.has_more, page.next) {
            let request = cx.request_for(&self.list)?.query(&self.parameter, &*text);
            let second = cx.send(page_call(cx.api(), request, Some(least), Some(next))).await?;
            cx.require_success(&second)?;
            fine = super::walk::page(cx.api(), &second).is_none_or(|page| page.rows.iter().all(matches));
            (class, blamed) = ("next-page", second.step);
        }
        let expect = Expected::words(format!("a row with {} {value}", self.field));
        cx.expecting(blamed, expect.clone());
        if !fine {
            let message = match class {
                "page" => format!("{} cuts the page before it applies {}", self.list.id, self.parameter),
                _ => format!("the second page of {} forgets {}", self.list.id, self.parameter),
            };
            self.broke(cx, blamed, class, message, expect);
        }
        Ok(())
    }
}

/// A filter selects exactly the rows that match.
pub(crate) fn exact(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for filter in filters(api) {
        let numbers = matches!(&filter.pair, Pair::Owners(owner) if owner.identity.display.is_some());
        for by_number in [false, true].into_iter().filter(|by_number| !by_number || numbers) {
            let used = filter.clone();
            let case = Case::new(law, &filter.list, async move |cx: &mut CaseContext| {
                used.exact(cx, by_number).await
            });
            let variant =
                if by_number { format!("{}-by-number", filter.parameter) } else { filter.parameter.clone() };
            cases.push(filter.case(case, api).variant(variant));
        }
        cases.extend(by_derived(law, api, &filter));
    }
    cases
}

/// A page of a filtered list is cut from what the filter left.
pub(crate) fn before_pages(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    let Some(rule) = &api.rules().pagination else { return Vec::new() };
    let (least, standing) = (rule.limit.minimum, rule.standing);
    let paged =
        |filter: &Filter| filter.list.parameter(ParameterLocation::Query, &rule.limit.parameter).is_some();
    filters(api)
        .into_iter()
        .filter(paged)
        .map(|mut filter| {
            filter.standing = filter.standing.weakest(standing);
            let used = filter.clone();
            let case = Case::new(law, &filter.list, async move |cx: &mut CaseContext| {
                used.before_page(cx, least).await
            });
            filter.case(case, api).variant(filter.parameter.clone())
        })
        .collect()
}

/// Two filters at once select what both do.
pub(crate) fn combined(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    let all = filters(api);
    let mut cases = Vec::new();
    for (index, one) in all.iter().enumerate() {
        let others = all[index + 1..].iter();
        for other in others.filter(|other| other.list == one.list && other.field != one.field) {
            let (first, second) = (one.clone(), other.clone());
            let standing = one.standing.weakest(other.standing);
            let act = format!("both/{}/{}+{}", one.rows.name, one.field, other.field);
            let name = act.clone();
            let case = Case::new(law, &one.list, async move |cx: &mut CaseContext| {
                both(cx, &first, &second, &name, standing).await
            });
            cases.push(
                case.variant(format!("{}+{}", one.parameter, other.parameter))
                    .standing(standing)
                    .place(one.place.clone())
                    .cost(3)
                    .sees(act, 2)
                    .needs(api.makers(&one.rows))
                    .needs([one.list.id.clone()]),
            );
        }
    }
    cases
}

async fn both(
    cx: &mut CaseContext,
    one: &Filter,
    other: &Filter,
    act: &str,
    standing: Standing,
) -> Result<(), CaseError> {
    let row = cx
        .shared_row_of(act, async |cx: &mut CaseContext| {
            let mut fields = Map::new();
            let takes = |filter: &&&Filter| {
                let body = filter.create.body.as_ref();
                body.is_some_and(|body| body.schema.property(&filter.field).is_some())
            };
            for filter in [one, other].iter().filter(takes) {
                fields.insert(filter.field.clone(), filter.values(cx)?.0);
            }
            cx.create_row_with(&one.rows, None, fields).await
        })
        .await?;
    let of = |filter: &Filter| row.get(&filter.field).map(Filter::text_of).unwrap_or_default();
    let not = |cx: &CaseContext, filter: &Filter| {
        let (match_one, match_other) = filter.values(cx)?;
        let texts = [Filter::text_of(&match_other), Filter::text_of(&match_one)];
        Ok::<String, CaseError>(texts.into_iter().find(|text| *text != of(filter)).unwrap_or_default())
    };
    let asked = [
        (of(one), of(other), true),
        (of(one), not(cx, other)?, false),
        (not(cx, one)?, of(other), false),
    ];
    let most = cx.api().rules().pagination.as_ref().map(|rule| rule.limit.maximum);
    for (first, second, shown) in asked {
        let request = cx.request_for(&one.list)?.query(&one.parameter, first).query(&other.parameter, second);
        let exchange = cx.send(page_call(cx.api(), request, most, None)).await?;
        cx.require_success(&exchange)?;
        let Some(page) = page(cx.api(), &exchange) else { return Ok(()) };
        let there = page.rows.iter().any(|listed| one.rows.id_of(listed).as_ref() == Some(&row.id));
        let cut = shown && page.has_more;
        let expect =
            Expected::words(if shown { "the row, which matches both" } else { "only rows that match both" });
        cx.expecting(exchange.step, expect.clone());
        if there == shown || cut {
            continue;
        }
        let pair = format!("{} with {} and {}", one.list.id, one.parameter, other.parameter);
        let message = if shown {
            format!("{pair} leaves out a row that matches both")
        } else {
            format!("{pair} shows a row that matches only one of them")
        };
        let place = cx.place.clone();
        let class = if shown { "absent" } else { "stray" };
        cx.broke(exchange.step, class, standing, &place, message, expect);
        return Ok(());
    }
    Ok(())
}

/// Filtering by the value of a derived field finds the rows whose deciding field says so.
fn by_derived(law: &'static Law, api: &Api, filter: &Filter) -> Option<Case> {
    let rule = filter.rows.fields.get(&filter.field)?.rules.derived.clone()?;
    filter.create.body.as_ref()?.schema.property(&rule.from)?;
    let standing = rule.standing.weakest(filter.standing);
    let (rows, target, parameter) = (filter.rows.clone(), filter.list.clone(), filter.parameter.clone());
    let (text, field) = (Filter::text_of(&rule.value), filter.field.clone());
    let case = Case::new(law, &filter.list, async move |cx: &mut CaseContext| {
        let wanted =
            cx.create_row_with(&rows, None, Map::from_iter([(rule.from.clone(), rule.equals.clone())])).await?;
        let other = cx.readonly_row(&rows).await?;
        if wanted.get(&rule.from) != Some(&rule.equals) {
            return Err(CaseError::NotJudged(format!("the create does not keep {}", rule.from)));
        }
        let request = cx.request_for(&target)?.query(&parameter, text.clone());
        let found = cx.find(request, &[&wanted, &other]).await?;
        let expect = Expected::words(format!("exactly the rows whose {} is {}", rule.from, rule.equals));
        cx.expecting(found.step, expect.clone());
        let place = cx.place.clone();
        let what = format!("{} with {parameter}={text}", target.id);
        if found.ids.contains(&other.id) {
            let message = format!("{what} shows a row whose {} is not {}", rule.from, rule.equals);
            cx.broke(found.step, "stray", standing, &place, message, expect);
        } else if !found.ids.contains(&wanted.id) {
            let message = format!("{what} leaves out a row whose {} is {}", rule.from, rule.equals);
            cx.broke(found.step, "absent", standing, &place, message, expect);
        } else if let Some(plain) = other.get(&field).filter(|plain| **plain != rule.value) {
            // What reads otherwise now is no longer found by what it would read without.
            let text = Filter::text_of(plain);
            let request = cx.request_for(&target)?.query(&parameter, text.clone());
            let found = cx.find(request, &[&wanted]).await?;
            let expect = Expected::words(format!("no row whose {} is {}", rule.from, rule.equals));
            cx.expecting(found.step, expect.clone());
            if !found.ids.is_empty() {
                let message = format!(
                    "{} with {parameter}={text} shows a row whose {} is {}",
                    target.id, rule.from, rule.equals
                );
                let shown = standing.weakest(rule.shown.unwrap_or(rule.standing));
                cx.broke(found.step, "stored", shown, &place, message, expect);
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
        .sees(crate::scenario::readonly_row(&filter.rows), 2)
        .alone()
        .needs(api.makers(&filter.rows))
        .needs([filter.list.id.clone()]);
    (!is_under_owner(&filter.list)).then_some(case)
}
