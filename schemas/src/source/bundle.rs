//! Joins the files of a description into one value, rewriting references between files to local ones.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::document::Document;
use super::text::{Parsed, parse};
use crate::error::{LoadError, Problem};
use crate::pointer;

/// Files that one description may consist of; more is taken for a mistake.
const MOST_FILES: usize = 500;

struct Bundler {
    paths: Vec<PathBuf>,
    files: Vec<Parsed>,
}

/// The joined value and the files beside the root, in the order of their keys.
pub(super) fn bundle(root: &Parsed, path: Option<&Path>) -> Result<(Value, Vec<Parsed>), LoadError> {
    let mut value = root.value.clone();
    let mut bundler = Bundler { paths: Vec::new(), files: Vec::new() };
    let root_path = path.map(canonical);
    bundler.rewrite(&mut value, root, "", root_path.as_deref(), root_path.as_deref(), "")?;

    // Files found on the way may refer to more files: go on until none is left.
    let mut contents = Map::new();
    let mut next = 0;
    while next < bundler.files.len() {
        let file = bundler.files[next].clone();
        let own = bundler.paths[next].clone();
        let mut content = file.value.clone();
        let prefix = format!("/{}/{next}", Document::BUNDLE);
        bundler.rewrite(&mut content, &file, &prefix, Some(&own), root_path.as_deref(), "")?;
        contents.insert(next.to_string(), content);
        next += 1;
    }
    if let (Value::Object(map), false) = (&mut value, contents.is_empty()) {
        map.insert(Document::BUNDLE.to_owned(), Value::Object(contents));
    }
    Ok((value, bundler.files))
}

fn canonical(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_path_buf())
}

impl Bundler {
    /// Rewrites every `$ref` below `value`, which stands at `here` in `file`; `prefix` is the file's place in the whole.
    fn rewrite(
        &mut self,
        value: &mut Value,
        file: &Parsed,
        prefix: &str,
        own: Option<&Path>,
        root: Option<&Path>,
        here: &str,
    ) -> Result<(), LoadError> {
        match value {
            Value::Object(map) => {
                if let Some(Value::String(reference)) = map.get("$ref") {
                    let local = self.local(reference, file, prefix, own, root, here)?;
                    map.insert("$ref".to_owned(), Value::String(local));
                }
                for (key, child) in map.iter_mut() {
                    self.rewrite(child, file, prefix, own, root, &pointer::join(here, key))?;
                }
            }
            Value::Array(items) => {
                for (index, child) in items.iter_mut().enumerate() {
                    self.rewrite(child, file, prefix, own, root, &format!("{here}/{index}"))?;
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
        Ok(())
    }

    fn local(
        &mut self,
        reference: &str,
        file: &Parsed,
        prefix: &str,
        own: Option<&Path>,
        root: Option<&Path>,
        here: &str,
    ) -> Result<String, LoadError> {
        let fail = |what: String, help: &str| {
            let at = pointer::join(here, "$ref");
            LoadError::one(&*file.name, Problem::new(Some(file.locate(&at)), at, what).with_help(help))
        };
        let (target, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        if target.is_empty() {
            return Ok(format!("#{prefix}{fragment}"));
        }
        if target.contains("://") {
            let help = "Save the file beside the description and refer to it by a relative path.";
            return Err(fail(format!("the reference {reference} leaves this machine"), help));
        }
        let Some(folder) = own.and_then(Path::parent) else {
            let help = "Read the description from a file, so that relative references have a base.";
            return Err(fail(format!("the reference {reference} names another file"), help));
        };
        let decoded = percent_encoding::percent_decode_str(target).decode_utf8_lossy();
        let path = canonical(&folder.join(&*decoded));
        if Some(path.as_path()) == root {
            return Ok(format!("#{fragment}"));
        }
        let index = if let Some(index) = self.paths.iter().position(|known| *known == path) {
            index
        } else {
            if self.files.len() == MOST_FILES {
                return Err(fail(format!("more than {MOST_FILES} files"), "Join some of them."));
            }
            let text = std::fs::read_to_string(&path).map_err(|error| {
                fail(
                    format!("the reference {reference} cannot be followed: {error}"),
                    "Correct the path; it is relative to the file it stands in.",
                )
            })?;
            let name =
                Path::new(&*file.name).parent().map_or_else(|| path.clone(), |base| base.join(&*decoded));
            self.files.push(parse(&name.display().to_string(), &text)?);
            self.paths.push(path);
            self.files.len() - 1
        };
        Ok(format!("#/{}/{index}{fragment}", Document::BUNDLE))
    }
}
