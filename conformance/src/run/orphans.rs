//! Looking for rows of the run's own that no response named.

use super::engine::Engine;
use crate::contract::{Operation, PathSlot, Resource};
use crate::http::Request;
use crate::scenario::{Page, page_request};

/// Pages of a list that are looked through: what the run made is among the newest.
const MOST_PAGES: usize = 5;
/// Owners whose lists are looked through.
const MOST_OWNERS: usize = 40;

impl Engine {
    /// Where rows were made that no answer named, or may have been, looks for the run's mark in the lists: what is found
    /// is taken away too, and what is not is not there.
    pub(super) async fn find_orphans(&self) {
        if !self.session.is_doubtful() {
            return;
        }
        for resource in self.session.api.resources.clone() {
            let mut whole = !resource.lists.is_empty();
            // A row tells by its texts whose it is, else by its owner.
            let mut marks = vec![self.mark.prefix()];
            marks.extend(resource.parent.iter().flat_map(|parent| self.session.made(&parent.resource)));
            // A list of all rows shows those under an owner as well.
            let everybody = resource.lists.iter().find(|list| !list.has_slot(PathSlot::Parent));
            match everybody {
                Some(list) => whole &= self.search_list(&resource, Request::of(list), &marks).await,
                None => {
                    for list in &resource.lists {
                        let (owners, all) = self.owners(list);
                        whole &= all;
                        for id in owners {
                            whole &= self.search_list(&resource, Request::of(list).parent(&id), &marks).await;
                        }
                    }
                }
            }
            if whole {
                self.session.looked_through(&resource);
            }
        }
    }

    /// The owners whose lists are looked through, and whether they are all there are.
    fn owners(&self, list: &Operation) -> (Vec<String>, bool) {
        let owner = self.session.api.parent_of(list).map(|owner| owner.name.clone()).unwrap_or_default();
        let mut made = self.session.made(&owner);
        let all = made.len() <= MOST_OWNERS;
        if !all {
            // The first are those that many cases share.
            made.drain(MOST_OWNERS / 2..made.len() - MOST_OWNERS / 2);
        }
        (made, all)
    }

    /// Whether a list was looked through as far as rows of the run can be.
    async fn search_list(&self, resource: &Resource, request: Request, marks: &[String]) -> bool {
        let api = &self.session.api;
        let most = api.rules().pagination.as_ref().map(|rule| rule.limit.maximum);
        let mut cursor: Option<String> = None;
        for _ in 0..MOST_PAGES {
            let asked = page_request(api, request.clone(), most, cursor.as_deref());
            let Ok(answered) = self.session.send_cleaning(&asked).await else { return false };
            let Some(page) = Page::read(api, answered.response.json.as_ref()) else {
                return false;
            };
            let ours: Vec<String> = page
                .rows
                .iter()
                .filter(|row| {
                    let text = row.to_string();
                    marks.iter().any(|mark| text.contains(mark.as_str()))
                })
                .filter_map(|row| resource.id_of(row))
                .collect();
            let past = ours.is_empty() || !page.has_more;
            for id in ours {
                self.session.adopt(resource, id);
            }
            match page.next {
                _ if past => return true,
                Some(next) if cursor.as_deref() != Some(next) => cursor = Some(next.to_owned()),
                _ => return true,
            }
        }
        false
    }
}
