//! One description, all its files joined, with the place of every part.

use std::path::Path;

use serde_json::Value;

use super::files::{Disk, Files, LoadOptions};
use super::history::{self, Change, Written};
use super::text::{Parsed, Source, parse_leniently};
use super::{bundle, references};
use crate::error::{LoadError, Problem};
use crate::location::Location;
use crate::pointer;
use crate::rule::Rule;
use crate::tree;
use crate::versions;

/// A description as one value: references to other files are joined in under [`Document::BUNDLE`].
#[derive(Debug)]
pub struct Document {
    value: Value,
    root: Source,
    files: Vec<Source>,
    /// What was changed since it was read.
    history: Vec<Change>,
    problems: Vec<Problem>,
}

impl Document {
    /// The key under which other files' contents are kept, by their position.
    pub const BUNDLE: &'static str = tree::BUNDLE;

    /// Reads a file and all it refers to.
    pub fn read(path: &Path) -> Result<Self, LoadError> {
        Self::read_from(&path.display().to_string(), path, &Disk)
    }

    /// Reads a file and all it refers to from where the files are. The name is what problems and places call the file;
    /// files it refers to are named after it.
    pub fn read_from(name: &str, path: &Path, files: &dyn Files) -> Result<Self, LoadError> {
        Ok(Self::written_in(name, path, files, &LoadOptions::default())?.converted())
    }

    /// Takes a text that refers to no other file.
    pub fn from_text(name: &str, text: &str) -> Result<Self, LoadError> {
        Ok(Self::written(name, text)?.converted())
    }

    /// A file and all it refers to, joined and otherwise as they are written.
    pub(crate) fn written_in(
        name: &str,
        path: &Path,
        files: &dyn Files,
        options: &LoadOptions,
    ) -> Result<Self, LoadError> {
        let text = files.text(path).map_err(|error| {
            let help = "Give the path of an OpenAPI description in YAML or JSON.";
            let place = Location { file: name.into(), line: 1, column: 1 };
            let problem = Problem::new(Some(place), "", format!("cannot be read: {error}"));
            LoadError::one(name, problem.with_help(help).under(Rule::Unreadable))
        })?;
        Ok(Self::join(parse_leniently(name, &text)?, Some(path), files, options))
    }

    /// A text that refers to no other file, as it is written.
    pub(crate) fn written(name: &str, text: &str) -> Result<Self, LoadError> {
        Ok(Self::join(parse_leniently(name, text)?, None, &Disk, &LoadOptions::default()))
    }

    fn join(
        (root, mut problems): (Parsed, Vec<Problem>),
        path: Option<&Path>,
        files: &dyn Files,
        options: &LoadOptions,
    ) -> Self {
        let source = root.source.clone();
        let joined = bundle::bundle(root, path, files, options);
        problems.extend(joined.problems);
        Self { value: joined.value, root: source, files: joined.files, history: Vec::new(), problems }
    }

    /// The same description in the words of OpenAPI 3.1, its references settled.
    pub(crate) fn converted(mut self) -> Self {
        // As their author wrote them, and once more for what only the new words have.
        references::settle(&mut self.value);
        let converted = versions::convert(&mut self.value);
        for odd in converted.odd {
            let problem = self.problem(&odd.pointer, odd.what).with_help(odd.help).under(odd.rule);
            self.problems.push(problem);
        }
        self.history.extend(converted.moved.into_iter().map(Change::Moved));
        references::settle(&mut self.value);
        self
    }

    /// What was found while reading.
    pub(crate) fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The whole description.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// The file's name as given.
    pub fn name(&self) -> &str {
        &self.root.name
    }

    /// The value at a pointer, without following references.
    pub fn get(&self, pointer: &str) -> Option<&Value> {
        self.value.pointer(pointer)
    }

