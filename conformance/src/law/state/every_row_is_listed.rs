//! A list without a filter leaves no row out.

use schemas::ParameterLocation;
use serde_json::Value;

use super::member_rows::MemberRows;
use crate::contract::{Api, Aspect, Expected, Operation, PathSlot, Resource};
use crate::http::Request;
use crate::judge::same_value;
use crate::law::support::creatable;
use crate::law::{Case, Family, Law};
use crate::scenario::{CaseContext, CaseError, CaseResult, Page, Row, Setup as _, page_request};

pub(crate) static LAW: Law = Law {
    id: "every-row-is-listed",
    family: Family::State,
    says: "a list without a filter leaves no row out",
    why: "A row with each value of the listed properties, every row of the run that is still there, and every row that a \
          filter shows: whoever is left out is read before the list is blamed.",
    ..Law::by_cases(cases)
};

/// Pages after which a walk is given up: the list holds other people's rows too.
const MOST_PAGES: usize = 12;
/// Values of a filter that are asked for.
const MOST_VALUES: usize = 6;
/// Rows that are read because no page showed them.
const MOST_READ: usize = 8;

fn cases(api: &Api) -> Vec<Case> {
    let mut cases = Vec::new();
    for (resource, _) in creatable(api) {
        let Some(read) = &resource.read else { continue };
        for list in resource.lists.iter().filter(|list| api.reachable(list)) {
            let (rows, op, read) = (resource.clone(), list.clone(), read.clone());
            let needs = [list.id.clone(), read.id.clone()];
            let run = async move |cx: &mut CaseContext, members: &MemberRows| {
                let listing = Listing { rows: &rows, list: &op, read: &read };
                let members = members.get(cx).await?;
                if listing.shows(cx, &members).await? && !op.has_slot(PathSlot::Parent) {
                    listing.shows_all(cx).await?;
                }
                Ok(())
            };
            let filtered = filter_of(resource, list).map_or(0, |(_, values)| values.len());
            let sends = if list.has_slot(PathSlot::Parent) { 1 } else { 4 + filtered };
            let case = Case::given(&LAW, list, MemberRows::of(api, resource), run).sends(sends);
            // Where a property is listed, leaving out is most likely by its value.
            let case = match MemberRows::property(resource) {
                Some(property) => case.about(property),
                None => case,
            };
            cases.push(case.alone().needs(needs));
        }
    }
    cases
}

/// The first filter of a list by a property that says which values it takes, and these.
fn filter_of(rows: &Resource, list: &Operation) -> Option<(String, Vec<String>)> {
    let body = rows.create.as_ref()?.body.as_ref()?;
    list.parameters_in(ParameterLocation::Query).find_map(|parameter| {
        let property = body.schema.property(&parameter.filter.as_ref()?.field)?;
        let values = property.schema.keyword("enum")?.as_array()?;
        let values = values.iter().filter_map(Value::as_str).take(MOST_VALUES);
        Some((parameter.name.clone(), values.map(str::to_owned).collect()))
    })
}

/// What a walk over the pages of a list met.
#[derive(Default)]
struct Walked {
    /// The ids of the rows.
    seen: Vec<String>,
    /// The last row of each page that was not the last.
    ends: Vec<Value>,
    /// The step that showed the last page, where the walk came to it.
    end: Option<usize>,
}

struct Listing<'a> {
    rows: &'a Resource,
    list: &'a Operation,
    read: &'a Operation,
}

