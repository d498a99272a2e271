//! Joins the files of a description into one value, rewriting references between files to local ones.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::files::Files;
use super::text::{Parsed, Source, parse};
use crate::error::{LoadError, Problem};
use crate::pointer;
use crate::tree::{BUNDLE, Members};

/// Files that one description may consist of; more is taken for a mistake.
const MOST_FILES: usize = 500;

/// The joined value and the files beside the root, in the order of their keys.
pub(super) fn bundle(
    root: Parsed,
    path: Option<&Path>,
    disk: &dyn Files,
) -> Result<(Value, Vec<Source>), LoadError> {
    let Parsed { mut value, source, .. } = root;
    let root_path = path.map(|path| disk.canonical(path));
    let mut bundler = Bundler { disk, root: root_path.clone(), paths: Vec::new(), files: Vec::new() };
    let home = Home { source: &source, prefix: "", path: root_path.as_deref() };
    bundler.rewrite(&mut value, Members::Keywords, &home, &mut String::new())?;

    // Files found on the way may refer to more files: go on until none is left.
    let mut contents = Map::new();
    let mut next = 0;
    while next < bundler.files.len() {
        let (source, own) = (bundler.files[next].source.clone(), bundler.paths[next].clone());
        let mut content = std::mem::take(&mut bundler.files[next].value);
        let prefix = format!("/{BUNDLE}/{next}");
        let home = Home { source: &source, prefix: &prefix, path: Some(&own) };
        bundler.rewrite(&mut content, Members::Keywords, &home, &mut String::new())?;
        contents.insert(next.to_string(), content);
        next += 1;
    }
    if let (Value::Object(map), false) = (&mut value, contents.is_empty()) {
        map.insert(BUNDLE.to_owned(), Value::Object(contents));
    }
    Ok((value, bundler.files.into_iter().map(|file| file.source).collect()))
}

struct Bundler<'a> {
    disk: &'a dyn Files,
    root: Option<PathBuf>,
    paths: Vec<PathBuf>,
    files: Vec<Parsed>,
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
    fn rewrite(
        &mut self,
        value: &mut Value,
        members: Members,
        home: &Home<'_>,
        here: &mut String,
    ) -> Result<(), LoadError> {
        let length = here.len();
        match value {
            Value::Object(map) => {
                if members == Members::Keywords
                    && let Some(Value::String(reference)) = map.get_mut("$ref")
                    && let Some(local) = self.local(reference, home, here)?
                {
                    *reference = local;
                }
                for (key, child) in map.iter_mut() {
                    let below = members.below(key, child);
                    if below != Members::Data && (child.is_object() || child.is_array()) {
                        pointer::push(here, key);
                        self.rewrite(child, below, home, here)?;
                        here.truncate(length);
                    }
                }
            }
            Value::Array(items) => {
                for (index, child) in items.iter_mut().enumerate() {
                    pointer::push(here, &index.to_string());
                    self.rewrite(child, members, home, here)?;
                    here.truncate(length);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
        Ok(())
    }

    /// What a reference becomes in the whole; `None` where it stays as it is.
    fn local(&mut self, reference: &str, home: &Home<'_>, here: &str) -> Result<Option<String>, LoadError> {
        let fail = |what: String, help: &str| {
            let at = pointer::join(here, "$ref");
            let problem = Problem::new(Some(home.source.locate(&at)), at, what);
            LoadError::one(&*home.source.name, problem.with_help(help))
        };
        let (target, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        if target.is_empty() {
            return Ok((!home.prefix.is_empty()).then(|| format!("#{}{fragment}", home.prefix)));
        }
        if target.contains("://") {
            let help = "Save the file beside the description and refer to it by a relative path.";
            return Err(fail(format!("the reference {reference} leaves this machine"), help));
        }
        let Some(folder) = home.path.and_then(Path::parent) else {
            let help = "Read the description from a file, so that relative references have a base.";
            return Err(fail(format!("the reference {reference} names another file"), help));
        };
        let decoded = percent_encoding::percent_decode_str(target).decode_utf8_lossy();
        let path = self.disk.canonical(&folder.join(&*decoded));
        if Some(&path) == self.root.as_ref() {
            return Ok(Some(format!("#{fragment}")));
        }
        let index = if let Some(index) = self.paths.iter().position(|known| *known == path) {
            index
        } else {
            if self.files.len() == MOST_FILES {
                return Err(fail(format!("more than {MOST_FILES} files"), "Join some of them."));
            }
            let text = self.disk.text(&path).map_err(|error| {
                fail(
                    format!("the reference {reference} cannot be followed: {error}"),
                    "Correct the path; it is relative to the file it stands in.",
                )
            })?;
            let base = Path::new(&*home.source.name).parent();
            let name = base.map_or_else(|| path.clone(), |base| base.join(&*decoded));
            let parsed = parse(&name.display().to_string(), &text).map_err(without_content)?;
            if !(parsed.value.is_object() || parsed.value.is_array()) {
                let help = "Refer to a YAML or JSON file that holds parts of a description.";
                return Err(fail(format!("the reference {reference} leads to a file of another kind"), help));
            }
            self.files.push(parsed);
            self.paths.push(path);
            self.files.len() - 1
        };
        Ok(Some(format!("#/{BUNDLE}/{index}{fragment}")))
    }
}

/// The same error without words of the file: a reference may lead to any file of this machine.
fn without_content(mut error: LoadError) -> LoadError {
    for problem in &mut error.problems {
        problem.what = match problem.what.split_once(':') {
            Some((kind, _)) => kind.to_owned(),
            None => "cannot be read".to_owned(),
        };
        problem.help =
            Some("See whether the reference leads to the file that is meant, and correct that.".to_owned());
    }
    error
}
