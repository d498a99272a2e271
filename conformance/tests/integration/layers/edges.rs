//! Which file imports what from which.

use std::collections::HashSet;

use super::mentions::{Mention, is_anchored};
use super::modules::{Crate, FileId, Import, Imported, ModuleId};
use super::resolve::Target;

/// A line of one file that names something of another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Edge {
    pub(super) from: FileId,
    pub(super) line: usize,
    pub(super) to: FileId,
    /// What is named, as it is written there.
    pub(super) what: String,
}

impl Crate {
    /// All edges of the crate, by file and line.
    ///
    /// That a module exports what modules inside it define is no edge: whoever imports it from there is followed to the
    /// definition.
    pub(super) fn edges(&self) -> Vec<Edge> {
        let mut found: Vec<Edge> = (0..self.modules.len()).flat_map(|module| self.edges_of(module)).collect();
        found.sort();
        found.dedup();
        found
    }

    fn edges_of(&self, id: ModuleId) -> Vec<Edge> {
        let module = &self.modules[id];
        let edge = |line, what, to| Edge { from: module.file, line, to, what };
        let mut found = Vec::new();
        for import in module.imports.iter().chain(&module.mentions.local_imports) {
            let named = match &import.name {
                Imported::As(name) => self.by_name(id, import, name),
                Imported::Glob => self.by_glob(id, import),
            };
            found.extend(named.into_iter().map(|(what, to)| edge(import.line, what, to)));
        }
        // What a path after the name of an imported module leads to is often that module: said once, by its `use`.
        let imported: HashSet<FileId> = found.iter().map(|edge| edge.to).collect();
        for mention in &module.mentions.paths {
            let anchored = is_anchored(&mention.path);
            let to = self.by_path(id, mention).into_iter().filter(|to| anchored || !imported.contains(to));
            found.extend(to.map(|to| edge(mention.line, mention.path.join("::"), to)));
        }
        for mention in &module.mentions.bare_macros {
            let name = &mention.path[0];
            found.extend(self.outer_macro(id, name).map(|to| edge(mention.line, format!("{name}!"), to)));
        }
        found.retain(|edge| edge.to != module.file);
        found
    }

    fn by_name(&self, module: ModuleId, import: &Import, name: &str) -> Vec<(String, FileId)> {
        let used = !import.exported || self.modules[module].mentions.names.contains(name);
        let targets = self.imported(module, import, name).into_iter().map(|target| self.file_of(target));
        let files = targets.filter(|to| used || !self.is_inside(module, *to));
        files.map(|to| (import.path.join("::"), to)).collect()
    }

    /// A glob imports what the code then names, and the module itself.
    fn by_glob(&self, module: ModuleId, glob: &Import) -> Vec<(String, FileId)> {
        let path = glob.path.join("::");
        let mut found = Vec::new();
        for target in self.resolve(module, &glob.path) {
            let to = self.file_of(target);
            if !glob.exported || !self.is_inside(module, to) {
                found.push((format!("{path}::*"), to));
            }
        }
        for name in &self.modules[module].mentions.names {
            let targets = self.through_glob(module, glob, name).into_iter();
            found.extend(targets.map(|target| (format!("{path}::{name}"), self.file_of(target))));
        }
        found
    }

    /// A path that begins with the name of a type says nothing new: the `use` of the type is there already.
    fn by_path(&self, module: ModuleId, mention: &Mention) -> Vec<FileId> {
        if !is_anchored(&mention.path) && !self.begins_with_module(module, &mention.path) {
            return Vec::new();
        }
        self.resolve(module, &mention.path).into_iter().map(|target| self.file_of(target)).collect()
    }

    fn file_of(&self, target: Target) -> FileId {
        match target {
            Target::Module(module) => self.modules[module].file,
            Target::Item(file) => file,
        }
    }

    /// Whether a file belongs to a module that stands inside another.
    fn is_inside(&self, outer: ModuleId, file: FileId) -> bool {
        let mut of_file = (0..self.modules.len()).filter(|module| self.modules[*module].file == file);
        of_file.any(|module| self.is_within(module, outer))
    }
}
