//! What plain descriptions imply: each file of `tests/inferred` says what is expected of it.

use std::io::Write as _;
use std::path::PathBuf;

use schemas::{Contract, LoadOptions, Provenance, Standing};
use serde_json::{Map, Value};

/// The descriptions, with their names.
fn descriptions() -> Vec<(PathBuf, String)> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/inferred"));
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("a file").path()).collect();
    files.sort();
    files.into_iter().map(|path| (path.clone(), std::fs::read_to_string(path).expect("text"))).collect()
}

fn load(path: &std::path::Path, options: &LoadOptions) -> Contract {
    Contract::load_with(path, options).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn descriptions_imply_what_is_expected_of_them() {
    let mut missed = Vec::new();
    for (path, _) in descriptions() {
        let contract = load(&path, &LoadOptions::default());
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let document = contract.document();
        if document.get("/x-nothing").is_some() {
            let told: Vec<String> = contract.inferred().iter().map(schemas::Statement::pointer).collect();
            assert!(told.is_empty(), "{name}: {told:?}");
            continue;
        }
        let expected = document.get("/x-expected").and_then(Value::as_object).expect("what is expected");
        assert!(!expected.is_empty() && !contract.inferred().is_empty(), "{name}");
        for (pointer, wanted) in expected {
            let found = document.get(pointer).cloned().unwrap_or_default();
            if found != *wanted {
                missed.push(format!("{name} {pointer}\n  wanted {wanted}\n  found  {found}"));
            }
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn nothing_that_is_inferred_is_documented_and_all_of_it_has_a_reason() {
    for (path, _) in descriptions() {
        let contract = load(&path, &LoadOptions::default());
        for statement in contract.inferred() {
            assert!(statement.standing != Standing::Documented, "{statement:?}");
            assert!(statement.reason.len() > 10, "{statement:?}");
            let Provenance::Inferred(found, place) = contract.provenance(&statement.pointer()) else {
                panic!("{statement:?} comes from somewhere else");
            };
            assert!(found.pointer() == statement.pointer() && place.line > 1, "{place}");
        }
        let roles = contract.operations().iter().filter_map(|operation| operation.role.as_ref());
        let own = contract.document().get("/components/schemas/Book").is_some();
        assert!(own || roles.clone().all(|role| role.standing != Standing::Documented), "{}", path.display());
    }
}

#[test]
fn an_overlay_that_is_kept_and_given_back_means_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let kept = folder.path().join("kept.yaml");
    for (path, _) in descriptions() {
        let inferred = load(&path, &LoadOptions::default());
        let printed = inferred.inferred_overlay();
        std::fs::write(&kept, &printed).expect("is written");
        for infer in [false, true] {
            let options = LoadOptions { overlays: vec![kept.clone()], infer, ..LoadOptions::default() };
            let given = load(&path, &options);
            assert!(given.inferred().is_empty(), "{}: {:?}", path.display(), given.inferred());
            assert_eq!(
                given.document().value(),
                inferred.document().value(),
                "{}\n{printed}",
                path.display()
            );
            let odd: Vec<String> = given.problems().iter().map(ToString::to_string).collect();
            let before: Vec<String> = inferred.problems().iter().map(ToString::to_string).collect();
            assert_eq!(odd, before, "{}", path.display());
        }
        for statement in inferred.inferred() {
            assert!(printed.contains(statement.reason.as_str()), "{statement:?} is not in\n{printed}");
        }
    }
}

#[test]
fn what_is_not_asked_for_is_not_inferred() {
    for (path, _) in descriptions() {
        let written = load(&path, &LoadOptions::as_written());
        assert!(written.inferred().is_empty());
        let own = usize::from(written.document().get("/components/schemas/Book").is_some());
        assert_eq!(written.resources().len(), own, "{}", path.display());
    }
}

#[test]
fn the_built_in_contract_says_everything_itself() {
    let contract = Contract::from_text("openapi.yaml", Contract::builtin_text()).expect("valid");
    assert!(contract.inferred().is_empty());
}

/// Takes every key of the vocabulary out.
fn stripped(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let kept = members.iter().filter(|(key, _)| !key.starts_with("x-"));
            Value::Object(kept.map(|(key, member)| (key.clone(), stripped(member))).collect::<Map<_, _>>())
        }
        Value::Array(items) => items.iter().map(stripped).collect(),
        other => other.clone(),
    }
}

/// What is stated at a pointer of the built-in contract is found again as it was, or is known not to be.
#[test]
fn much_of_the_built_in_contract_is_found_again_and_nothing_of_it_is_wrong() {
    let written = Contract::builtin().expect("valid");
    let plain = stripped(written.document().value()).to_string();
    let found = Contract::from_text("plain.json", &plain).expect("valid");
    let mut table = Vec::new();
    for operation in written.operations() {
        let Some((resource, action)) = operation.acts() else { continue };
        let again = found.operation(&operation.id).and_then(|other| other.acts());
        table.push((operation.id.clone(), (resource, action), again));
    }
    for (id, stated, again) in &table {
        let word = if again.is_some() { "found" } else { "not found" };
        let _ = writeln!(std::io::stderr(), "{id:<32} {stated:?} {word}");
        assert!(again.is_none_or(|again| again == *stated), "{id}: {again:?}");
    }
    let count = table.iter().filter(|(.., again)| again.is_some()).count();
    assert_eq!((count, table.len()), (table.len(), table.len()), "{table:?}");
    for resource in written.resources() {
        let again = found.resource(&resource.name).expect("is found again");
        assert_eq!(again.identity.id, resource.identity.id, "{}", resource.name);
        assert_eq!(again.created, resource.created, "{}", resource.name);
        assert_eq!(again.updated, resource.updated, "{}", resource.name);
        let parent = |one: &schemas::Resource| {
            one.parent.as_ref().map(|parent| (parent.resource.clone(), parent.field.clone()))
        };
        assert_eq!(parent(again), parent(resource), "{}", resource.name);
        for (name, field) in &again.fields {
            let stated = &resource.fields[name].rules;
            assert!(
                field.rules.server_set.is_none() || stated.server_set.is_some(),
                "{}.{name}",
                resource.name
            );
        }
    }
}
