//! What was asked and answered, for whoever wants to look: the last requests of each workspace, without secrets.

mod entry;
mod filter;

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;
use tokio::sync::watch;

pub(crate) use entry::{JournalEntry, Secrets};
pub(crate) use filter::{Filter, StatusFilter};

/// The requests of one workspace; those that opened none are together.
#[derive(Debug, Default)]
struct Entries {
    list: VecDeque<Arc<JournalEntry>>,
    bytes: usize,
    seen: u64,
}

#[derive(Debug, Default)]
struct Kept {
    workspaces: HashMap<Option<Arc<str>>, Entries>,
    bytes: usize,
}

/// What the journal holds of what was asked for.
#[derive(Debug, Default)]
pub(crate) struct Shown {
    /// How many there were.
    pub(crate) seen: u64,
    /// How many of them are not kept any more.
    pub(crate) dropped: u64,
    /// Oldest first.
    pub(crate) entries: Vec<Arc<JournalEntry>>,
}

/// The last requests. No workspace's requests push out those of another, as long as all have room.
#[derive(Debug)]
pub(crate) struct RequestJournal {
    /// Of a workspace.
    max_entries: usize,
    /// Of a workspace.
    max_bytes: usize,
    /// Of all; beyond, the workspace that takes the most gives some back.
    max_total: usize,
    kept: Mutex<Kept>,
    last: AtomicU64,
    /// The number of the last request, for those who wait.
    news: watch::Sender<u64>,
}

impl RequestJournal {
    pub(crate) fn new(max_entries: usize, max_bytes: usize, max_total: usize) -> Self {
        let (news, _) = watch::channel(0);
        Self { max_entries, max_bytes, max_total, kept: Mutex::default(), last: AtomicU64::new(0), news }
    }

    pub(crate) fn is_kept(&self) -> bool {
        self.max_entries > 0
    }

    pub(crate) fn add(&self, mut entry: JournalEntry) {
        entry.cut();
        let (size, workspace) = (entry.size(), entry.workspace.clone());
        let mut gone = Vec::new();
        let mut kept = self.kept.lock();
        // Numbered under the lock, so that they stand in order.
        let id = self.last.fetch_add(1, Ordering::Relaxed) + 1;
        entry.id = id;
        let own = kept.workspaces.entry(workspace).or_default();
        own.seen += 1;
        own.list.push_back(Arc::new(entry));
        own.bytes += size;
        let mut freed = 0;
        while own.list.len() > self.max_entries || own.bytes > self.max_bytes {
            let Some(oldest) = own.list.pop_front() else { break };
            own.bytes -= oldest.size();
            freed += oldest.size();
            gone.push(oldest);
        }
        kept.bytes = (kept.bytes + size).saturating_sub(freed);
        if kept.bytes > self.max_total {
            kept.shrink(self.max_total - self.max_total / 8, &mut gone);
        }
        // What goes is dropped when nobody waits for the lock any more.
        drop(kept);
        drop(gone);
        if self.news.receiver_count() > 0 {
            self.news.send_replace(id);
        }
    }

    /// The number of the last request.
    pub(crate) fn last(&self) -> u64 {
        self.last.load(Ordering::Relaxed)
    }

    /// Tells those who wait when there is more.
    pub(crate) fn news(&self) -> watch::Receiver<u64> {
        self.news.subscribe()
    }

    /// Forgets the requests of a workspace; without a name, all.
    pub(crate) fn clear(&self, workspace: Option<&str>) -> usize {
        let mut kept = self.kept.lock();
        let gone = match workspace {
            Some(name) => {
                let gone = kept.workspaces.remove(&Some(Arc::from(name)));
                kept.bytes -= gone.as_ref().map_or(0, |gone| gone.bytes);
                gone.into_iter().collect::<Vec<_>>()
            }
            None => std::mem::take(&mut *kept).workspaces.into_values().collect(),
        };
        drop(kept);
        gone.iter().map(|entries| entries.list.len()).sum()
    }

