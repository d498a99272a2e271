//! The resources of a description, and what its operations do to them.

use std::collections::HashMap;
use std::rc::Rc;

use serde_json::Value;

use super::calls::{Call, Step, key_of};
use super::identity::{self, Identity};
use super::rows::{self, Place};
use super::view::{Shape, View};
use super::words;

/// What one operation does.
#[derive(Debug, Clone)]
pub(super) struct Act {
    /// The operation's position.
    pub(super) call: usize,
    pub(super) action: &'static str,
    /// Where the row, or the array of rows, stands in the answer.
    pub(super) row: String,
    /// Where the row stands in the body.
    pub(super) body_row: String,
    /// It answers with a place and shows no row.
    pub(super) location: bool,
    /// How many of the path's steps lead to the owner.
    pub(super) owned: Option<usize>,
    pub(super) reason: String,
}

/// A kind of rows.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) name: String,
    /// The words of one of them.
    pub(super) words: Vec<String>,
    /// The path of one row, by which it is found.
    pub(super) key: String,
    pub(super) row: Rc<Shape>,
    /// Where the row's schema is used in the answer that shows it.
    pub(super) used: String,
    pub(super) identity: Identity,
    /// The creator gives the id.
    pub(super) natural: bool,
    /// What a create takes.
    pub(super) draft: Rc<Shape>,
    /// What updates take.
    pub(super) changes: Vec<Rc<Shape>>,
    pub(super) acts: Vec<Act>,
    /// The path of an owner, by which it is found.
    pub(super) owner: Option<String>,
}

/// The operations by their paths.
pub(super) struct Finder<'v, 'd> {
    pub(super) view: &'v View<'d>,
    pub(super) calls: &'v [Call],
    by_key: HashMap<&'v str, Vec<usize>>,
    /// Collections in which rows of an owner stand, by their last word.
    nested: HashMap<&'v str, Vec<&'v str>>,
}

/// The row and the draft of a resource, and how well they agree.
struct Pair {
    row: Rc<Shape>,
    used: String,
    identity: Identity,
    draft: Rc<Shape>,
    common: usize,
}

impl<'v, 'd> Finder<'v, 'd> {
    pub(super) fn new(view: &'v View<'d>, calls: &'v [Call]) -> Self {
        let mut by_key: HashMap<&str, Vec<usize>> = HashMap::new();
        let mut nested: HashMap<&str, Vec<&str>> = HashMap::new();
        for (index, call) in calls.iter().enumerate() {
            let known = by_key.entry(&call.key).or_default();
            known.push(index);
            if let [.., Step::Parameter(_), Step::Word(word)] = call.steps.as_slice()
                && known.len() == 1
            {
                nested.entry(word).or_default().push(&call.key);
            }
        }
        Self { view, calls, by_key, nested }
    }

    /// Every resource, in the order of the paths.
    pub(super) fn resources(&self) -> Vec<Found> {
        let mut found: Vec<Found> = Vec::new();
        for call in self.calls {
            if found.iter().any(|known| known.key == call.key) {
                continue;
            }
            if let [.., Step::Word(word), Step::Parameter(_)] = call.steps.as_slice()
                && let Some(one) = self.resource(call, word)
            {
                found.push(one);
            }
        }
        settle_owners(&mut found, self.calls);
        found
    }

    fn at(&self, key: &str, method: &str) -> Option<usize> {
        self.by_key.get(key)?.iter().copied().find(|index| self.calls[*index].method == method)
    }

