//! The modules of a crate: what each defines, imports and mentions.
//!
//! Code under `#[cfg(test)]` is left out: tests may reach upwards.

use std::collections::{HashMap, HashSet};

use syn::{Attribute, Item, ItemMod, ItemUse, Meta, UseTree, Visibility};

use super::mentions::{Mentions, identifiers, word};
use super::sources::Sources;

pub(super) type FileId = usize;
pub(super) type ModuleId = usize;

/// A crate as its modules see each other.
#[derive(Debug)]
pub(super) struct Crate {
    pub(super) name: String,
    pub(super) files: Vec<File>,
    pub(super) modules: Vec<Module>,
    /// The modules of `lib.rs` and `main.rs`.
    pub(super) library: Option<ModuleId>,
    pub(super) program: Option<ModuleId>,
}

#[derive(Debug)]
pub(super) struct File {
    /// Below `src/`.
    pub(super) path: String,
    /// Whether it defines nothing of its own: it declares modules and exports what they define.
    pub(super) facade: bool,
}

#[derive(Debug)]
pub(super) struct Module {
    pub(super) file: FileId,
    pub(super) root: ModuleId,
    pub(super) parent: Option<ModuleId>,
    pub(super) children: HashMap<String, ModuleId>,
    /// The file of each named item.
    pub(super) definitions: HashMap<String, FileId>,
    /// Those of them that are a `macro_rules!`: the modules inside see it by its bare name.
    pub(super) macros: HashMap<String, FileId>,
    /// The words in the invocations of macros that stand where items stand: some of them become the names of items.
    pub(super) generated: HashSet<String>,
    pub(super) imports: Vec<Import>,
    pub(super) mentions: Mentions,
}

/// One name that a `use` brings in, or the `*` of one.
#[derive(Debug, Clone)]
pub(super) struct Import {
    pub(super) path: Vec<String>,
    pub(super) name: Imported,
    pub(super) line: usize,
    /// Whether others can reach the name through this module.
    pub(super) exported: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Imported {
    As(String),
    Glob,
}

impl Crate {
    pub(super) fn read(sources: &Sources) -> Self {
        let mut read = Self {
            name: sources.name.clone(),
            files: Vec::new(),
            modules: Vec::new(),
            library: None,
            program: None,
        };
        let mut root =
            |path: &str| sources.files.contains_key(path).then(|| read.file(sources, path, None, ""));
        let roots = (root("lib.rs"), root("main.rs"));
        (read.library, read.program) = roots;
        assert!(roots != (None, None), "{}: neither src/lib.rs nor src/main.rs", sources.name);
        read
    }

    /// Reads a file and the files of its modules, which stand in `folder` (empty, or ending in a slash).
    fn file(&mut self, sources: &Sources, path: &str, parent: Option<ModuleId>, folder: &str) -> ModuleId {
        let parsed = syn::parse_file(&sources.files[path]);
        let parsed = parsed.unwrap_or_else(|error| {
            panic!("{}/src/{path}:{}: {error}", sources.name, error.span().start().line)
        });
        let facade = parsed.items.iter().all(is_facade);
        let file = self.files.len();
        self.files.push(File { path: path.to_owned(), facade });
        self.module(sources, file, parent, folder, &parsed.items)
    }

    fn module(
        &mut self,
        sources: &Sources,
        file: FileId,
        parent: Option<ModuleId>,
        folder: &str,
        items: &[Item],
    ) -> ModuleId {
        let id = self.modules.len();
        self.modules.push(Module {
            file,
            root: parent.map_or(id, |parent| self.modules[parent].root),
            parent,
            children: HashMap::new(),
            definitions: HashMap::new(),
            macros: HashMap::new(),
            generated: HashSet::new(),
            imports: Vec::new(),
            mentions: Mentions::default(),
        });
        for item in items.iter().filter(|item| !is_test(attributes(item))) {
            match item {
                Item::Mod(declared) => {
                    let child = self.child(sources, id, folder, declared);
                    self.modules[id].children.insert(word(&declared.ident), child);
                    self.modules[id].mentions.read_attributes(&declared.attrs);
                }
                Item::Use(item) => self.modules[id].imports.extend(imports(item)),
                item => self.define(id, item),
            }
        }
        id
    }

