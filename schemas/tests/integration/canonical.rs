//! What is decided about pairs of schemas: data in `tests/canonical.yaml`.

use schemas::canonical::{Covered, covers};

#[test]
fn each_pair_is_decided_as_written() {
    let parsed = schemas::parse("canonical.yaml", include_str!("../canonical.yaml")).expect("valid");
    let mut wrong = Vec::new();
    for case in parsed.value.as_array().expect("a list") {
        let answer = covers(&case["new"], &case["old"]);
        let word = match &answer {
            Covered::Yes => "yes",
            Covered::No { .. } => "no",
            Covered::Unknown => "unknown",
        };
        let lost = if let Covered::No { lost } = &answer { lost.clone() } else { None };
        let told = case.get("lost").is_none_or(|wanted| Some(wanted) == lost.as_ref());
        if case["covered"] != *word || !told {
            wrong.push(format!("{}: {answer:?}", case["says"]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_no_schema_is_not_decided() {
    let broken = serde_json::json!({"type": "strnig"});
    assert_eq!(covers(&broken, &serde_json::json!(true)), Covered::Unknown);
}
