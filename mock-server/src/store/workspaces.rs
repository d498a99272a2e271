//! Every workspace: the seeded ones, and private copies made on first use.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use fixtures::Fixtures;
use parking_lot::RwLock;
use schemas::Contract;

use super::clock::WorkspaceClock;
use super::seed;
use super::workspace::{State, Workspace};

/// The name of the one workspace of a server without fixtures.
const ONLY: &str = "default";
/// A workspace with more rows is given back to the machine by a thread of its own.
const MANY_ROWS: usize = 5_000;

/// A private copy that was opened.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) workspace: Arc<Workspace>,
    /// The copy that had to go for it: the one that was not used for longest.
    pub(crate) freed: Option<Arc<str>>,
}

/// Why a workspace could not be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OpenError {
    /// There may be no private copies.
    TooMany,
}

/// Why a workspace could not be freed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FreeError {
    /// There is none of that name.
    Unknown,
    /// It is no private copy.
    Seeded,
}

type ByName = HashMap<Arc<str>, Arc<Workspace>>;

/// Every workspace by name.
#[derive(Debug)]
pub(crate) struct Workspaces {
    seeds: HashMap<Arc<str>, State>,
    open: RwLock<ByName>,
    max_copies: usize,
    requests: AtomicU64,
}

impl Workspaces {
    /// Without fixtures, rows that the description does not name itself begin as its examples and schemas show them, unless the
    /// world is to be `empty`.
    pub(crate) fn new(contract: &Contract, fixtures: &Fixtures, max_copies: usize, empty: bool) -> Self {
        let mut seeds: HashMap<Arc<str>, State> = fixtures
            .workspaces
            .iter()
            .map(|(name, seed)| (Arc::from(name.as_str()), seed::seeded(contract, seed)))
            .collect();
        if seeds.is_empty() {
            let seed = if empty { seed::empty(contract) } else { seed::waiting(contract) };
            seeds.insert(ONLY.into(), seed);
        }
        Self::of(seeds, max_copies)
    }

    fn of(seeds: HashMap<Arc<str>, State>, max_copies: usize) -> Self {
        let open =
            seeds.iter().map(|(name, state)| (Arc::clone(name), workspace(name, name, state))).collect();
        Self { seeds, open: RwLock::new(open), max_copies, requests: AtomicU64::new(0) }
    }

    /// A seeded workspace; for a server without fixtures, its only one.
    pub(crate) fn seeded(&self, name: Option<&str>) -> Option<Arc<Workspace>> {
        self.open.read().get(name.unwrap_or(ONLY)).cloned()
    }

    /// A private copy of a seeded workspace, made now if it is not there yet. Where there are as many as there may be, the
    /// one that was not used for longest is freed.
    pub(crate) fn copy(&self, name: &str, of: &str) -> Result<Opened, OpenError> {
        let known = self.open.read().get(name).cloned();
        if let Some(workspace) = known {
            self.note_use(&workspace);
            return Ok(Opened { workspace, freed: None });
        }
        let Some((origin, state)) = self.seeds.get_key_value(of).filter(|_| self.max_copies > 0) else {
            return Err(OpenError::TooMany);
        };
        let mut open = self.open.write();
        let (workspace, freed) = if let Some(known) = open.get(name) {
            (Arc::clone(known), None)
        } else {
            let full = open.len() >= self.seeds.len() + self.max_copies;
            let freed = if full { self.remove_oldest(&mut open) } else { None };
            let made = workspace(&Arc::from(name), origin, state);
            open.insert(Arc::clone(&made.name), Arc::clone(&made));
            (made, freed)
        };
        drop(open);
        self.note_use(&workspace);
        let name = freed.as_ref().map(|freed| Arc::clone(&freed.name));
        freed.into_iter().for_each(give_back);
        Ok(Opened { workspace, freed: name })
    }

    fn note_use(&self, workspace: &Workspace) {
        workspace.last_use.store(self.requests.fetch_add(1, Ordering::Relaxed), Ordering::Relaxed);
    }

    /// Whether it is a private copy.
    pub(crate) fn is_copy(&self, name: &str) -> bool {
        !self.seeds.contains_key(name)
    }

    fn remove_oldest(&self, open: &mut ByName) -> Option<Arc<Workspace>> {
        let copies = open.values().filter(|workspace| self.is_copy(&workspace.name));
        let oldest = copies.min_by_key(|workspace| workspace.last_use.load(Ordering::Relaxed))?;
        let name = Arc::clone(&oldest.name);
        open.remove(&name)
    }

    /// Frees a private copy: whoever opens it again begins with a new one.
    pub(crate) fn free(&self, name: &str) -> Result<(), FreeError> {
        if !self.is_copy(name) {
            return Err(FreeError::Seeded);
        }
        let freed = self.open.write().remove(name);
        freed.map(give_back).ok_or(FreeError::Unknown)
    }

    /// Frees every private copy.
    pub(crate) fn free_all(&self) -> Vec<Arc<str>> {
        let mut open = self.open.write();
        let (copies, seeded) =
            std::mem::take(&mut *open).into_iter().partition(|(name, _): &(Arc<str>, _)| self.is_copy(name));
        *open = seeded;
        drop(open);
        let copies: ByName = copies;
        let mut names: Vec<Arc<str>> = copies.keys().cloned().collect();
        names.sort();
        copies.into_values().for_each(give_back);
        names
    }

    /// Puts a workspace back to its seed; one that nobody opened yet is as it was seeded. `false` when there can be none of
    /// that name.
    pub(crate) fn reset(&self, name: &str) -> bool {
        let workspace = self.open.read().get(name).cloned();
        workspace.map_or_else(|| self.may_open(name).is_some(), |workspace| self.put_back(&workspace))
    }

