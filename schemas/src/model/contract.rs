//! The whole contract.

use std::path::Path;
use std::sync::Arc;

use super::inner::Inner;
use super::operation::{Method, Operation};
use super::reader;
use super::resource::Resource;
use crate::check;
use crate::error::{LoadError, Problem};
use crate::infer::{self, Statement};
use crate::location::Location;
use crate::overlay::Overlay;
use crate::rule::{Level, Rule};
use crate::schema::{Schema, Side};
use crate::source::{Disk, Document, Files, LoadOptions};
use crate::vocabulary::Rules;

/// A checked description with its semantics. Cheap to clone; each validator is compiled once, when it is first asked.
#[derive(Debug, Clone)]
pub struct Contract {
    pub(super) inner: Arc<Inner>,
}

impl Contract {
    /// The description that comes with the project. It cannot change after the build, so what every other description
    /// is checked for at load, this one is checked for by the tests; what is left is reading it.
    pub fn builtin() -> Result<Self, LoadError> {
        let document = Arc::new(Document::from_text("openapi.yaml", Self::builtin_text())?);
        let (inner, problems) = reader::read(document, true);
        finish(inner, problems, &LoadOptions::default())
    }

    /// The text of the description that comes with the project.
    pub fn builtin_text() -> &'static str {
        include_str!("../../openapi.yaml")
    }

    /// Reads a description, JSON or YAML, and every file it refers to. What cannot be used of it is left out, and told by
    /// [`Contract::problems`].
    pub fn load(path: &Path) -> Result<Self, LoadError> {
        Self::load_with(path, &LoadOptions::default())
    }

    /// Reads a description as the options say.
    pub fn load_with(path: &Path, options: &LoadOptions) -> Result<Self, LoadError> {
        Self::of(Document::written_in(&path.display().to_string(), path, &Disk, options)?, options)
    }

    /// Reads a description and every file it refers to from where the files are, under a name for messages; only what is
    /// written there counts.
    pub fn load_from(name: &str, path: &Path, files: &dyn Files) -> Result<Self, LoadError> {
        let options = LoadOptions::as_written();
        Self::of(Document::written_in(name, path, files, &options)?, &options)
    }

    /// Reads a description from text; it may refer to no other file. The format follows from the name.
    pub fn from_text(name: &str, text: &str) -> Result<Self, LoadError> {
        Self::from_text_with(name, text, &LoadOptions::default())
    }

    /// Reads a description from text as the options say.
    pub fn from_text_with(name: &str, text: &str, options: &LoadOptions) -> Result<Self, LoadError> {
        Self::of(Document::written(name, text)?, options)
    }

    fn of(mut document: Document, options: &LoadOptions) -> Result<Self, LoadError> {
        let read = |path: &std::path::PathBuf| Overlay::read(path, &Disk);
        let mut overlays = options.overlays.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        let mut problems = Vec::new();
        for overlay in &mut overlays {
            problems.extend(overlay.apply(&mut document));
        }
        problems.extend(check::written(&document)?);
        let mut document = document.converted();
        for overlay in &mut overlays {
            problems.extend(overlay.apply(&mut document));
        }
        problems.extend(overlays.iter().flat_map(Overlay::idle));
        problems.extend(document.problems().iter().cloned());
        problems.extend(check::converted(&document));
        if problems.iter().any(|problem| problem.level == Level::Error) {
            // What is misspelt cannot be read either: that goes without saying.
            return Err(refused(&document, problems, options));
        }
        // What is inferred is no part of what the description says of itself: that is looked at before.
        let ours = check::vocabulary::is_used(&document);
        let statements = if options.infer { infer::statements(&document) } else { Vec::new() };
        infer::apply(&mut document, &statements);
        let (mut inner, read) = reader::read(Arc::new(document), ours);
        inner.inferred = statements;
        problems.extend(read);
        problems.extend(inner.compiler.problems());
        finish(inner, problems, options)
    }

    /// What was skipped of the description, and what is odd about it, in the order of the files.
    pub fn problems(&self) -> &[Problem] {
        &self.inner.problems
    }

    /// What the description implies and does not say, where that was asked for: it is read as if it were written.
    pub fn inferred(&self) -> &[Statement] {
        &self.inner.inferred
    }

    /// What was inferred as an OpenAPI Overlay, each statement with its reason as a comment.
    pub fn inferred_overlay(&self) -> String {
        infer::overlay(&self.inner.document, self.title(), self.inferred())
    }

    /// Where the statement at a pointer comes from.
    pub fn provenance(&self, pointer: &str) -> Provenance<'_> {
        let inferred = self.inner.inferred.iter().rev().find(|statement| {
            let at = statement.pointer();
            pointer.strip_prefix(at.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        });
        match (inferred, self.inner.document.added_at(pointer)) {
            (Some(statement), _) => Provenance::Inferred(statement, self.locate(pointer)),
            (None, Some(place)) => Provenance::Overlay(place),
            (None, None) => Provenance::Written(self.locate(pointer)),
        }
    }

    /// The description as one value, with the places of its parts.
    pub fn document(&self) -> &Document {
        &self.inner.document
    }

    /// The API's title.
    pub fn title(&self) -> &str {
        &self.inner.title
    }

    /// The API's version.
    pub fn version(&self) -> &str {
        &self.inner.version
    }

    /// The first server's URL as written; empty where there is none.
    pub fn server(&self) -> &str {
        &self.inner.server
    }

    /// The path of the first server's URL, without a slash at the end; empty for the root.
    pub fn base_path(&self) -> &str {
        &self.inner.base_path
    }

    /// The rules of the whole API.
    pub fn rules(&self) -> &Rules {
        &self.inner.rules
    }

    /// Every operation, in the order of the description.
    pub fn operations(&self) -> &[Operation] {
        &self.inner.operations
    }

    /// An operation by its id.
    pub fn operation(&self, id: &str) -> Option<&Operation> {
        self.inner.operations.iter().find(|operation| operation.id == id)
    }

    /// An operation by method and path template.
    pub fn operation_at(&self, method: Method, path: &str) -> Option<&Operation> {
        self.inner
            .operations
            .iter()
            .find(|operation| operation.method == method && operation.path.as_str() == path)
    }

    /// Every resource, in the order of the schemas.
    pub fn resources(&self) -> &[Resource] {
        &self.inner.resources
    }

    /// A resource by its name.
    pub fn resource(&self, name: &str) -> Option<&Resource> {
        self.inner.resources.iter().find(|resource| resource.name == name)
    }

    /// The schema of the error envelope.
    pub fn error_schema(&self) -> Option<&Schema> {
        self.inner.error_schema.as_ref()
    }

    /// A schema at a pointer of the document, compiled now.
    pub fn schema(&self, side: Side, pointer: &str) -> Result<Schema, LoadError> {
        let (document, compiler) = (&self.inner.document, &self.inner.compiler);
        let problem = match document.get(pointer) {
            None => Some(document.problem(pointer, "there is no schema").with_help("Correct the pointer.")),
            Some(_) => compiler.problem(side, pointer),
        };
        match problem {
            Some(problem) => Err(LoadError::one(document.name(), problem)),
            None => Ok(compiler.schema(side, pointer)),
        }
    }

    /// The place of a pointer.
    pub fn locate(&self, pointer: &str) -> Location {
        self.inner.document.locate(pointer)
    }
}

