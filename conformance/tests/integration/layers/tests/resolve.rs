//! Names followed to the file that defines them.

use super::tiny::edges;

/// What `user.rs` imports of a folder `far`, whose `mod.rs` says this.
fn through(face: &str, user: &str) -> Vec<String> {
    let files = [
        ("lib.rs", "mod far;\nmod user;"),
        ("far/mod.rs", face),
        ("far/deep.rs", "pub struct Deep;\npub enum Kind { One }\npub fn far() {}"),
        ("far/other.rs", "pub use super::deep::Deep as Moved;\npub struct Other;"),
        ("user.rs", user),
    ];
    let edges = edges(&files).into_iter();
    edges.filter_map(|edge| edge.strip_prefix("user.rs:1 -> ").map(str::to_owned)).collect()
}

#[test]
fn through_an_export() {
    let face = "mod deep;\nmod other;\npub(crate) use deep::Deep;";
    assert_eq!(through(face, "use crate::far::Deep;"), ["far/deep.rs (crate::far::Deep)"]);
}

#[test]
fn through_a_renamed_export_and_two_exports() {
    let face = "mod deep;\nmod other;\npub use deep::Deep as Dark;\npub use other::Moved;";
    assert_eq!(through(face, "use crate::far::Dark;"), ["far/deep.rs (crate::far::Dark)"]);
    assert_eq!(through(face, "use crate::far::Moved;"), ["far/deep.rs (crate::far::Moved)"]);
}

#[test]
fn through_an_export_of_everything() {
    let face = "mod deep;\nmod other;\npub use deep::*;\npub use other::*;";
    assert_eq!(through(face, "use crate::far::Other;"), ["far/other.rs (crate::far::Other)"]);
    assert_eq!(through(face, "use crate::far::Moved;"), ["far/deep.rs (crate::far::Moved)"]);
}

#[test]
fn variants_and_associated_items_belong_to_their_type() {
    let face = "mod deep;\nmod other;\npub use deep::{Deep, Kind};";
    assert_eq!(through(face, "use crate::far::Kind::One;"), ["far/deep.rs (crate::far::Kind::One)"]);
    assert_eq!(through(face, "use crate::far::Kind::*;"), ["far/deep.rs (crate::far::Kind::*)"]);
    assert_eq!(through(face, "fn f() { crate::far::Deep::new() }"), ["far/deep.rs (crate::far::Deep::new)"]);
}

#[test]
fn a_module_is_its_file() {
    let face = "pub mod deep;\nmod other;";
    assert_eq!(through(face, "use crate::far::deep;"), ["far/deep.rs (crate::far::deep)"]);
}

#[test]
fn of_a_function_and_a_module_of_one_name_the_one_that_is_used_is_imported() {
    let user = |code| {
        let files = [
            ("lib.rs", "mod far;\nmod user;\npub use far::far;"),
            ("far/mod.rs", "mod deep;\nmod other;\npub use deep::far;\npub use other::Other;"),
            ("far/deep.rs", "pub fn far() {}"),
            ("far/other.rs", "pub struct Other;"),
            ("user.rs", code),
        ];
        edges(&files)
    };
    assert_eq!(user("use crate::far;\nfn f() { far(); }"), ["user.rs:1 -> far/deep.rs (crate::far)"]);
    let module = ["user.rs:1 -> far/mod.rs (crate::far)", "user.rs:2 -> far/other.rs (far::Other::new)"];
    assert_eq!(user("use crate::far;\nfn f() { far::Other::new(); }"), module);
    assert_eq!(user("fn f() { crate::far(); }"), ["user.rs:1 -> far/deep.rs (crate::far)"]);
}

#[test]
fn macros_are_found_where_they_are_written() {
    let files = [
        ("lib.rs", "mod made;\nmod user;"),
        (
            "made.rs",
            "#[macro_export]\nmacro_rules! open { () => {} }\nmacro_rules! named { () => {} }\npub(crate) use named;",
        ),
        ("user.rs", "use crate::made::named;\nfn f() { named!(); crate::open!(); }"),
    ];
    let found = edges(&files);
    assert_eq!(found, ["user.rs:1 -> made.rs (crate::made::named)", "user.rs:2 -> made.rs (crate::open)"]);
}

#[test]
fn what_a_macro_makes_belongs_to_the_file_that_invokes_it() {
    let files = [
        ("lib.rs", "mod far;\nmod user;"),
        ("far/mod.rs", "mod made;\npub use made::*;"),
        ("far/made.rs", "make! { FIRST = \"first\"; }"),
        ("user.rs", "use crate::far::FIRST;"),
    ];
    assert_eq!(edges(&files), ["user.rs:1 -> far/made.rs (crate::far::FIRST)"]);
}

#[test]
fn what_another_crate_defines_is_nobodys() {
    let face = "mod deep;\nmod other;\npub use serde::Value;";
    assert!(through(face, "use crate::far::Value;").is_empty());
}

#[test]
fn exports_in_a_circle_come_to_an_end() {
    let files = [
        ("lib.rs", "mod one;\nmod other;\nmod user;"),
        ("one.rs", "pub use crate::other::*;\npub struct One;"),
        ("other.rs", "pub use crate::one::*;\npub use crate::one::Lost;"),
        ("user.rs", "use crate::other::One;\nuse crate::one::Absent;"),
    ];
    let found = edges(&files);
    assert!(found.contains(&"user.rs:1 -> one.rs (crate::other::One)".to_owned()), "{found:?}");
}