    /// Follows `$ref` from a pointer to where the value stands; gives the final pointer and value.
    /// `None` when a reference leads nowhere or in a circle.
    pub fn resolve<'a>(&'a self, pointer: &str) -> Option<(String, &'a Value)> {
        self.resolve_through(pointer, |_| {})
    }

    /// [`Document::resolve`], telling every value on the way, the last included.
    pub(crate) fn resolve_through<'a>(
        &'a self,
        pointer: &str,
        mut see: impl FnMut(&'a Value),
    ) -> Option<(String, &'a Value)> {
        let mut pointer = pointer.to_owned();
        for _ in 0..64 {
            let value = self.get(&pointer)?;
            see(value);
            match value.get("$ref").and_then(Value::as_str) {
                Some(reference) => pointer = pointer::of_reference(reference)?,
                None => return Some((pointer, value)),
            }
        }
        None
    }

    /// Changes the value, and remembers how.
    pub(crate) fn change(&mut self, change: impl FnOnce(&mut Value) -> Vec<Change>) {
        let changes = change(&mut self.value);
        self.history.extend(changes);
    }

    /// The place of a pointer, or of its nearest ancestor.
    pub fn locate(&self, pointer: &str) -> Location {
        let (source, inner) = self.written_at(pointer);
        source.locate(&inner)
    }

    /// A problem at a pointer of this document; it is located by the pointer within the file it is in.
    pub fn problem(&self, pointer: &str, what: impl Into<String>) -> Problem {
        let (source, inner) = self.written_at(pointer);
        Problem::new(Some(source.locate(&inner)), inner, what)
    }

    /// The file in which something is written, and the pointer within that.
    fn written_at(&self, pointer: &str) -> (&Source, String) {
        match history::written(&self.history, pointer) {
            Written::In(source, inner) => (source, inner),
            Written::Here(at) => {
                let (source, inner) = self.home(&at);
                (source, inner.to_owned())
            }
        }
    }

    /// The file beside the description that something is written in: an overlay.
    pub(crate) fn added_at(&self, pointer: &str) -> Option<Location> {
        match history::written(&self.history, pointer) {
            Written::In(source, inner) => Some(source.locate(&inner)),
            Written::Here(_) => None,
        }
    }

    /// Whether there are more files than the first.
    pub(crate) fn has_other_files(&self) -> bool {
        !self.files.is_empty()
    }

    /// Whether a pointer leads into another file than the first.
    pub(crate) fn is_in_other_file(&self, pointer: &str) -> bool {
        self.home(pointer).1.len() < pointer.len()
    }

    /// The file a pointer leads into, and the pointer within it.
    fn home<'p>(&self, pointer: &'p str) -> (&Source, &'p str) {
        let bundled = pointer.strip_prefix('/').and_then(|rest| rest.strip_prefix(Self::BUNDLE));
        if let Some(rest) = bundled.and_then(|rest| rest.strip_prefix('/')) {
            let (index, inner) = rest.find('/').map_or((rest, ""), |end| rest.split_at(end));
            if let Some(file) = index.parse().ok().and_then(|index: usize| self.files.get(index)) {
                return (file, inner);
            }
        }
        (&self.root, pointer)
    }

    /// The position of a file among those of the document: the root is the first.
    pub(crate) fn rank(&self, file: &str) -> usize {
        self.files.iter().position(|known| *known.name == *file).map_or(0, |index| index + 1)
    }

    /// Whether a property says of itself, or of what it refers to, that it has a flag: `readOnly`, say, that one side
    /// does not know it.
    pub fn is_flagged(&self, property: &Value, flag: &str) -> bool {
        let mut property = property;
        for _ in 0..32 {
            if let Some(stated) = property.get(flag).and_then(Value::as_bool) {
                return stated;
            }
            let reference = property.get("$ref").and_then(Value::as_str).and_then(pointer::of_reference);
            match reference.and_then(|target| self.get(&target)) {
                Some(target) => property = target,
                None => return false,
            }
        }
        false
    }
}