    /// What is asked for, oldest first.
    pub(crate) fn find(&self, filter: &Filter) -> Shown {
        let kept = self.kept.lock();
        let mut shown = Shown::default();
        let mut entries = Vec::new();
        for (name, own) in &kept.workspaces {
            if filter.workspace.as_deref().is_some_and(|wanted| name.as_deref() != Some(wanted)) {
                continue;
            }
            shown.seen += own.seen;
            shown.dropped += own.seen.saturating_sub(own.list.len() as u64);
            entries.extend(own.list.iter().cloned());
        }
        drop(kept);
        entries.retain(|entry| filter.admits(entry));
        entries.sort_by_key(|entry| entry.id);
        Shown { entries, ..shown }
    }
}

impl Kept {
    /// Drops the oldest of whoever takes the most, until all take no more than `target`.
    fn shrink(&mut self, target: usize, gone: &mut Vec<Arc<JournalEntry>>) {
        while self.bytes > target {
            let Some(largest) = self.workspaces.values_mut().max_by_key(|own| own.bytes) else { return };
            let Some(oldest) = largest.list.pop_front() else { return };
            largest.bytes -= oldest.size();
            self.bytes -= oldest.size().min(self.bytes);
            gone.push(oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(workspace: &str, number: usize, body: usize) -> JournalEntry {
        JournalEntry {
            id: 0,
            at: 0,
            method: http::Method::GET,
            target: format!("/{number}").into(),
            operation: None,
            workspace: Some(workspace.into()),
            headers: http::HeaderMap::new(),
            body: vec![b' '; body].into(),
            body_size: 0,
            status: 200,
            reason: None,
            rule: "state".into(),
            forced: false,
            ignored: Vec::new(),
            answer_headers: http::HeaderMap::new(),
            answer: vec![b' '; body].into(),
            answer_size: 0,
            micros: 0,
        }
    }

    fn journal(max_entries: usize, max_bytes: usize, entries: usize, body: usize) -> (usize, Shown) {
        let journal = RequestJournal::new(max_entries, max_bytes, usize::MAX);
        for number in 0..entries {
            journal.add(entry("a", number, body));
        }
        let bytes = journal.kept.lock().bytes;
        (bytes, journal.find(&Filter::default()))
    }

    #[test]
    fn the_oldest_go_when_there_are_too_many() {
        let (_, shown) = journal(2, usize::MAX, 5, 10);
        assert_eq!((shown.seen, shown.dropped), (5, 3));
        assert_eq!(&*shown.entries[0].target, "/3");
    }

    #[test]
    fn the_oldest_go_when_they_take_too_much() {
        let (bytes, shown) = journal(usize::MAX, 400_000, 50, 1 << 20);
        assert!(bytes <= 400_000);
        assert_eq!((shown.entries.len(), &*shown.entries[2].target), (3, "/49"));
        assert_eq!(shown.entries[2].body_size, 1 << 20);
        assert_eq!(shown.entries[2].show(&Secrets::default())["truncated"], true);
        let (bytes, shown) = journal(usize::MAX, 1_000, 2, 5_000);
        assert_eq!((bytes, shown.dropped), (0, 2), "one that is too large alone is not kept");
    }

    #[test]
    fn no_workspace_pushes_out_another() {
        let journal = RequestJournal::new(3, usize::MAX, 100_000);
        journal.add(entry("quiet", 0, 100));
        for number in 0..50 {
            journal.add(entry("loud", number, 20_000));
        }
        let of = |name: &str| {
            journal.find(&Filter { workspace: Some(name.to_owned()), ..Filter::default() }).entries.len()
        };
        assert_eq!((of("quiet"), of("loud")), (1, 2));
        assert!(journal.kept.lock().bytes <= 100_000);
        assert_eq!(journal.clear(Some("loud")), 2);
        assert_eq!((of("quiet"), of("loud")), (1, 0));
    }
}
