//! The source of one crate, held in memory: from the disk, or as a test writes it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The Rust files of one crate.
#[derive(Debug)]
pub(super) struct Sources {
    /// The folder of the crate, which is its name as well.
    pub(super) name: String,
    /// The text of each file, by its path below `src/`.
    pub(super) files: BTreeMap<String, String>,
}

impl Sources {
    /// What stands in `src/` of a crate of the workspace.
    pub(super) fn read(workspace: &Path, name: &str) -> Self {
        let mut files = BTreeMap::new();
        collect(&workspace.join(name).join("src"), "", &mut files);
        assert!(!files.is_empty(), "{name}: no Rust file in src/");
        Self { name: name.to_owned(), files }
    }

    /// A crate named `tiny`.
    pub(super) fn of(files: &[(&str, &str)]) -> Self {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
        Self { name: "tiny".to_owned(), files: files.collect() }
    }
}

fn collect(folder: &Path, below: &str, files: &mut BTreeMap<String, String>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for entry in entries.flatten() {
        let path = entry.path();
        let name = format!("{below}{}", entry.file_name().to_string_lossy());
        if path.is_dir() {
            collect(&path, &format!("{name}/"), files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text =
                fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            files.insert(name, text);
        }
    }
}
