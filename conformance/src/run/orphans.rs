//! Looking for rows of a run's own that no response named: creates that got no answer, or an answer without an id.

use super::engine::Engine;
use serde_json::Value;

use crate::contract::{Operation, PathSlot, Resource, id_text};
use crate::generate::RunMark;
use crate::http::{Request, Response};
use crate::scenario::{Page, page_request};
use crate::session::{Lost, Session};

/// Pages of a list that are looked through: what the run created is among the newest.
const MOST_PAGES: usize = 5;
/// Owners whose lists are looked through.
const MOST_OWNERS: usize = 200;
/// How often a page is asked for that the target fails to show.
const MOST_TRIES: usize = 4;

/// How the rows of a run are known, and where they can be.
pub(super) struct OrphanSearch<'a> {
    pub(super) session: &'a Session,
    pub(super) mark: &'a RunMark,
    /// Ids of rows of the run: a row that names one is the run's as well.
    pub(super) known: Vec<String>,
    /// Rows of the run that may own rows of a resource, in the order they were created: the id of each, and those of its
    /// owners outwards.
    pub(super) owners: Vec<Vec<String>>,
}

/// What a search came to.
#[derive(Debug, Default)]
pub(super) struct Orphans {
    /// Rows of the run: the id of each, and those of its owners outwards.
    pub(super) rows: Vec<(String, Vec<String>)>,
    /// Every list was looked through as far as rows of the run can be.
    pub(super) whole: bool,
    /// Why a list cannot be read.
    pub(super) error: Option<String>,
}

impl OrphanSearch<'_> {
    /// Looks through the lists of a resource.
    pub(super) async fn rows_of(&self, resource: &Resource) -> Orphans {
        let mut found = Orphans { whole: !resource.lists.is_empty(), ..Orphans::default() };
        // A list of all rows shows those under an owner as well.
        let of_all = resource.lists.iter().find(|list| !list.has_slot(PathSlot::Parent));
        if let Some(list) = of_all {
            self.look_through(resource, list, Request::of(list), &mut found).await;
            return found;
        }
        for list in &resource.lists {
            let mut owners = self.owners.clone();
            if owners.len() > MOST_OWNERS {
                // The first are those that many cases share.
                owners.drain(MOST_OWNERS / 2..owners.len() - MOST_OWNERS / 2);
                found.whole = false;
            }
            for owner in owners {
                self.look_through(resource, list, Request::of(list).owned_by(&owner), &mut found).await;
            }
        }
        found
    }

    async fn look_through(
        &self,
        resource: &Resource,
        list: &Operation,
        request: Request,
        found: &mut Orphans,
    ) {
        if let Err(why) = self.try_to_look_through(resource, list, request, found).await {
            found.whole = false;
            found.error.get_or_insert(why);
        }
    }

    async fn try_to_look_through(
        &self,
        resource: &Resource,
        list: &Operation,
        request: Request,
        found: &mut Orphans,
    ) -> Result<(), String> {
        let api = &self.session.api;
        let most = list.biggest_page();
        let mut cursor: Option<String> = None;
        for _ in 0..MOST_PAGES {
            let request = page_request(request.clone(), most, cursor.as_deref());
            let response = self.ask(&request).await?;
            let readable = response.json.as_ref().filter(|_| response.is_success());
            let page = Page::of(api, &request, readable);
            let page = page.ok_or_else(|| format!("{} answered {}", list.id, response.status))?;
            let ours = page.rows.iter().filter(|row| self.is_ours(resource, row));
            let ours: Vec<String> = ours.filter_map(|row| resource.id_of(row)).collect();
            let past = ours.is_empty() || !page.has_more;
            found.rows.extend(ours.into_iter().map(|id| (id, request.owner_ids())));
            match page.next {
                Some(next) if !past && cursor.as_ref() != Some(&next) => cursor = Some(next),
                _ => return Ok(()),
            }
        }
        found.whole = false;
        Ok(())
    }

    /// Asks for a page, again where the target fails to show it.
    async fn ask(&self, request: &Request) -> Result<Response, String> {
        let mut tries = 1;
        loop {
            match self.session.send_cleaning(request).await {
                Ok(delivered) if delivered.response.is_server_error() && tries < MOST_TRIES => {}
                Ok(delivered) => return Ok(delivered.response),
                Err(error) if error.lost() == Some(Lost::Wire) && tries < MOST_TRIES => {}
                Err(error) => return Err(error.to_string()),
            }
            tries += 1;
        }
    }

    /// Whether a row is the run's: by its texts, else by a row of the run that it names.
    fn is_ours(&self, resource: &Resource, row: &Value) -> bool {
        let refers = resource.fields.values().filter(|field| field.rules.references.is_some());
        let parent = resource.parent.as_ref().and_then(|parent| parent.field.as_ref());
        let mut names = refers.map(|field| &field.name).chain(parent);
        self.mark.is_in(&row.to_string())
            || names.any(|name| row.get(name).and_then(id_text).is_some_and(|id| self.known.contains(&id)))
    }
}

impl Engine {
    /// Where rows were created that no response named, or may have been, looks for them: what is found is deleted too,
    /// and what is not found does not exist.
    pub(super) async fn find_orphans(&self) {
        if !self.session.is_doubtful() {
            return;
        }
        for resource in self.session.api.resources.clone() {
            let owner = resource.parent.as_ref().map(|parent| parent.resource.as_str());
            let known = owner.map(|owner| self.session.created(owner)).unwrap_or_default();
            let owners = owner.map(|owner| self.session.created_paths(owner)).unwrap_or_default();
            let (session, mark) = (&*self.session, &self.mark);
            let search = OrphanSearch { session, mark, known, owners };
            let found = search.rows_of(&resource).await;
            for (id, owners) in found.rows {
                self.session.adopt(&resource, id, owners);
            }
            if found.whole {
                self.session.looked_through(&resource);
            }
        }
    }
}