    /// Puts every workspace back to its seed.
    pub(crate) fn reset_all(&self) {
        for workspace in self.all() {
            self.put_back(&workspace);
        }
    }

    fn put_back(&self, workspace: &Workspace) -> bool {
        let Some(seed) = self.seeds.get(&workspace.origin) else {
            return false;
        };
        workspace.clock.reset();
        // Ids begin anew as well: the same requests after a reset are answered the same.
        workspace.replace(seed.clone());
        true
    }

    /// A workspace by its name; a private copy that nobody opened yet is opened. `None` where no key opens such a one.
    pub(crate) fn named(&self, name: &str) -> Option<Arc<Workspace>> {
        let known = self.open.read().get(name).cloned();
        known.or_else(|| {
            let (of, _) = self.may_open(name)?;
            self.copy(name, of).ok().map(|opened| opened.workspace)
        })
    }

    /// Whether there is a workspace of that name, or a key may open one.
    pub(crate) fn knows(&self, name: &str) -> bool {
        self.open.read().contains_key(name) || self.may_open(name).is_some()
    }

    fn may_open<'n>(&self, name: &'n str) -> Option<(&'n str, &'n str)> {
        let plain =
            |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.~".contains(&byte));
        name.split_once('~')
            .filter(|(of, own)| self.seeds.contains_key(*of) && (1..=200).contains(&own.len()) && plain(own))
    }

    /// The names of the seeded workspaces, in order.
    pub(crate) fn seeds(&self) -> Vec<Arc<str>> {
        let mut names: Vec<_> = self.seeds.keys().cloned().collect();
        names.sort();
        names
    }

    /// Every workspace, by name.
    pub(crate) fn list(&self) -> Vec<Arc<Workspace>> {
        let mut all = self.all();
        all.sort_by(|one, other| one.name.cmp(&other.name));
        all
    }

    fn all(&self) -> Vec<Arc<Workspace>> {
        self.open.read().values().cloned().collect()
    }
}

fn workspace(name: &Arc<str>, origin: &Arc<str>, state: &State) -> Arc<Workspace> {
    Arc::new(Workspace {
        name: Arc::clone(name),
        origin: Arc::clone(origin),
        state: RwLock::new(state.clone()),
        clock: WorkspaceClock::default(),
        last_use: AtomicU64::new(0),
    })
}

impl Workspace {
    /// Puts other rows in the place of those it has.
    pub(crate) fn replace(&self, state: State) {
        let old = std::mem::replace(&mut *self.state.write(), state);
        let rows = old.rows();
        drop_aside(rows, old);
    }
}

fn give_back(workspace: Arc<Workspace>) {
    let rows = workspace.state.read().rows();
    drop_aside(rows, workspace);
}

/// Drops what holds rows. Many of them take a while, which no request is to wait for.
fn drop_aside<T: Send + 'static>(rows: usize, value: T) {
    if rows > MANY_ROWS {
        // Where no thread can be had, the value is dropped here after all.
        let _ = std::thread::Builder::new().name("drop".to_owned()).spawn(move || drop(value));
    }
}

#[cfg(test)]
mod tests {
    use imbl::Vector;

    use super::*;

    fn workspaces(max_copies: usize) -> Workspaces {
        let empty = State { tables: Vector::new(), latest: 0, waits: Vector::new() };
        Workspaces::of(HashMap::from([("seeded".into(), empty)]), max_copies)
    }

    fn open(workspaces: &Workspaces, name: &str) -> Option<Arc<str>> {
        workspaces.copy(name, "seeded").expect("a copy").freed
    }

    fn names(workspaces: &Workspaces) -> Vec<String> {
        workspaces.list().into_iter().map(|one| one.name.to_string()).collect()
    }

    #[test]
    fn beyond_the_bound_the_copy_that_was_not_used_for_longest_goes() {
        let all = workspaces(2);
        assert_eq!((open(&all, "a"), open(&all, "b"), open(&all, "a")), (None, None, None));
        assert_eq!(open(&all, "c").as_deref(), Some("b"));
        assert_eq!(open(&all, "b").as_deref(), Some("a"));
        assert_eq!(names(&all), ["b", "c", "seeded"]);
        assert_eq!(workspaces(0).copy("a", "seeded").err(), Some(OpenError::TooMany));
    }

    #[test]
    fn copies_are_freed_when_asked_and_seeded_workspaces_are_not() {
        let all = workspaces(9);
        for name in ["a", "b", "c"] {
            open(&all, name);
        }
        let held = Arc::downgrade(&all.copy("a", "seeded").expect("a copy").workspace);
        assert_eq!(all.free("a"), Ok(()));
        assert!(held.upgrade().is_none(), "its memory is free");
        assert_eq!((all.free("a"), all.free("seeded")), (Err(FreeError::Unknown), Err(FreeError::Seeded)));
        let freed: Vec<String> = all.free_all().iter().map(ToString::to_string).collect();
        assert_eq!((freed, names(&all)), (vec!["b".to_owned(), "c".to_owned()], vec!["seeded".to_owned()]));
    }

    #[test]
    fn a_reset_begins_anew_in_everything() {
        let all = workspaces(9);
        let copy = all.copy("a", "seeded").expect("a copy").workspace;
        copy.state.write().latest = 7;
        copy.clock.advance(1_000);
        assert!(
            all.reset("a") && all.reset("seeded~unopened") && !all.reset("nobody") && !all.reset("nobody~a")
        );
        assert_eq!((copy.state.read().latest, copy.clock.passed_ms()), (0, 0));
        assert!(all.named("nobody~a").is_none() && all.named("seeded~").is_none());
        assert!(all.named("seeded~a").is_some_and(|opened| &*opened.origin == "seeded"));
    }
}
