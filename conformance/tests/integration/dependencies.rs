//! What is depended on is what `deny.toml` allows: its licences and where it comes from.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use spdx::{Expression, LicenseReq, ParseMode};
use toml::Table;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace")
}

fn read(name: &str) -> Table {
    let text = std::fs::read_to_string(root().join(name)).expect(name);
    text.parse().expect(name)
}

fn texts(value: &toml::Value) -> BTreeSet<String> {
    value.as_array().into_iter().flatten().filter_map(|text| Some(text.as_str()?.to_owned())).collect()
}

/// Runs a program that comes with the tool chain, and gives what it prints, or how it failed.
fn output(program: &str, arguments: &[&str]) -> Result<String, String> {
    let output = Command::new(program).args(arguments).current_dir(root()).output().expect(program);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
}

/// The packages that are built on this machine: their manifests are here, whether there is a network or not, unless only a
/// part of the workspace was built.
fn packages() -> Vec<Value> {
    let rustc = output("rustc", &["-vV"]).expect("a compiler");
    let host = rustc.lines().find_map(|line| line.strip_prefix("host: ")).expect("a host");
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let wanted = ["metadata", "--format-version", "1", "--locked", "--filter-platform", host];
    let offline = [&wanted[..], &["--offline"]].concat();
    let metadata = output(&cargo, &offline).or_else(|_| output(&cargo, &wanted)).expect("the metadata");
    let metadata: Value = serde_json::from_str(&metadata).expect("JSON");
    metadata["packages"].as_array().expect("packages").clone()
}

#[test]
fn every_licence_is_allowed() {
    let deny = read("deny.toml");
    let licenses = &deny["licenses"];
    let allowed = texts(&licenses["allow"]);
    let exceptions = licenses["exceptions"].as_array().expect("a list");
    let mut wrong = Vec::new();
    for package in packages().iter().filter(|package| !package["source"].is_null()) {
        let name = package["name"].as_str().expect("a name");
        let of_it = exceptions.iter().filter(|exception| exception["crate"].as_str() == Some(name));
        let allowed: BTreeSet<String> =
            of_it.flat_map(|exception| texts(&exception["allow"])).chain(allowed.iter().cloned()).collect();
        let license = package["license"].as_str().unwrap_or_default();
        let fits = |license: &LicenseReq| {
            license.addition.is_none() && license.license.id().is_some_and(|id| allowed.contains(id.name))
        };
        let parsed = Expression::parse_mode(license, ParseMode::LAX);
        if !parsed.is_ok_and(|expression| expression.evaluate(fits)) {
            wrong.push(format!("{name}: {license:?}"));
        }
    }
    assert!(wrong.is_empty(), "allow it in deny.toml, with a reason, or replace the crate: {wrong:#?}");
}

#[test]
fn every_exception_is_in_the_notice() {
    let notice = std::fs::read_to_string(root().join("THIRD-PARTY.md")).expect("it is there");
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).expect("it is there");
    for exception in read("deny.toml")["licenses"]["exceptions"].as_array().expect("a list") {
        let name = exception["crate"].as_str().expect("a name");
        assert!(lock.contains(&format!("\nname = \"{name}\"\n")), "{name} is not used any more");
        assert!(notice.contains(&format!("[{name}]")), "{name}");
        for license in texts(&exception["allow"]) {
            assert!(notice.contains(&license), "{license}");
        }
    }
}

#[test]
fn everything_comes_from_the_registry_that_is_allowed() {
    let (lock, deny) = (read("Cargo.lock"), read("deny.toml"));
    let allowed = texts(&deny["sources"]["allow-registry"]);
    let packages = lock["package"].as_array().expect("packages");
    assert!(packages.len() > 100, "the lock file is read");
    for package in packages {
        let Some(source) = package.get("source").and_then(toml::Value::as_str) else { continue };
        let registry = source.strip_prefix("registry+").unwrap_or_default();
        assert!(allowed.contains(registry), "{package:?}");
        assert!(package.get("checksum").is_some(), "{package:?}");
    }
}
