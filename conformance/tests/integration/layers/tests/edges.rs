//! Every way to name something of another file.

use super::tiny::{edges, of_two};

#[test]
fn a_use_is_an_edge_on_its_own_line() {
    assert_eq!(of_two("//! Low.\n\nuse crate::high::High;"), ["low.rs:3 -> high.rs (crate::high::High)"]);
}

#[test]
fn each_name_of_a_group_counts_on_its_own_line() {
    let found = of_two("use crate::high::{\n    High,\n    rise,\n};");
    assert_eq!(found, ["low.rs:2 -> high.rs (crate::high::High)", "low.rs:3 -> high.rs (crate::high::rise)"]);
}

#[test]
fn super_and_self_are_followed() {
    assert_eq!(of_two("use super::high::High;"), ["low.rs:1 -> high.rs (super::high::High)"]);
    assert_eq!(of_two("use self::super::high::High;"), ["low.rs:1 -> high.rs (self::super::high::High)"]);
    let inline = of_two("mod inner { use super::super::high::High; }");
    assert_eq!(inline, ["low.rs:1 -> high.rs (super::super::high::High)"]);
}

#[test]
fn a_renamed_import_and_one_without_a_name_count() {
    assert_eq!(of_two("use crate::high::High as Up;"), ["low.rs:1 -> high.rs (crate::high::High)"]);
    assert_eq!(of_two("use crate::high::High as _;"), ["low.rs:1 -> high.rs (crate::high::High)"]);
}

#[test]
fn a_module_imported_under_another_name_is_followed() {
    let files = |code| {
        let face = ("high/mod.rs", "mod inner;\npub use inner::Inner;");
        edges(&[
            ("lib.rs", "mod high;\nmod low;"),
            face,
            ("high/inner.rs", "pub struct Inner;"),
            ("low.rs", code),
        ])
    };
    let found = files("use crate::high as up;\nfn f() { up::Inner::new() }");
    let expected = ["low.rs:1 -> high/mod.rs (crate::high)", "low.rs:2 -> high/inner.rs (up::Inner::new)"];
    assert_eq!(found, expected);
    let found = files("use crate::high::{self};\nfn f(_: high::Inner) {}");
    assert_eq!(found, ["low.rs:1 -> high/mod.rs (crate::high)", "low.rs:2 -> high/inner.rs (high::Inner)"]);
}

#[test]
fn a_file_that_is_imported_is_named_once() {
    let found = of_two("use crate::high;\nfn f() { high::rise() }\nfn g() { high::rise() }");
    assert_eq!(found, ["low.rs:1 -> high.rs (crate::high)"]);
}

#[test]
fn a_path_inside_code_counts() {
    let paths = [
        "fn f() { crate::high::rise() }",
        "fn f() -> Vec<crate::high::High> { vec![] }",
        "impl From<crate::high::High> for u8 { fn from(_: super::high::High) -> u8 { 1 } }",
        "fn f() { u8::from::<crate::high::High>(1) }",
        "fn f(x: u8) { match x { crate::high::LIMIT => {} _ => {} } }",
        "fn f() { use crate::high::rise; rise() }",
    ];
    for path in paths {
        let found = of_two(path);
        assert!(!found.is_empty() && found[0].starts_with("low.rs:1 -> high.rs ("), "{path}: {found:?}");
    }
}

#[test]
fn a_path_in_the_tokens_of_a_macro_counts() {
    let invoked = of_two("fn f() {\n    println!(\"{}\", g(|| crate::high::rise()));\n}");
    assert_eq!(invoked, ["low.rs:2 -> high.rs (crate::high::rise)"]);
    let relative = of_two("use crate as all;\nfn f() { vec![0..all::high::rise()]; }");
    assert_eq!(relative[1], "low.rs:2 -> high.rs (all::high::rise)");
    let body =
        of_two("macro_rules! up {\n    ($x:expr) => { $crate::high::rise($x, super::high::High) };\n}");
    assert_eq!(body, ["low.rs:2 -> high.rs (crate::high::rise)", "low.rs:2 -> high.rs (super::high::High)"]);
}

