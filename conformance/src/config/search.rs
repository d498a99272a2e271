//! Where a configuration file is looked for.

use std::path::{Path, PathBuf};

/// The name it is looked for by.
const NAME: &str = "conformance.toml";

/// The file that holds for a folder: its own, else that of the nearest folder around it, up to the root of the repository
/// the folder is in, or else up to the home folder. Folders beyond may belong to anybody.
pub(super) fn find(folder: &Path, home: Option<&Path>) -> Option<PathBuf> {
    let repository = folder.ancestors().find(|folder| folder.join(".git").exists());
    // Where the root of all folders is called home, as in containers, it is nobody's.
    let home = home.filter(|home| home.parent().is_some() && folder.starts_with(home));
    let last = repository.or(home).unwrap_or(folder);
    let within = folder.ancestors().take_while(|folder| folder.starts_with(last));
    within.map(|folder| folder.join(NAME)).find(|path| path.is_file())
}

/// The file that holds where the program runs, named as shortly as it can be.
pub(super) fn found() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    let path = find(&here, std::env::home_dir().as_deref())?;
    Some(path.strip_prefix(&here).map(Path::to_owned).unwrap_or(path))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_search_ends_at_the_repository_else_at_the_home_folder_else_where_it_begins() {
        let folder = tempfile::tempdir().expect("a folder");
        let top = folder.path();
        let at = |path: &str| top.join(path);
        fs::create_dir_all(at("home/repository/deep/er")).expect("made");
        fs::create_dir_all(at("other/deep")).expect("made");
        fs::write(at(NAME), "").expect("written");
        let home = at("home");
        let find = |path: &str| find(&at(path), Some(&home));
        assert_eq!(find(""), Some(at(NAME)), "its own");
        assert_eq!(find("home"), None);
        assert_eq!(find("home/repository/deep"), None);
        assert_eq!(find("other/deep"), None);
        fs::write(at("home").join(NAME), "").expect("written");
        assert_eq!(find("home/repository/deep"), Some(at("home").join(NAME)));
        fs::create_dir(at("home/repository/.git")).expect("made");
        assert_eq!(find("home/repository/deep/er"), None);
        fs::write(at("home/repository").join(NAME), "").expect("written");
        assert_eq!(find("home/repository/deep/er"), Some(at("home/repository").join(NAME)));
        fs::write(at("other").join(NAME), "").expect("written");
        assert_eq!(find("other/deep"), None);
        // A worktree has a file in place of the folder.
        fs::write(at("other/.git"), "gitdir: elsewhere").expect("written");
        assert_eq!(find("other/deep"), Some(at("other").join(NAME)));
        let alone = |home: &str| super::find(&at("home"), Some(Path::new(home)));
        fs::remove_file(at("home").join(NAME)).expect("removed");
        assert_eq!(alone("/"), None);
    }
}
