//! The blocks of ARCHITECTURE.md.

use crate::layers::blocks::{Blocks, Entry, Group, Layers};

#[test]
fn the_first_word_of_a_line_is_the_module() {
    let blocks =
        Blocks::read("# Order\n\n```layers tiny\nlow         what is low\n\nhigh/inner  more\n```\n");
    let entry = |name: &str, line| Entry { name: name.to_owned(), line };
    assert_eq!(blocks.layers["tiny"].entries, [entry("low", 4), entry("high/inner", 6)]);
    assert!(blocks.problems.is_empty());
}

#[test]
fn other_blocks_and_prose_are_passed_over() {
    let blocks = Blocks::read("low\n```rust\nhigh\n```\n```\nother\n```\n```layers tiny\nonly\n```\nafter\n");
    assert_eq!(blocks.layers.len(), 1);
    assert_eq!(blocks.layers["tiny"].entries.len(), 1);
}

#[test]
fn recursive_files_come_with_a_reason() {
    let blocks = Blocks::read("```recursive tiny\na.rs b/c.rs  a field has a shape\n```\n");
    let files = vec!["a.rs".to_owned(), "b/c.rs".to_owned()];
    assert_eq!(blocks.recursive["tiny"], [Group { files, line: 2 }]);
    assert!(blocks.problems.is_empty());
}

#[test]
fn what_cannot_be_read_is_said() {
    let cases = [
        ("```recursive tiny\na.rs b.rs\n```", "ARCHITECTURE.md:2: two files or more"),
        ("```recursive tiny\na.rs it is so\n```", "ARCHITECTURE.md:2: two files or more"),
        ("```layers\nlow\n```", "ARCHITECTURE.md:1: `layers` of which crate?"),
        ("```layers tiny\n```\n```layers tiny\n```", "ARCHITECTURE.md:3: a second block `layers tiny`"),
        ("\n```layers tiny\nlow", "ARCHITECTURE.md:2: this block is not closed"),
    ];
    for (text, problem) in cases {
        let problems = Blocks::read(text).problems;
        assert!(problems.len() == 1 && problems[0].starts_with(problem), "{text}: {problems:?}");
    }
}

#[test]
fn the_longest_entry_that_holds_a_module_decides() {
    let layers = Layers::of("law/support, law run");
    let level = |module| layers.level(module);
    assert_eq!((level("law/support/walk"), level("law/support")), (Some(0), Some(0)));
    assert_eq!((level("law/supporter"), level("law"), level("run/engine")), (Some(1), Some(1), Some(2)));
    assert_eq!((level("runner"), level("cli")), (None, None));
}