    fn resource(&self, item: &Call, word: &str) -> Option<Found> {
        let steps = &item.steps;
        let own = key_of(&steps[..steps.len() - 1]);
        let resource = words::singular_words(word);
        let read = self.at(&item.key, "GET");
        let others = self.nested.get(word).into_iter().flatten().copied().filter(|key| *key != own);
        let own = own.as_str();
        let collections: Vec<&str> = std::iter::once(own).chain(others).collect();
        let of = |method: &'static str| {
            collections.iter().filter_map(move |key| Some((*key == own, self.at(key, method)?)))
        };
        let upsert = self
            .at(&item.key, "PUT")
            .filter(|put| self.calls[*put].answers.iter().any(|one| one.status == 201));
        let shown: Vec<Place> = if let Some(read) = read {
            self.shown(read, &resource)
        } else {
            of("GET").filter(|(own, _)| *own).flat_map(|(_, list)| self.listed(list)).collect()
        };
        // Where the collection itself takes rows, no other does.
        let makers = of("POST").filter(|(is_own, _)| *is_own || self.at(own, "POST").is_none());
        let makers: Vec<(bool, usize)> = makers.chain(upsert.map(|put| (true, put))).collect();
        // What makes rows elsewhere has to show the very same rows.
        let pair = makers.iter().find_map(|(own, maker)| {
            let pair = self.pair(item, &resource, &shown, *maker)?;
            (*own
                || self
                    .shown(*maker, &resource)
                    .iter()
                    .any(|place| self.view.anchor(&place.schema) == pair.row.anchor))
            .then_some(pair)
        })?;
        let natural = identity::is_natural(&pair.identity.property, &pair.row, &pair.draft);
        let mut one = Found {
            name: resource.join("_"),
            words: resource,
            key: item.key.clone(),
            natural,
            row: pair.row,
            used: pair.used,
            identity: pair.identity,
            draft: pair.draft,
            changes: Vec::new(),
            acts: Vec::new(),
            owner: owner_of(&steps[..steps.len() - 1]),
        };
        for (own, call) in of("GET") {
            one.acts.extend(self.list(&one, call, own));
        }
        for (own, call) in makers.iter().copied().filter(|(_, call)| self.calls[*call].method == "POST") {
            one.acts.extend(self.create(&one, call, own));
        }
        let puts = upsert.and_then(|put| self.put(&one, put, "upsert"));
        if one.acts.iter().all(|act| act.action != "create") && puts.is_none() {
            return None;
        }
        if one.acts.iter().all(|act| act.action != "create") {
            one.natural = true;
        }
        one.acts.extend(read.and_then(|call| self.read(&one, call)));
        if one.acts.iter().all(|act| act.action != "read" && act.action != "list") {
            return None;
        }
        self.changes(&mut one, item, puts);
        if let Some(call) = self.at(&item.key, "DELETE") {
            one.acts.push(Self::act(call, "delete", "DELETE of the path of one row"));
        }
        one.acts.sort_by_key(|act| act.call);
        Some(one)
    }

    /// What changes one row.
    fn changes(&self, one: &mut Found, item: &Call, upsert: Option<Act>) {
        let mut bodies: Vec<Rc<Shape>> = Vec::new();
        let mut add = |acts: &mut Vec<Act>, act: Option<Act>| {
            if let Some(act) = act {
                let body = self.calls[act.call].body.as_deref().and_then(|body| {
                    self.taken(body, &one.words).into_iter().find(|place| place.within == act.body_row)
                });
                bodies.extend(body.map(|place| self.view.shape(&place.schema)));
                acts.push(act);
            }
        };
        let mut acts = Vec::new();
        add(&mut acts, self.at(&item.key, "PATCH").and_then(|call| self.put(one, call, "update")));
        let put = upsert.or_else(|| {
            let call = self.at(&item.key, "PUT")?;
            self.put(one, call, "replace")
        });
        add(&mut acts, put);
        if acts.is_empty() {
            add(&mut acts, self.at(&item.key, "POST").and_then(|call| self.put(one, call, "update")));
        }
        one.acts.extend(acts);
        one.changes = bodies;
    }

    fn act(call: usize, action: &'static str, reason: &str) -> Act {
        Act {
            call,
            action,
            row: String::new(),
            body_row: String::new(),
            location: false,
            owned: None,
            reason: reason.to_owned(),
        }
    }

    /// Where an answer may show a row.
    fn shown(&self, call: usize, resource: &[String]) -> Vec<Place> {
        let schema = self.calls[call].answers.iter().find_map(|answer| answer.schema.clone());
        schema.map(|at| rows::places(self.view, &at, resource)).unwrap_or_default()
    }

    /// Where an answer may show many.
    fn listed(&self, call: usize) -> Vec<Place> {
        let schema = self.calls[call].answers.iter().find_map(|answer| answer.schema.clone());
        schema.map(|at| rows::arrays(self.view, &at)).unwrap_or_default()
    }

    fn taken(&self, body: &str, resource: &[String]) -> Vec<Place> {
        rows::places(self.view, body, resource)
    }

    /// The row and the draft that agree best, of all places where they may stand.
    fn pair(&self, item: &Call, resource: &[String], shown: &[Place], maker: usize) -> Option<Pair> {
        let Some(Step::Parameter(parameter)) = item.steps.last() else { return None };
        let body = self.calls[maker].body.as_deref()?;
        let mut best: Option<Pair> = None;
        for place in shown {
            let row = self.view.shape(&place.schema);
            let described = item.path_parameter(parameter);
            let Some(identity) = identity::identity(self.view, parameter, described, resource, &row) else {
                continue;
            };
            for draft in self.taken(body, resource) {
                let draft = self.view.shape(&draft.schema);
                let (common, _) = rows::shared(self.view, &draft, &row);
                let better = best.as_ref().is_none_or(|known| common > known.common);
                if better && rows::half(self.view, &draft, &row) {
                    let (row, identity) = (Rc::clone(&row), identity.clone());
                    best = Some(Pair { row, used: place.schema.clone(), identity, draft, common });
                }
            }
        }
        best
    }

    /// Where the answer of an operation shows a row of a resource.
    fn shows(&self, one: &Found, call: usize) -> Option<String> {
        let places = self.shown(call, &one.words);
        let fits = |place: &&Place| {
            rows::shows(self.view, &self.view.shape(&place.schema), &one.row, &one.identity.property)
        };
        places.iter().find(fits).map(|place| place.within.clone())
    }

    fn read(&self, one: &Found, call: usize) -> Option<Act> {
        let row = self.shows(one, call)?;
        Some(Act { row, ..Self::act(call, "read", "GET of the path of one row, which answers with it") })
    }

    fn list(&self, one: &Found, call: usize, own: bool) -> Option<Act> {
        let fits = |place: &&Place| {
            let shape = self.view.shape(&place.schema);
            let same = shape.anchor == one.row.anchor;
            same || (own
                && rows::shows(self.view, &shape, &one.row, &one.identity.property)
                && rows::half(self.view, &one.draft, &shape))
        };
        let all = self.listed(call);
        let place = all.iter().find(fits)?;
        let reason = "GET of the collection, which answers with an array of such rows";
        let owned = (!own).then(|| self.calls[call].steps.len() - 1);
        Some(Act { row: place.within.clone(), owned, ..Self::act(call, "list", reason) })
    }

    fn create(&self, one: &Found, call: usize, own: bool) -> Option<Act> {
        let described = &self.calls[call];
        let body = described.body.as_deref()?;
        let body_row = self.best(one, body)?;
        let reason = "POST to the collection, with what is needed of such a row";
        let owned = (!own).then(|| described.steps.len() - 1);
        let act = Act { body_row, owned, ..Self::act(call, "create", reason) };
        if let Some(row) = self.shows(one, call) {
            let same = own
                || self
                    .shown(call, &one.words)
                    .iter()
                    .any(|place| self.view.anchor(&place.schema) == one.row.anchor);
            return same.then_some(Act { row, ..act });
        }
        let silent = own && described.answers.iter().all(|answer| answer.schema.is_none());
        let location = silent && described.answers.iter().any(|answer| answer.location);
        let known = silent && one.natural && described.answers.iter().any(|answer| answer.empty);
        (location || known).then_some(Act { location, ..act })
    }

    /// Where in a body the row stands: where it has most of the row's properties.
    fn best(&self, one: &Found, body: &str) -> Option<String> {
        let mut best: Option<(usize, String)> = None;
        for place in self.taken(body, &one.words) {
            let shape = self.view.shape(&place.schema);
            let (common, _) = rows::shared(self.view, &shape, &one.row);
            let better = best.as_ref().is_none_or(|(most, _)| common > *most);
            if better && rows::half(self.view, &shape, &one.row) {
                best = Some((common, place.within));
            }
        }
        best.map(|(_, within)| within)
    }

    /// What an operation with a row in its body does to the row that its path names.
    fn put(&self, one: &Found, call: usize, action: &'static str) -> Option<Act> {
        let described = &self.calls[call];
        let body = described.body.as_deref()?;
        let body_row = self.best(one, body)?;
        let shape = self.taken(body, &one.words).into_iter().find(|place| place.within == body_row);
        let shape = self.view.shape(&shape?.schema);
        let needed = |draft: &Shape| draft.properties.values().any(|property| property.required);
        let (action, reason) = match action {
            "replace" if needed(&one.draft) && !needed(&shape) => {
                ("update", "PUT of the path of one row; what a create needs may be left out")
            }
            "replace" => ("replace", "PUT of the path of one row"),
            "upsert" => ("upsert", "PUT of the path of one row, which may answer that it was created"),
            _ if described.method == "POST" => {
                ("update", "POST to the path of one row, with properties of it, and no other update")
            }
            _ => ("update", "PATCH of the path of one row"),
        };
        let act = Act { body_row, ..Self::act(call, action, reason) };
        match self.shows(one, call) {
            Some(row) => Some(Act { row, ..act }),
            None => described.answers.iter().any(|answer| answer.schema.is_none()).then_some(act),
        }
    }
}

