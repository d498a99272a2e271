//! What a path means: the file that defines it, re-exports followed.

use std::ptr;

use super::modules::{Crate, FileId, Import, Imported, Module, ModuleId};

/// What a path leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    Module(ModuleId),
    /// An item that a file defines, or something that belongs to one: a variant, an associated item.
    Item(FileId),
}

impl Target {
    fn module(self) -> Option<ModuleId> {
        match self {
            Self::Module(module) => Some(module),
            Self::Item(_) => None,
        }
    }
}

/// The imports that are being followed: one that leads back to itself is not followed again.
type Followed<'a> = Vec<&'a Import>;

impl Crate {
    /// What a path in code means. Nothing where it leads to another crate.
    pub(super) fn resolve(&self, module: ModuleId, path: &[String]) -> Vec<Target> {
        Self::of_one_name(self.walk(module, path, &mut Vec::new()), |target| target.module().is_none())
    }

    /// What a `use` brings in by a name.
    pub(super) fn imported(&self, module: ModuleId, import: &Import, name: &str) -> Vec<Target> {
        let alone = import.exported || self.modules[module].mentions.alone.contains(name);
        let found = self.walk(module, &import.path, &mut Vec::new());
        Self::of_one_name(found, |target| target.module().is_none() == alone)
    }

    /// Of a function and a module of one name, the one that is meant.
    fn of_one_name(mut found: Vec<Target>, is_meant: impl Fn(&Target) -> bool) -> Vec<Target> {
        if found.iter().any(&is_meant) {
            found.retain(is_meant);
        }
        found
    }

    /// Whether a path begins with a module.
    pub(super) fn begins_with_module(&self, module: ModuleId, path: &[String]) -> bool {
        self.walk(module, &path[..1], &mut Vec::new()).iter().any(|target| target.module().is_some())
    }

    /// What a glob import of a module brings in by a name. Nothing where the module states the name itself.
    pub(super) fn through_glob(&self, module: ModuleId, glob: &Import, name: &str) -> Vec<Target> {
        if self.states(module, name) {
            return Vec::new();
        }
        self.glob(module, glob, name, &mut Vec::new()).unwrap_or_default()
    }

    fn states(&self, module: ModuleId, name: &str) -> bool {
        let at = &self.modules[module];
        let known = at.children.contains_key(name) || at.definitions.contains_key(name);
        known || named(&at.imports, name).next().is_some()
    }

    /// The file of a macro of a module further out, which is known inside by its bare name.
    pub(super) fn outer_macro(&self, module: ModuleId, name: &str) -> Option<FileId> {
        if !self.in_scope(module, name, &mut Vec::new()).is_empty() {
            return None;
        }
        let mut ancestors = std::iter::successors(Some(module), |at| self.modules[*at].parent);
        ancestors.find_map(|at| self.modules[at].macros.get(name).copied())
    }

    fn walk<'a>(&'a self, module: ModuleId, path: &[String], followed: &mut Followed<'a>) -> Vec<Target> {
        let Some((first, rest)) = path.split_first() else { return Vec::new() };
        let mut found = match first.as_str() {
            "crate" => vec![Target::Module(self.modules[module].root)],
            "self" => vec![Target::Module(module)],
            "super" => self.outer(module),
            name => self.in_scope(module, name, followed),
        };
        for name in rest {
            found = self.step(found, name, followed);
        }
        found
    }

    fn outer(&self, module: ModuleId) -> Vec<Target> {
        self.modules[module].parent.map(Target::Module).into_iter().collect()
    }

    /// What the first word of a path means.
    fn in_scope<'a>(&'a self, module: ModuleId, name: &str, followed: &mut Followed<'a>) -> Vec<Target> {
        let Module { mentions, root, .. } = &self.modules[module];
        let local = named(&mentions.local_imports, name);
        if let Some(found) = self.look_up(module, name, followed) {
            return found;
        }
        if let Some(found) = self.follow(module, local, followed) {
            return found;
        }
        // The program names the library of its own package as it names any other crate.
        let of_library = self.program == Some(*root) && name == self.name.replace('-', "_");
        self.library.filter(|_| of_library).map(Target::Module).into_iter().collect()
    }

    fn step<'a>(&'a self, from: Vec<Target>, name: &str, followed: &mut Followed<'a>) -> Vec<Target> {
        let modules: Vec<ModuleId> = from.iter().copied().filter_map(Target::module).collect();
        if modules.is_empty() {
            return from;
        }
        let mut found = Vec::new();
        for module in modules {
            found.extend(match name {
                "super" => self.outer(module),
                "self" => vec![Target::Module(module)],
                // A name that the file does not show is made by a macro there.
                name => self
                    .look_up(module, name, followed)
                    .unwrap_or_else(|| vec![Target::Item(self.modules[module].file)]),
            });
        }
        found
    }

    /// What a module knows by a name: `None` if nothing, an empty list if something of another crate.
    fn look_up<'a>(
        &'a self,
        module: ModuleId,
        name: &str,
        followed: &mut Followed<'a>,
    ) -> Option<Vec<Target>> {
        let at = &self.modules[module];
        let child = at.children.get(name).copied().map(Target::Module);
        let item = at.definitions.get(name).copied().map(Target::Item);
        let stated: Vec<Target> = child.into_iter().chain(item).collect();
        let imported = self.follow(module, named(&at.imports, name), followed);
        if imported.is_some() || !stated.is_empty() {
            return Some(stated.into_iter().chain(imported.unwrap_or_default()).collect());
        }
        let mut globs = at.imports.iter().filter(|import| import.name == Imported::Glob);
        let made = || at.generated.contains(name).then(|| vec![Target::Item(at.file)]);
        globs.find_map(|glob| self.glob(module, glob, name, followed)).or_else(made)
    }

    fn glob<'a>(
        &'a self,
        module: ModuleId,
        glob: &'a Import,
        name: &str,
        followed: &mut Followed<'a>,
    ) -> Option<Vec<Target>> {
        if followed.iter().any(|it| ptr::eq(*it, glob)) {
            return None;
        }
        followed.push(glob);
        let from = self.walk(module, &glob.path, followed);
        let found =
            from.into_iter().filter_map(Target::module).find_map(|it| self.look_up(it, name, followed));
        followed.pop();
        found
    }

    /// What imports lead to: `None` if there are none that are not being followed already.
    fn follow<'a>(
        &'a self,
        module: ModuleId,
        imports: impl Iterator<Item = &'a Import>,
        followed: &mut Followed<'a>,
    ) -> Option<Vec<Target>> {
        let mut found = None;
        for import in imports {
            if followed.iter().any(|it| ptr::eq(*it, import)) {
                continue;
            }
            followed.push(import);
            found.get_or_insert_with(Vec::new).extend(self.walk(module, &import.path, followed));
            followed.pop();
        }
        found
    }
}

fn named<'a>(imports: &'a [Import], name: &str) -> impl Iterator<Item = &'a Import> {
    imports.iter().filter(move |import| matches!(&import.name, Imported::As(it) if it == name))
}
