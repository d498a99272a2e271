//! Files that import each other.

use super::tiny::violations;

const FILES: [(&str, &str); 4] = [
    ("lib.rs", "mod low;"),
    ("low/mod.rs", "mod one;\nmod other;\npub use one::One;\npub use other::Other;"),
    ("low/one.rs", "use super::Other;\npub struct One(Option<Box<Other>>);"),
    ("low/other.rs", "use super::One;\npub struct Other(One);"),
];

#[test]
fn two_files_of_one_folder_that_import_each_other_are_found() {
    let found = violations(&FILES, "```layers tiny\nlow\n```");
    let expected = "tiny: a circle of 2 files: low/one.rs low/other.rs\
                    \n    low/one.rs:1 -> low/other.rs  (super::Other)\
                    \n    low/other.rs:1 -> low/one.rs  (super::One)";
    assert_eq!(found, [expected]);
}

#[test]
fn recursive_types_may_be_a_circle() {
    let order =
        "```layers tiny\nlow\n```\n```recursive tiny\nlow/one.rs low/other.rs  each holds the other\n```";
    assert!(violations(&FILES, order).is_empty());
}

#[test]
fn recursive_types_may_stand_in_two_layers() {
    let order = "```layers tiny\nlow/one\nlow\n```\n```recursive tiny\nlow/one.rs low/other.rs  each holds the other\n```";
    assert!(violations(&FILES, order).is_empty());
}

#[test]
fn a_third_file_in_the_circle_is_not_excused() {
    let mut files = FILES.to_vec();
    files[1].1 = "mod far;\nmod one;\nmod other;\npub use one::One;\npub use other::Other;";
    files[3].1 = "use super::One;\npub struct Other(One, super::far::Far);";
    files.push(("low/far.rs", "pub struct Far(Box<super::One>);"));
    let order =
        "```layers tiny\nlow\n```\n```recursive tiny\nlow/one.rs low/other.rs  each holds the other\n```";
    let found = violations(&files, order);
    assert!(found.len() == 1 && found[0].starts_with("tiny: a circle of 3 files:"), "{found:?}");
}

#[test]
fn a_group_that_is_no_circle_is_named() {
    let mut files = FILES.to_vec();
    files[2].1 = "pub struct One;";
    let order =
        "```layers tiny\nlow\n```\n```recursive tiny\nlow/one.rs low/other.rs  each holds the other\n```";
    let expected = "ARCHITECTURE.md:5: in `recursive tiny`, the files low/one.rs low/other.rs are no circle: delete the line";
    assert_eq!(violations(&files, order), [expected]);
}

#[test]
fn a_module_that_only_exports_is_in_no_circle() {
    let files = [
        ("lib.rs", "mod high;\nmod low;"),
        ("high/mod.rs", "mod inner;\npub use crate::low::low;\npub use inner::High;"),
        (
            "high/inner.rs",
            "use crate::low;\nuse crate::high;\npub struct High;\nfn f() { low::low(); high::low(); }",
        ),
        ("low.rs", "pub fn low() {}"),
    ];
    assert!(violations(&files, "```layers tiny\nlow\nhigh\n```").is_empty());
}
