//! What breaks the order of a crate.

use std::collections::BTreeSet;

use super::blocks::{Group, Layers, holds};
use super::circles::{Circle, circles};
use super::edges::Edge;
use super::modules::{Crate, File};

/// How the violations of a crate are put right.
pub(super) const ADVICE: &str = "Imports point only to what stands earlier in the list of ARCHITECTURE.md. Move the item down to \
     the lowest layer that needs it, or hand it in from above: as an argument, or through a trait that the lower layer \
     owns. Of files in a circle, move what they share into a file of its own. Only where types are recursive by nature, \
     name their files in a block `recursive`.";

/// A crate, its imports and its order.
pub(super) struct Judge<'a> {
    of: &'a Crate,
    layers: &'a Layers,
    recursive: &'a [Group],
    edges: Vec<Edge>,
}

impl<'a> Judge<'a> {
    pub(super) fn new(of: &'a Crate, layers: &'a Layers, recursive: &'a [Group]) -> Self {
        Self { of, layers, recursive, edges: of.edges() }
    }

    /// Everything that is wrong.
    pub(super) fn violations(&self) -> Vec<String> {
        let circles = circles(self.of, &self.edges);
        let mut found = self.wrong_entries();
        found.extend(self.unlisted());
        found.extend(self.upward());
        found.extend(self.unstated(&circles));
        found.extend(self.stale_groups(&circles));
        found
    }

    /// The imports that point to a higher layer.
    pub(super) fn upward(&self) -> Vec<String> {
        let upward = self.edges.iter().filter_map(|edge| {
            let (from, to) = (&self.of.files[edge.from], &self.of.files[edge.to]);
            let (low, high) = (self.level(from)?, self.level(to)?);
            if low >= high || self.recursive.iter().any(|group| is_among(group, &[&from.path, &to.path])) {
                return None;
            }
            Some(format!(
                "{}/src/{}:{}: imports `{}`, defined in {}: the layer {} stands below {}",
                self.of.name,
                from.path,
                edge.line,
                edge.what,
                to.path,
                self.layer(low, from),
                self.layer(high, to)
            ))
        });
        upward.collect()
    }

    /// The circles of files, whatever is stated about them.
    pub(super) fn circles(&self) -> Vec<Circle> {
        circles(self.of, &self.edges)
    }

    /// The modules that no entry holds.
    pub(super) fn unlisted(&self) -> Vec<String> {
        let files = self.of.files.iter().filter(|file| !file.facade && self.level(file).is_none());
        let missing: BTreeSet<&str> = files.map(|file| self.missing_entry(file.module())).collect();
        let name = &self.of.name;
        let say = |module| {
            format!("{name}: `{module}` is in no layer: give it a line in the block `layers {name}`")
        };
        missing.into_iter().map(say).collect()
    }

    /// The entry that a module lacks: that of its folder, if no entry stands inside the folder.
    fn missing_entry<'b>(&self, module: &'b str) -> &'b str {
        let top = module.split('/').next().unwrap_or(module);
        let split = self.layers.entries.iter().any(|entry| holds(top, &entry.name));
        if split { module } else { top }
    }

    fn wrong_entries(&self) -> Vec<String> {
        let name = &self.of.name;
        let entries = self.layers.entries.iter().enumerate();
        let wrong = entries.filter_map(|(at, entry)| {
            let (line, entry) = (entry.line, &entry.name);
            let named = |file: &File| !file.is_root() && holds(entry, file.module());
            let why = if self.layers.entries[..at].iter().any(|earlier| earlier.name == *entry) {
                "stands there twice: delete one of the lines"
            } else if self.of.files.iter().any(named) {
                return None;
            } else {
                "names no module: delete the line, or correct the name"
            };
            Some(format!("ARCHITECTURE.md:{line}: in `layers {name}`, `{entry}` {why}"))
        });
        wrong.collect()
    }

    fn unstated(&self, circles: &[Circle]) -> Vec<String> {
        let stated = |circle: &Circle| {
            let files: Vec<&str> = circle.files.iter().map(String::as_str).collect();
            self.recursive.iter().any(|group| is_among(group, &files))
        };
        let unstated = circles.iter().filter(|circle| !stated(circle));
        unstated.map(|circle| format!("{}: a circle of {circle}", self.of.name)).collect()
    }

    fn stale_groups(&self, circles: &[Circle]) -> Vec<String> {
        let is_needed = |group: &Group| {
            circles.iter().any(|circle| group.files.iter().all(|file| circle.files.contains(file)))
        };
        let stale = self.recursive.iter().filter(|group| !is_needed(group));
        stale
            .map(|group| {
                format!(
                    "ARCHITECTURE.md:{}: in `recursive {}`, the files {} are no circle: delete the line",
                    group.line,
                    self.of.name,
                    group.files.join(" ")
                )
            })
            .collect()
    }

    fn level(&self, file: &File) -> Option<usize> {
        if file.is_root() { Some(usize::MAX) } else { self.layers.level(file.module()) }
    }

    fn layer(&self, level: usize, file: &File) -> String {
        format!("`{}`", self.layers.entries.get(level).map_or(&file.path, |entry| &entry.name))
    }
}

impl File {
    /// Whether it is `lib.rs` or `main.rs`, which stand above everything.
    fn is_root(&self) -> bool {
        self.path == "lib.rs" || self.path == "main.rs"
    }

    /// The path of the module: `law/walk`, and `law` for `law/mod.rs`.
    fn module(&self) -> &str {
        let path = self.path.strip_suffix(".rs").unwrap_or(&self.path);
        path.strip_suffix("/mod").unwrap_or(path)
    }
}

fn is_among(group: &Group, files: &[&str]) -> bool {
    files.iter().all(|file| group.files.iter().any(|it| it == file))
}