    fn child(&mut self, sources: &Sources, parent: ModuleId, folder: &str, declared: &ItemMod) -> ModuleId {
        let name = word(&declared.ident);
        let inside = format!("{folder}{name}/");
        if let Some((_, items)) = &declared.content {
            let file = self.modules[parent].file;
            return self.module(sources, file, Some(parent), &inside, items);
        }
        let paths = [format!("{folder}{name}.rs"), format!("{inside}mod.rs")];
        let path = paths.iter().find(|path| sources.files.contains_key(*path));
        let path = path.unwrap_or_else(|| {
            panic!("{}: `mod {name}` has no file: {paths:?} (`#[path]` is not followed)", sources.name)
        });
        self.file(sources, path, Some(parent), &inside)
    }

    fn define(&mut self, id: ModuleId, item: &Item) {
        let Module { file, root, .. } = self.modules[id];
        if let Some(name) = defined(item) {
            if matches!(item, Item::Macro(_)) {
                self.modules[id].macros.insert(name.clone(), file);
            }
            if exported_macro(item) {
                self.modules[root].definitions.entry(name.clone()).or_insert(file);
            }
            self.modules[id].definitions.insert(name, file);
        }
        let module = &mut self.modules[id];
        if let Item::Macro(invoked) = item
            && invoked.ident.is_none()
        {
            module.generated.extend(identifiers(&invoked.mac.tokens));
        }
        module.mentions.read(item);
    }

    /// Whether a module is, or stands somewhere inside, another.
    pub(super) fn is_within(&self, module: ModuleId, outer: ModuleId) -> bool {
        let mut ancestors = std::iter::successors(Some(module), |at| self.modules[*at].parent);
        ancestors.any(|at| at == outer)
    }
}

/// The names a `use` brings in.
pub(super) fn imports(item: &ItemUse) -> Vec<Import> {
    let exported = !matches!(item.vis, Visibility::Inherited);
    let mut found = Vec::new();
    // `use ::name` names another crate.
    if item.leading_colon.is_none() {
        leaves(&item.tree, &mut Vec::new(), exported, &mut found);
    }
    found
}

fn leaves(tree: &UseTree, before: &mut Vec<String>, exported: bool, found: &mut Vec<Import>) {
    let mut leaf = |ident: &syn::Ident, name: String| {
        let mut path = before.clone();
        if *ident != "self" || before.is_empty() {
            path.push(word(ident));
        }
        found.push(Import { path, name: Imported::As(name), line: ident.span().start().line, exported });
    };
    match tree {
        UseTree::Path(step) => {
            before.push(word(&step.ident));
            leaves(&step.tree, before, exported, found);
            before.pop();
        }
        UseTree::Name(last) if last.ident == "self" => {
            leaf(&last.ident, before.last().cloned().unwrap_or_default());
        }
        UseTree::Name(last) => leaf(&last.ident, word(&last.ident)),
        UseTree::Rename(last) => leaf(&last.ident, word(&last.rename)),
        UseTree::Glob(star) => found.push(Import {
            path: before.clone(),
            name: Imported::Glob,
            line: star.star_token.spans[0].start().line,
            exported,
        }),
        UseTree::Group(group) => {
            for tree in &group.items {
                leaves(tree, before, exported, found);
            }
        }
    }
}

fn is_facade(item: &Item) -> bool {
    match item {
        Item::Mod(declared) => declared.content.is_none() || is_test(&declared.attrs),
        Item::Use(_) => true,
        item => is_test(attributes(item)),
    }
}

/// The name under which others can import an item.
fn defined(item: &Item) -> Option<String> {
    let ident = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Macro(item) => item.ident.as_ref()?,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::TraitAlias(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Union(item) => &item.ident,
        _ => return None,
    };
    Some(word(ident))
}

fn exported_macro(item: &Item) -> bool {
    matches!(item, Item::Macro(_)) && attributes(item).iter().any(|it| it.path().is_ident("macro_export"))
}

pub(super) fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::ExternCrate(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::ForeignMod(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::TraitAlias(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Union(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

/// Whether something is compiled for tests alone: `cfg(test)`, or `cfg(all(test, …))`.
pub(super) fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::List(list) if list.path.is_ident("cfg") => {
            let words = list.tokens.to_string();
            words == "test" || words.replace(' ', "").starts_with("all(test,")
        }
        _ => false,
    })
}
