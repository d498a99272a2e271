//! Joins the files of a description into one value, rewriting references between files to local ones.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::files::{Files, LoadOptions};
use super::limits;
use super::text::{Parsed, Source, parse_leniently};
use crate::error::{LoadError, Problem};
use crate::pointer;
use crate::rule::Rule;
use crate::tree::{BUNDLE, Members};

/// A description of which all files are joined.
pub(super) struct Bundle {
    pub(super) value: Value,
    /// The files beside the root, in the order of their keys.
    pub(super) files: Vec<Source>,
    /// The references that could not be followed, and what is odd about the files.
    pub(super) problems: Vec<Problem>,
}

/// Joins what other files hold.
pub(super) fn bundle(root: Parsed, path: Option<&Path>, disk: &dyn Files, options: &LoadOptions) -> Bundle {
    let Parsed { mut value, source, .. } = root;
    let root_path = path.map(|path| disk.canonical(path));
    let own = root_path.as_deref().and_then(Path::parent).map(Path::to_path_buf);
    let folders =
        own.into_iter().chain(options.allowed.iter().map(|folder| disk.canonical(folder))).collect();
    let mut bundler = Bundler {
        disk,
        root: root_path.clone(),
        folders,
        known: HashMap::new(),
        paths: Vec::new(),
        files: Vec::new(),
        bytes: source.length(),
        problems: Vec::new(),
    };
    let home = Home { source: &source, prefix: "", path: root_path.as_deref() };
    bundler.rewrite(&mut value, Members::Keywords, &home, &mut String::new());

    // Files found on the way may refer to more files: go on until none is left.
    let mut contents = Map::new();
    let mut next = 0;
    while next < bundler.files.len() {
        let (source, own) = (bundler.files[next].source.clone(), bundler.paths[next].clone());
        let mut content = std::mem::take(&mut bundler.files[next].value);
        let prefix = format!("/{BUNDLE}/{next}");
        let home = Home { source: &source, prefix: &prefix, path: Some(&own) };
        bundler.rewrite(&mut content, Members::Keywords, &home, &mut String::new());
        contents.insert(next.to_string(), content);
        next += 1;
    }
    if let (Value::Object(map), false) = (&mut value, contents.is_empty()) {
        map.insert(BUNDLE.to_owned(), Value::Object(contents));
    }
    let files = bundler.files.into_iter().map(|file| file.source).collect();
    Bundle { value, files, problems: bundler.problems }
}

struct Bundler<'a> {
    disk: &'a dyn Files,
    root: Option<PathBuf>,
    /// Where files may be.
    folders: Vec<PathBuf>,
    /// Every file that was looked for: its position, or that it is none.
    known: HashMap<PathBuf, Option<usize>>,
    paths: Vec<PathBuf>,
    files: Vec<Parsed>,
    bytes: usize,
    problems: Vec<Problem>,
}

/// The file in which a reference stands.
struct Home<'a> {
    source: &'a Source,
    /// The file's place in the whole.
    prefix: &'a str,
    path: Option<&'a Path>,
}