impl Listing<'_> {
    /// Whether the list shows some rows.
    async fn shows(&self, cx: &mut CaseContext, members: &[Row]) -> Result<bool, CaseError> {
        let request = cx.request_for(self.list)?;
        let wanted: Vec<&Row> = members.iter().collect();
        let found = cx.find(request, &wanted).await?;
        cx.expecting(found.step, Expected::words("every row"));
        if !found.whole && found.ids.len() < members.len() {
            return Err(CaseError::NotJudged(format!("{} is too long to be walked", self.list.id)));
        }
        for row in members.iter().filter(|row| !found.ids.contains(&row.id)) {
            if self.is_left_out(cx, &row.id, &found.last_of_pages, false).await? {
                self.blame(cx, found.step, &MemberRows::shown(self.rows, row));
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether the list shows every row that it shows with a filter, and every row of the run that is still there.
    async fn shows_all(&self, cx: &mut CaseContext) -> CaseResult {
        // First, so that what is made meanwhile is in the list without one.
        let filtered = self.filtered(cx).await?;
        let request = cx.request_for(self.list)?;
        let Walked { seen, ends, end: Some(step) } = self.walk(cx, request).await? else { return Ok(()) };
        let created = cx.session.created(&self.rows.name);
        let listed = filtered.iter().map(|id| (id, true)).chain(created.iter().map(|id| (id, false)));
        for (id, listed) in listed.filter(|(id, _)| !seen.contains(id)).take(MOST_READ) {
            if self.is_left_out(cx, id, &ends, listed).await? {
                self.blame(cx, step, "");
                break;
            }
        }
        Ok(())
    }

    /// The rows for each value of a filter.
    async fn filtered(&self, cx: &mut CaseContext) -> Result<Vec<String>, CaseError> {
        let mut ids = Vec::new();
        let Some((parameter, values)) = filter_of(self.rows, self.list) else { return Ok(ids) };
        for value in values {
            let request = cx.request_for(self.list)?.query(&parameter, value);
            ids.extend(self.walk(cx, request).await?.seen);
        }
        Ok(ids)
    }

    /// Goes over the pages of the list.
    async fn walk(&self, cx: &mut CaseContext, list: Request) -> Result<Walked, CaseError> {
        let mut walked = Walked::default();
        let mut cursor: Option<String> = None;
        for _ in 0..MOST_PAGES {
            let most = self.list.biggest_page();
            let request = page_request(list.clone(), most, cursor.as_deref());
            let exchange = cx.send(request).await?;
            let page = Page::of(cx.api(), &exchange.request, exchange.json.as_ref())
                .filter(|_| exchange.is_success());
            let Some(page) = page else { break };
            walked.seen.extend(page.rows.iter().filter_map(|row| self.rows.id_of(row)));
            match page.next {
                Some(next) if page.has_more && cursor.as_ref() != Some(&next) => {
                    cursor = Some(next);
                    walked.ends.extend(page.rows.last().cloned());
                }
                _ => {
                    walked.end = Some(exchange.step);
                    break;
                }
            }
        }
        Ok(walked)
    }

    /// Whether a row that no page shows is there all the same. One that was made together with the last row of a page
    /// may lie between two pages; one whose owner is gone need not be listed, unless it is, with a filter.
    async fn is_left_out(
        &self,
        cx: &mut CaseContext,
        id: &str,
        ends: &[Value],
        listed: bool,
    ) -> Result<bool, CaseError> {
        let exchange = cx.send(Request::of(self.read).own(id)).await?;
        let Some(row) = exchange.json.as_ref().filter(|_| exchange.is_success()) else { return Ok(false) };
        if self.rows.id_of(row).as_deref() != Some(id) {
            return Ok(false);
        }
        if let Some(parent) = self.rows.parent.as_ref().filter(|_| !listed) {
            let owner = cx.api().resource(&parent.resource).cloned();
            let base = owner.and_then(|owner| cx.base(&owner).ok());
            let owner = parent.field.as_ref().and_then(|field| row.get(field)).and_then(Value::as_str);
            if base.is_none_or(|base| owner != Some(&*base.id)) {
                return Ok(false);
            }
        }
        let order = cx.api().paging.as_ref().map(|rule| rule.order.field.clone());
        let time = |row: &Value| row.get(order.as_deref()?).cloned();
        let tied = |end: &Value| time(end).zip(time(row)).is_some_and(|(end, row)| same_value(&end, &row));
        Ok(!ends.iter().any(tied))
    }

    fn blame(&self, cx: &mut CaseContext, step: usize, which: &str) {
        let Self { rows, list, .. } = self;
        let message = format!("{} leaves out {}{which} that can be read", list.id, rows.one());
        cx.breach(step, Aspect::Absent, message, Expected::words("every row"));
    }
}
