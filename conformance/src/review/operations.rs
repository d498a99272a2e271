//! The operations of two descriptions, and which of them belong together.

use std::collections::HashMap;

use indexmap::IndexMap;
use schemas::{Document, Method, PathTemplate, pointer};
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
        let mut shape = String::new();
        let mut inside = false;
        for letter in self.path.chars() {
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

/// Every operation of a description, in its order.
pub(super) fn sites(document: &Document) -> Vec<Site<'_>> {
    let mut sites = Vec::new();
    let paths = document.get("/paths").and_then(Value::as_object);
    for path in paths.into_iter().flat_map(serde_json::Map::keys).filter(|path| !path.starts_with("x-")) {
        let Some((item, _)) = document.resolve(&pointer::join("/paths", path)) else { continue };
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
            });
        }
    }
    sites
}

/// Finds operations of both sides: by method and path, and what is left by operationId.
pub(super) fn matched<'d>(base: &'d Document, head: &'d Document) -> Matched<'d> {
    let mut added: IndexMap<(&'static str, String), Site<'d>> = IndexMap::new();
    for site in sites(head) {
        added.insert((site.method, site.shape()), site);
    }
    let mut matched = Matched { kept: Vec::new(), removed: Vec::new(), added: Vec::new() };
    let mut left = Vec::new();
    for site in sites(base) {
        match added.swap_remove(&(site.method, site.shape())) {
            Some(other) => matched.kept.push((site, other)),
            None => left.push(site),
        }
    }
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
    let order: HashMap<String, usize> =
        sites(head).into_iter().enumerate().map(|(index, site)| (site.pointer, index)).collect();
    matched.added.sort_by_key(|site| order.get(&site.pointer).copied());
    matched.kept.sort_by_key(|(_, site)| order.get(&site.pointer).copied());
    matched
}