impl Bundler<'_> {
    /// Rewrites every `$ref` below `value`, which stands at `here` in its file.
    fn rewrite(&mut self, value: &mut Value, members: Members, home: &Home<'_>, here: &mut String) {
        let length = here.len();
        match value {
            Value::Object(map) => {
                if members == Members::Keywords
                    && let Some(Value::String(reference)) = map.get_mut("$ref")
                    && let Some(local) = self.local(reference, home, here)
                {
                    *reference = local;
                }
                for (key, child) in map.iter_mut() {
                    let below = members.below(key, child);
                    if below != Members::Data && (child.is_object() || child.is_array()) {
                        pointer::push(here, key);
                        self.rewrite(child, below, home, here);
                        here.truncate(length);
                    }
                }
            }
            Value::Array(items) => {
                for (index, child) in items.iter_mut().enumerate() {
                    pointer::push(here, &index.to_string());
                    self.rewrite(child, members, home, here);
                    here.truncate(length);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    /// What a reference becomes in the whole; `None` where it stays as it is.
    fn local(&mut self, reference: &str, home: &Home<'_>, here: &str) -> Option<String> {
        let (target, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        if target.is_empty() {
            return (!home.prefix.is_empty()).then(|| format!("#{}{fragment}", home.prefix));
        }
        match self.file(target, home) {
            Ok(None) => Some(format!("#{fragment}")),
            Ok(Some(index)) => Some(format!("#/{BUNDLE}/{index}{fragment}")),
            Err((rule, why, help)) => {
                let at = pointer::join(here, "$ref");
                let problem = Problem::new(
                    Some(home.source.locate(&at)),
                    at,
                    format!("the reference {reference} {why}"),
                );
                self.problems.push(problem.with_help(help).under(rule));
                None
            }
        }
    }

    /// The position of the file that a reference names; `None` for the root.
    fn file(&mut self, target: &str, home: &Home<'_>) -> Result<Option<usize>, (Rule, String, &'static str)> {
        if target.contains("://") || target.starts_with("//") {
            let help = "Save the file beside the description and refer to it by a relative path.";
            return Err((Rule::ReferenceRemote, "leaves this machine".to_owned(), help));
        }
        let Some(folder) = home.path.and_then(Path::parent) else {
            let help = "Read the description from a file, so that relative references have a base.";
            return Err((Rule::ReferenceFile, "names another file".to_owned(), help));
        };
        let decoded = percent_encoding::percent_decode_str(target).decode_utf8_lossy();
        let path = self.disk.canonical(&folder.join(&*decoded));
        if Some(&path) == self.root.as_ref() {
            return Ok(None);
        }
        let unread = |why: String| {
            (Rule::ReferenceFile, why, "Correct the path; it is relative to the file it stands in.")
        };
        match self.known.get(&path) {
            Some(Some(index)) => return Ok(Some(*index)),
            Some(None) => return Err(unread("cannot be followed, as was told".to_owned())),
            None => {}
        }
        if !self.folders.iter().any(|folder| path.starts_with(folder)) {
            let help = "Move the file beside the description, or allow its folder with --allow-ref DIR.";
            return Err((
                Rule::ReferenceOutside,
                "leads out of the folder of the description".to_owned(),
                help,
            ));
        }
        self.known.insert(path.clone(), None);
        let full = |what: &str| {
            let help = "Join some of the files, or leave out what is not needed.";
            (Rule::ReferenceFile, format!("cannot be followed: {what}"), help)
        };
        if self.files.len() == limits::FILES {
            return Err(full(&format!("there are more than {} files", limits::FILES)));
        }
        let text = self.disk.text(&path).map_err(|error| unread(format!("cannot be followed: {error}")))?;
        self.bytes += text.len();
        if self.bytes > limits::ALL_BYTES {
            return Err(full(&format!("all files together are over {} MB", limits::ALL_BYTES >> 20)));
        }
        let base = Path::new(&*home.source.name).parent();
        let name = base.map_or_else(|| path.clone(), |base| base.join(&*decoded));
        let (file, odd) = parse_leniently(&name.display().to_string(), &text)
            .map_err(|error| unread(format!("cannot be followed: {}", without_content(&error))))?;
        if !(file.value.is_object() || file.value.is_array()) {
            let help = "Refer to a YAML or JSON file that holds parts of a description.";
            return Err((Rule::ReferenceFile, "leads to a file of another kind".to_owned(), help));
        }
        self.problems.extend(odd);
        self.files.push(file);
        self.known.insert(path.clone(), Some(self.paths.len()));
        self.paths.push(path);
        Ok(Some(self.files.len() - 1))
    }
}

/// What kind of error it is, without words of the file: a reference may lead to any file of the folder.
fn without_content(error: &LoadError) -> String {
    let what = error.problems.first().map(|problem| problem.what.as_str()).unwrap_or_default();
    what.split_once(':').map_or("it cannot be read", |(kind, _)| kind).to_owned()
}
