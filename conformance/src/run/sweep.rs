//! Looking for rows of the run's own that no answer named.

use super::engine::Engine;
use crate::atlas::{Op, Slot};
use crate::probe::Call;

/// Pages of a list that are looked through: what the run made is among the newest.
const MOST_PAGES: usize = 5;
/// Owners whose lists are looked through.
const MOST_OWNERS: usize = 20;

impl Engine {
    /// Where rows were made that no answer named, looks for the run's mark in the lists, so that they are taken away too.
    pub(super) async fn sweep(&self, mark: &str) {
        if !self.session.is_doubtful() {
            return;
        }
        let lists: Vec<Op> = self.session.atlas.lists().cloned().collect();
        for list in lists {
            let Some(kin) = self.session.atlas.kin_of(&list).cloned() else { continue };
            let calls: Vec<Call> = if list.has_slot(Slot::Parent) {
                let owner =
                    self.session.atlas.parent_of(&list).map(|owner| owner.name.clone()).unwrap_or_default();
                let owners = self.session.made(&owner);
                owners.iter().rev().take(MOST_OWNERS).map(|id| Call::of(&list).parent(id)).collect()
            } else {
                vec![Call::of(&list)]
            };
            for call in calls {
                self.sweep_list(&kin, call, mark).await;
            }
        }
    }

    async fn sweep_list(&self, kin: &crate::atlas::Kin, call: Call, mark: &str) {
        let atlas = &self.session.atlas;
        let most = atlas.rules().pagination.as_ref().map(|rule| rule.limit.maximum);
        let mut cursor: Option<String> = None;
        for _ in 0..MOST_PAGES {
            let asked = crate::law::page_call(atlas, call.clone(), most, cursor.as_deref());
            let Ok(answered) = self.session.send_cleaning(&asked).await else { return };
            let Some(page) = crate::law::page_of(atlas, answered.received.json.as_ref()) else { return };
            for row in page.rows.iter().filter(|row| row.to_string().contains(mark)) {
                if let Some(id) = kin.id_of(row) {
                    self.session.adopt(kin, id);
                }
            }
            match page.next.filter(|_| page.has_more) {
                Some(next) if cursor.as_deref() != Some(next) => cursor = Some(next.to_owned()),
                _ => return,
            }
        }
    }
}
