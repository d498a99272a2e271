//! Every crate of the workspace keeps the order that ARCHITECTURE.md states: imports point downwards, and no files import
//! each other in a circle.
//!
//! `show` prints what stands in the way of an order, before it is written down:
//!
//! ```text
//! LAYERS_CRATE=conformance LAYERS_ORDER='contract http law run cli' \
//!     cargo test -p conformance --test integration layers::show -- --ignored --nocapture
//! ```
//!
//! Without `LAYERS_ORDER`, it takes the order that ARCHITECTURE.md states. `LAYERS_WORKSPACE` names another copy of the
//! workspace.

mod blocks;
mod circles;
mod edges;
mod judge;
mod mentions;
mod modules;
mod resolve;
mod sources;
mod tests;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use blocks::{Blocks, Layers};
use judge::{ADVICE, Judge};
use modules::Crate;
use sources::Sources;

#[test]
fn every_crate_keeps_its_order() {
    let workspace = workspace();
    let blocks = read_blocks(&workspace);
    let members = members(&workspace);
    let mut wrong = blocks.problems.clone();
    for name in blocks.layers.keys().chain(blocks.recursive.keys()).filter(|name| !members.contains(name)) {
        wrong.push(format!("ARCHITECTURE.md: `{name}` is no crate of the workspace: delete its block"));
    }
    for name in &members {
        match blocks.layers.get(name) {
            Some(layers) => {
                let of = Crate::read(&Sources::read(&workspace, name));
                let recursive = blocks.recursive.get(name).map_or(&[][..], Vec::as_slice);
                wrong.extend(Judge::new(&of, layers, recursive).violations());
            }
            None => wrong.push(format!(
                "{name} has no block in ARCHITECTURE.md: list its modules, the lowest first, in a block `layers {name}`"
            )),
        }
    }
    assert!(wrong.is_empty(), "{} violations\n\n{}\n\n{ADVICE}\n", wrong.len(), wrong.join("\n"));
}

#[test]
#[ignore = "prints, and judges nothing"]
#[expect(clippy::print_stdout, reason = "its output is what it is for")]
fn show() {
    let variable = |name: &str| std::env::var(name).ok();
    let workspace = variable("LAYERS_WORKSPACE").map_or_else(workspace, PathBuf::from);
    let name = variable("LAYERS_CRATE").unwrap_or_else(|| "conformance".to_owned());
    let mut blocks = read_blocks(&workspace);
    let stated = blocks.layers.remove(&name).unwrap_or_default();
    let layers = variable("LAYERS_ORDER").map_or(stated, |names| Layers::of(&names));
    println!("{}", shown(&workspace, &name, &layers));
}

/// All circles of a crate and, if there is an order, the imports against it.
fn shown(workspace: &Path, name: &str, layers: &Layers) -> String {
    let of = Crate::read(&Sources::read(workspace, name));
    let judge = Judge::new(&of, layers, &[]);
    let circles = judge.circles();
    let mut text = format!("{name}: circles of files: {}\n", circles.len());
    for circle in circles {
        let _ = writeln!(text, "\n{circle}");
    }
    if !layers.entries.is_empty() {
        let upward = judge.upward();
        let _ = writeln!(text, "\n{name}: upward imports: {}\n", upward.len());
        for line in upward.iter().chain(&judge.unlisted()) {
            let _ = writeln!(text, "{line}");
        }
    }
    text
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn members(workspace: &Path) -> Vec<String> {
    let manifest = fs::read_to_string(workspace.join("Cargo.toml")).expect("the manifest of the workspace");
    let manifest: toml::Table = toml::from_str(&manifest).expect("it is TOML");
    let members = manifest["workspace"]["members"].as_array().expect("a list of members");
    members.iter().map(|name| name.as_str().expect("a name").to_owned()).collect()
}

fn read_blocks(workspace: &Path) -> Blocks {
    Blocks::read(&fs::read_to_string(workspace.join("ARCHITECTURE.md")).unwrap_or_default())
}
