//! The operations of two descriptions, and which of them belong together.

use std::collections::{BTreeSet, HashMap};

use indexmap::IndexMap;
use schemas::{Document, Method, PathTemplate, Side, pointer};
use serde_json::Value;

/// An operation in its description.
#[derive(Debug, Clone)]
pub(super) struct Site<'d> {
    pub(super) document: &'d Document,
    /// Upper case.
    pub(super) method: &'static str,
    pub(super) path: String,
    /// Pointers of the operation and of what holds it and its neighbours.
    pub(super) pointer: String,
    pub(super) item: String,
    pub(super) value: &'d Value,
    /// The operationId, else a name made of method and path.
    pub(super) id: String,
    pub(super) has_own_id: bool,
    /// The API makes the call, to a client.
    pub(super) is_turned: bool,
}

/// Operations of two descriptions.
#[derive(Debug)]
pub(super) struct Matched<'d> {
    /// Those of both sides.
    pub(super) kept: Vec<(Site<'d>, Site<'d>)>,
    pub(super) removed: Vec<Site<'d>>,
    pub(super) added: Vec<Site<'d>>,
}

impl<'d> Site<'d> {
    /// The path without the names of its parameters.
    pub(super) fn shape(&self) -> String {
        shape(&self.path)
    }

    /// The same, as a call that the API makes.
    pub(super) fn turned(mut self) -> Self {
        self.is_turned = true;
        self
    }

    /// Who writes what is sent.
    pub(super) fn sending(&self) -> Side {
        if self.is_turned { Side::Response } else { Side::Request }
    }

    /// Who writes what is answered.
    pub(super) fn answering(&self) -> Side {
        if self.is_turned { Side::Request } else { Side::Response }
    }

    /// The addresses of the servers it is on.
    pub(super) fn servers(&self) -> Vec<String> {
        let places =
            [format!("{}/servers", self.pointer), format!("{}/servers", self.item), "/servers".to_owned()];
        let stated = places.iter().find_map(|at| self.document.get(at)).and_then(Value::as_array);
        let urls = stated.into_iter().flatten().filter_map(|server| server.get("url")?.as_str());
        let urls: Vec<String> = urls.map(|url| url.trim_end_matches('/').to_owned()).collect();
        // Where none is stated, it is where the description is.
        if urls.is_empty() { vec![String::new()] } else { urls }
    }

    /// Where it is called, in full.
    fn calls(&self) -> BTreeSet<String> {
        let path = self.shape();
        self.servers().iter().map(|server| format!("{}{path}", shape(server))).collect()
    }

    /// Whether every call of it reaches another.
    pub(super) fn is_reached_as(&self, other: &Self) -> bool {
        self.method == other.method && self.calls().is_subset(&other.calls())
    }

    /// The names of the parameters in its path, in order.
    pub(super) fn path_names(&self) -> Vec<String> {
        PathTemplate::new(&self.path).parameters().map(str::to_owned).collect()
    }

    pub(super) fn is_deprecated(&self) -> bool {
        self.value.get("deprecated") == Some(&Value::Bool(true))
    }

    /// Its parameters, those of the path item among them: where each stands and what it says. Parameters of the path are
    /// told by their position, which is what is on the wire.
    pub(super) fn parameters(&self) -> IndexMap<(String, String), (String, &'d Value)> {
        let names = self.path_names();
        let mut parameters = IndexMap::new();
        for owner in [&self.item, &self.pointer] {
            let list = pointer::join(owner, "parameters");
            let count = self.document.get(&list).and_then(Value::as_array).map_or(0, Vec::len);
            for index in 0..count {
                let Some((at, value)) = self.document.resolve(&format!("{list}/{index}")) else { continue };
                let word = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
                let (place, name) = (word("in"), word("name"));
                let name = match place.as_str() {
                    "header" => name.to_ascii_lowercase(),
                    "path" => names
                        .iter()
                        .position(|own| *own == name)
                        .map_or(name, |position| position.to_string()),
                    _ => name,
                };
                parameters.insert((place, name), (at, value));
            }
        }
        parameters
    }
}

/// A text without the names in braces.
pub(super) fn shape(text: &str) -> String {
    let mut shape = String::new();
    let mut inside = false;
    for letter in text.chars() {
        match letter {
            '{' => {
                inside = true;
                shape.push_str("{}");
            }
            '}' => inside = false,
            other if !inside => shape.push(other),
            _ => {}
        }
    }
    shape
}

/// Every operation of a description, in its order.
pub(super) fn sites(document: &Document) -> Vec<Site<'_>> {
    sites_in(document, "/paths")
}

/// Every operation of the path items under a pointer, in their order.
pub(super) fn sites_in<'d>(document: &'d Document, owner: &str) -> Vec<Site<'d>> {
    let mut sites = Vec::new();
    let paths = document.get(owner).and_then(Value::as_object);
    for path in paths.into_iter().flat_map(serde_json::Map::keys).filter(|path| !path.starts_with("x-")) {
        let Some((item, _)) = document.resolve(&pointer::join(owner, path)) else { continue };
        for method in Method::ALL {
            let at = pointer::join(&item, &method.as_str().to_ascii_lowercase());
            let Some(value) = document.get(&at) else { continue };
            let own = value.get("operationId").and_then(Value::as_str);
            sites.push(Site {
                document,
                method: method.as_str(),
                path: path.clone(),
                pointer: at,
                item: item.clone(),
                value,
                id: own.map_or_else(|| format!("{method} {path}"), str::to_owned),
                has_own_id: own.is_some(),
                is_turned: false,
            });
        }
    }
    sites
}

/// Finds operations of both sides: by method and path, what is left by where it is called, and then by operationId.
pub(super) fn matched<'d>(base: Vec<Site<'d>>, head: Vec<Site<'d>>) -> Matched<'d> {
    let order: HashMap<String, usize> =
        head.iter().enumerate().map(|(index, site)| (site.pointer.clone(), index)).collect();
    let mut added: IndexMap<(&'static str, String), Site<'d>> = IndexMap::new();
    for site in head {
        added.insert((site.method, site.shape()), site);
    }
    let mut matched = Matched { kept: Vec::new(), removed: Vec::new(), added: Vec::new() };
    let mut left = Vec::new();
    for site in base {
        match added.swap_remove(&(site.method, site.shape())) {
            Some(other) => matched.kept.push((site, other)),
            None => left.push(site),
        }
    }
    let reached: HashMap<(&'static str, String), (&'static str, String)> = added
        .iter()
        .flat_map(|(key, site)| site.calls().into_iter().map(|call| ((site.method, call), key.clone())))
        .collect();
    let mut still = Vec::new();
    for site in left {
        let call = site.calls().into_iter().next().unwrap_or_default();
        match reached.get(&(site.method, call)).and_then(|key| added.swap_remove(key)) {
            Some(other) => matched.kept.push((site, other)),
            None => still.push(site),
        }
    }
    let left = still;
    let mut by_id: HashMap<String, Site<'d>> = HashMap::new();
    let (named, unnamed): (Vec<_>, Vec<_>) = added.into_values().partition(|site| site.has_own_id);
    by_id.extend(named.into_iter().map(|site| (site.id.clone(), site)));
    for site in left {
        let moved = if site.has_own_id { by_id.remove(&site.id) } else { None };
        match moved {
            Some(other) => matched.kept.push((site, other)),
            None => matched.removed.push(site),
        }
    }
    matched.added = by_id.into_values().chain(unnamed).collect();
    matched.added.sort_by_key(|site| order.get(&site.pointer).copied());
    matched.kept.sort_by_key(|(_, site)| order.get(&site.pointer).copied());
    matched
}