#[test]
fn what_belongs_to_something_else_in_tokens_is_no_path() {
    let found =
        of_two("use other::high;\nfn f() { g!(::crate_like::high::rise(), a.high::<u8>(), T::high::x()); }");
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn a_path_in_an_attribute_counts() {
    let tokens = of_two("struct S {\n    #[arg(value_parser = crate::high::rise)]\n    x: u8,\n}");
    assert_eq!(tokens, ["low.rs:2 -> high.rs (crate::high::rise)"]);
    let text = of_two(
        "#[derive(Deserialize)]\nstruct S {\n    #[serde(default = \"super::high::rise\")]\n    x: u8,\n}",
    );
    assert_eq!(text, ["low.rs:3 -> high.rs (super::high::rise)"]);
}

#[test]
fn a_glob_counts_for_the_module_and_for_what_is_named_of_it() {
    let found = of_two("use crate::high::*;\nfn f() -> High { rise() }");
    let line = |what| format!("low.rs:1 -> high.rs (crate::high::{what})");
    assert_eq!(found, [line("*"), line("High"), line("rise")]);
}

#[test]
fn a_name_that_the_file_states_itself_does_not_come_through_a_glob() {
    assert_eq!(of_two("use crate::high::*;\nfn rise() {}\nfn f() { rise() }").len(), 1);
}

#[test]
fn code_for_tests_does_not_count() {
    let codes = [
        "#[cfg(test)]\nmod tests { use crate::high::High; }",
        "#[cfg(test)]\nuse crate::high::High;",
        "#[cfg(all(test, unix))]\nfn f() { crate::high::rise() }",
        "struct S;\nimpl S { #[cfg(test)] fn f() { crate::high::rise() } }",
        "struct S { #[cfg(test)] x: crate::high::High }",
    ];
    for code in codes {
        assert!(of_two(code).is_empty(), "{code}");
    }
    assert_eq!(of_two("#[cfg(not(test))]\nuse crate::high::High;").len(), 1);
}

#[test]
fn a_file_for_tests_is_not_read() {
    let files = [("lib.rs", "#[cfg(test)]\nmod checks;\nmod high;"), ("high.rs", "pub struct High;")];
    assert!(edges(&files).is_empty());
}

#[test]
fn other_crates_and_visibilities_are_no_edges() {
    let code = "use std::fmt;\nuse ::high::High;\npub(in crate::high) fn f() -> Vec<u8> { Vec::new() }";
    assert!(of_two(code).is_empty());
}

#[test]
fn a_bare_macro_of_an_outer_module_counts() {
    let files = [
        ("lib.rs", "mod outer;"),
        ("outer/mod.rs", "macro_rules! shared { () => {} }\nmod inner;\nfn write() {}"),
        ("outer/inner.rs", "shared!();\nfn f() { write!(x); }"),
    ];
    assert_eq!(edges(&files), ["outer/inner.rs:1 -> outer/mod.rs (shared!)"]);
}

#[test]
fn what_a_module_exports_from_inside_itself_is_an_edge_only_if_it_uses_it() {
    let files = |code| {
        let outer = format!("mod inner;\npub use inner::Inner;\npub struct Outer;\n{code}");
        edges(&[("lib.rs", "mod outer;"), ("outer/mod.rs", &outer), ("outer/inner.rs", "pub struct Inner;")])
    };
    assert!(files("").is_empty());
    assert_eq!(files("fn f(_: Inner) {}"), ["outer/mod.rs:2 -> outer/inner.rs (inner::Inner)"]);
}

#[test]
fn what_a_module_exports_from_elsewhere_is_an_edge() {
    assert_eq!(of_two("pub use crate::high::High;"), ["low.rs:1 -> high.rs (crate::high::High)"]);
}

#[test]
fn the_program_names_the_library_of_its_package() {
    let files = [
        ("lib.rs", "mod inner;\npub use inner::Inner;"),
        ("inner.rs", "pub struct Inner;"),
        ("main.rs", "mod cli;\nfn main() {}"),
        ("cli.rs", "use tiny::Inner;"),
    ];
    assert_eq!(edges(&files), ["cli.rs:1 -> inner.rs (tiny::Inner)"]);
}
