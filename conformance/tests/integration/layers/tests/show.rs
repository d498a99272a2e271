//! What is printed of a crate that has no order yet.

use std::fs;

use crate::layers::blocks::Layers;
use crate::layers::shown;

#[test]
fn circles_and_upward_imports_are_shown() {
    let workspace = tempfile::tempdir().expect("a folder");
    let source = workspace.path().join("tiny/src");
    fs::create_dir_all(&source).expect("a folder");
    for (name, text) in [
        ("lib.rs", "mod high;\nmod low;\nmod new;"),
        ("low.rs", "use crate::high::High;\npub struct Low;"),
        ("high.rs", "use crate::low::Low;\npub struct High;"),
        ("new.rs", "pub struct New;"),
    ] {
        fs::write(source.join(name), text).expect("it is written");
    }
    let text = shown(workspace.path(), "tiny", &Layers::of("low high"));
    for line in [
        "tiny: circles of files: 1\n",
        "2 files: high.rs low.rs\n    high.rs:1 -> low.rs  (crate::low::Low)\n",
        "tiny: upward imports: 1\n",
        "tiny/src/low.rs:1: imports `crate::high::High`",
        "tiny: `new` is in no layer",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
}