/// Where a statement comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum Provenance<'c> {
    /// It is written in the description.
    Written(Location),
    /// It is written in an overlay.
    Overlay(Location),
    /// The description implies it; the place is that of what it is about.
    Inferred(&'c Statement, Location),
}

/// A contract, or its errors: where there are any, only those are told.
fn finish(
    mut inner: Inner,
    mut problems: Vec<Problem>,
    options: &LoadOptions,
) -> Result<Contract, LoadError> {
    settle(&inner.document, &mut problems, options);
    if problems.iter().any(|problem| problem.level == Level::Error) {
        return Err(refused(&inner.document, problems, options));
    }
    inner.problems = problems;
    Ok(Contract { inner: Arc::new(inner) })
}

fn refused(document: &Document, mut problems: Vec<Problem>, options: &LoadOptions) -> LoadError {
    settle(document, &mut problems, options);
    problems.retain(|problem| problem.level == Level::Error);
    LoadError { subject: document.name().to_owned(), problems }
}

/// Puts problems in order, and makes errors of those that strictness makes some of.
fn settle(document: &Document, problems: &mut Vec<Problem>, options: &LoadOptions) {
    check::sort(document, problems);
    for problem in problems.iter_mut().filter(|_| options.strict) {
        if problem.level == Level::Skipped || problem.rule == Some(Rule::NearVocabulary) {
            problem.level = Level::Error;
        }
    }
}
