//! The blocks of ARCHITECTURE.md that state the order of each crate.
//!
//! ````text
//! ```layers conformance
//! contract       what the laws need of the contract
//! law/support    what several laws share
//! law            the laws
//! ```
//! ```recursive conformance
//! contract/shape.rs contract/field.rs   a field has a shape, and a shape has fields
//! ```
//! ````

use std::collections::BTreeMap;

/// What ARCHITECTURE.md states, by the name of the crate.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    pub(super) layers: BTreeMap<String, Layers>,
    pub(super) recursive: BTreeMap<String, Vec<Group>>,
    /// What cannot be read.
    pub(super) problems: Vec<String>,
}

/// The layers of one crate, the lowest first.
#[derive(Debug, Default)]
pub(super) struct Layers {
    pub(super) entries: Vec<Entry>,
}

/// A module or a folder of modules.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// `law`, or `law/support`.
    pub(super) name: String,
    /// Where it stands in ARCHITECTURE.md.
    pub(super) line: usize,
}

/// Files whose types are recursive by nature.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) files: Vec<String>,
    pub(super) line: usize,
}

impl Blocks {
    pub(super) fn read(text: &str) -> Self {
        let mut blocks = Self::default();
        let mut open: Option<(usize, Block)> = None;
        for (at, line) in text.lines().enumerate() {
            let line_number = at + 1;
            match (&open, line.trim_end().strip_prefix("```")) {
                (None, Some(info)) => open = Some((line_number, blocks.open(info, line_number))),
                (Some(_), Some("")) => open = None,
                (Some((_, block)), _) => blocks.line(block, line, line_number),
                (None, None) => {}
            }
        }
        if let Some((line, _)) = open {
            blocks.problem(line, "this block is not closed: end it with a line ```");
        }
        blocks
    }

    fn open(&mut self, info: &str, line: usize) -> Block {
        let mut words = info.split_whitespace();
        let (Some(kind @ ("layers" | "recursive")), name) = (words.next(), words.next()) else {
            return Block::Other;
        };
        let Some(name) = name else {
            self.problem(line, &format!("`{kind}` of which crate? Write ```{kind} NAME"));
            return Block::Other;
        };
        let name = name.to_owned();
        if kind == "recursive" {
            return Block::Recursive(name);
        }
        if self.layers.insert(name.clone(), Layers::default()).is_some() {
            self.problem(line, &format!("a second block `layers {name}`: put both into one"));
        }
        Block::Layers(name)
    }

    fn line(&mut self, block: &Block, text: &str, line: usize) {
        let mut words = text.split_whitespace().peekable();
        let Some(first) = words.peek().copied() else { return };
        match block {
            Block::Layers(name) => {
                let layers = self.layers.entry(name.clone()).or_default();
                layers.entries.push(Entry { name: first.to_owned(), line });
            }
            Block::Recursive(name) => {
                let files: Vec<String> =
                    std::iter::from_fn(|| words.next_if(|word| word.strip_suffix(".rs").is_some()))
                        .map(str::to_owned)
                        .collect();
                if files.len() < 2 || words.next().is_none() {
                    self.problem(line, "two files or more are needed, and then the reason");
                }
                self.recursive.entry(name.clone()).or_default().push(Group { files, line });
            }
            Block::Other => {}
        }
    }

    fn problem(&mut self, line: usize, what: &str) {
        self.problems.push(format!("ARCHITECTURE.md:{line}: {what}"));
    }
}

impl Layers {
    /// An order that stands in no file: the names, apart by blanks or commas.
    pub(super) fn of(names: &str) -> Self {
        let names = names.split(|it: char| it.is_whitespace() || it == ',').filter(|name| !name.is_empty());
        let entries = names.enumerate().map(|(at, name)| Entry { name: name.to_owned(), line: at + 1 });
        Self { entries: entries.collect() }
    }

    /// The layer of a module, by the longest entry that holds it.
    pub(super) fn level(&self, module: &str) -> Option<usize> {
        let holding = self.entries.iter().enumerate().filter(|(_, entry)| holds(&entry.name, module));
        holding.max_by_key(|(_, entry)| entry.name.len()).map(|(level, _)| level)
    }
}

/// Whether an entry or folder is a module or holds it.
pub(super) fn holds(outer: &str, module: &str) -> bool {
    module.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[derive(Debug)]
enum Block {
    Layers(String),
    Recursive(String),
    Other,
}