/// The path of the nearest row on the way to a collection.
fn owner_of(steps: &[Step]) -> Option<String> {
    let last = steps.iter().rposition(|step| matches!(step, Step::Parameter(_)))?;
    Some(key_of(&steps[..=last]))
}

/// Forgets owners that are no resources, and what acts on rows of others.
fn settle_owners(found: &mut Vec<Found>, calls: &[Call]) {
    // One operation acts on one kind of rows: the first that it fits.
    let mut used: Vec<usize> = Vec::new();
    for one in found.iter_mut() {
        one.acts.retain(|act| !used.contains(&act.call));
        used.extend(one.acts.iter().map(|act| act.call));
    }
    loop {
        let keys: Vec<String> = found.iter().map(|one| one.key.clone()).collect();
        for one in found.iter_mut() {
            // Rows that are made under an owner belong to it, wherever they are read.
            let made = one.acts.iter().find(|act| act.action == "create" && act.owned.is_some());
            if let Some(owned) = made.and_then(|act| Some((act.call, act.owned?))) {
                one.owner = Some(key_of(&calls[owned.0].steps[..owned.1]));
            } else if one.owner.is_none()
                && let Some(act) = one.acts.iter().find(|act| act.owned.is_some())
            {
                one.owner = act.owned.map(|owned| key_of(&calls[act.call].steps[..owned]));
            }
            if one.owner.as_ref().is_some_and(|owner| !keys.contains(owner) || *owner == one.key) {
                one.owner = None;
            }
            let owner = one.owner.clone();
            one.acts.retain(|act| {
                act.owned.is_none_or(|owned| {
                    owner.as_deref() == Some(key_of(&calls[act.call].steps[..owned]).as_str())
                })
            });
        }
        let before = found.len();
        found.retain(|one| one.acts.iter().any(|act| act.action == "create" || act.action == "upsert"));
        if found.len() == before {
            break;
        }
    }
    names(found);
}

/// Gives each resource a name of its own.
fn names(found: &mut [Found]) {
    let mut taken: Vec<String> = Vec::new();
    for index in 0..found.len() {
        let mut name = found[index].name.clone();
        if taken.contains(&name)
            && let Some(owner) = &found[index].owner
            && let Some(owner) = found.iter().find(|one| one.key == *owner)
        {
            name = format!("{}_{name}", owner.name);
        }
        let base = name.clone();
        let mut count = 2;
        while taken.contains(&name) {
            name = format!("{base}_{count}");
            count += 1;
        }
        taken.push(name.clone());
        found[index].name = name;
    }
}

/// What a schema says of itself as a resource.
pub(super) fn annotated<'v>(view: &'v View<'_>, one: &Found) -> Option<&'v Value> {
    let stated = |at: &str| view.document.get(at)?.get("x-contract-resource");
    stated(&one.row.anchor).or_else(|| stated(&one.used))
}
