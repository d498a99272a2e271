//! The order of layers.

use super::tiny::violations;

const ORDER: &str = "```layers tiny\nlow   what is low\nhigh  what is high\n```";

#[test]
fn a_downward_import_is_fine() {
    let files = [
        ("lib.rs", "mod high;\nmod low;"),
        ("low.rs", "pub struct Low;"),
        ("high.rs", "use crate::low::Low;"),
    ];
    assert!(violations(&files, ORDER).is_empty());
}

#[test]
fn an_upward_import_names_line_item_file_and_both_layers() {
    let files = [
        ("lib.rs", "mod high;\nmod low;"),
        ("low.rs", "\nuse crate::high::High;"),
        ("high.rs", "pub struct High;"),
    ];
    let expected = "tiny/src/low.rs:2: imports `crate::high::High`, defined in high.rs: the layer `low` stands below `high`";
    assert_eq!(violations(&files, ORDER), [expected]);
}

#[test]
fn an_upward_import_through_an_export_is_found_all_the_same() {
    let files = [
        ("lib.rs", "mod high;\nmod low;\nmod top;"),
        ("low.rs", "use crate::high::Top;"),
        ("high/mod.rs", "pub use crate::top::Top;"),
        ("top.rs", "pub struct Top;"),
    ];
    let found = violations(&files, "```layers tiny\nhigh\nlow\ntop\n```");
    let expected = [
        "tiny/src/high/mod.rs:1: imports `crate::top::Top`, defined in top.rs: the layer `high` stands below `top`",
        "tiny/src/low.rs:1: imports `crate::high::Top`, defined in top.rs: the layer `low` stands below `top`",
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_low_item_may_be_imported_through_a_high_module_that_only_exports_it() {
    let files = [
        ("lib.rs", "mod high;\nmod low;\nmod middle;"),
        ("low.rs", "pub struct Low;"),
        ("middle.rs", "use crate::high::Low;"),
        ("high/mod.rs", "pub use crate::low::Low;"),
    ];
    assert!(violations(&files, "```layers tiny\nlow\nmiddle\nhigh\n```").is_empty());
}

#[test]
fn lib_stands_above_everything() {
    let files = [
        ("lib.rs", "mod low;\npub struct Top;\nfn f(_: low::Low) {}"),
        ("low.rs", "use crate::Top;\npub struct Low;"),
    ];
    let found = violations(&files, "```layers tiny\nlow\n```");
    assert_eq!(found.len(), 2);
    assert!(found[0].ends_with("the layer `low` stands below `lib.rs`"), "{found:?}");
    assert!(found[1].starts_with("tiny: a circle of 2 files: lib.rs low.rs"), "{found:?}");
}

#[test]
fn a_folder_can_be_ordered_within() {
    let files = [
        ("lib.rs", "mod law;"),
        ("law/mod.rs", "mod registry;\nmod support;\nmod walk;\npub use registry::all;"),
        ("law/support.rs", "use super::walk::walk;"),
        ("law/walk.rs", "pub fn walk() {}"),
        ("law/registry.rs", "pub fn all() { super::walk::walk() }"),
    ];
    let found = violations(&files, "```layers tiny\nlaw/support\nlaw\nlaw/registry\n```");
    let expected = "tiny/src/law/support.rs:1: imports `super::walk::walk`, defined in law/walk.rs: \
                    the layer `law/support` stands below `law`";
    assert_eq!(found, [expected]);
}

#[test]
fn a_module_missing_from_the_list_is_named() {
    let files = [
        ("lib.rs", "mod far;\nmod high;\nmod low;"),
        ("low.rs", "pub struct Low;"),
        ("high/mod.rs", "mod inner;\nmod other;"),
        ("high/inner.rs", "pub struct Inner;"),
        ("high/other.rs", "pub struct Other;"),
        ("far/mod.rs", "mod inner;\nmod other;"),
        ("far/inner.rs", "pub struct Inner;"),
        ("far/other.rs", "pub struct Other;"),
    ];
    let found = violations(&files, "```layers tiny\nlow\nhigh/inner\n```");
    let missing =
        |module| format!("tiny: `{module}` is in no layer: give it a line in the block `layers tiny`");
    assert_eq!(found, [missing("far"), missing("high/other")]);
}

#[test]
fn an_entry_that_names_no_module_or_stands_twice_is_named() {
    let files = [("lib.rs", "mod low;"), ("low.rs", "pub struct Low;")];
    let found = violations(&files, "```layers tiny\nlow\ngone  what was\nlow\nlib\n```");
    let expected = [
        "ARCHITECTURE.md:3: in `layers tiny`, `gone` names no module: delete the line, or correct the name",
        "ARCHITECTURE.md:4: in `layers tiny`, `low` stands there twice: delete one of the lines",
        "ARCHITECTURE.md:5: in `layers tiny`, `lib` names no module: delete the line, or correct the name",
    ];
    assert_eq!(found, expected);
}
