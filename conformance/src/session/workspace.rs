//! Which workspace a key opens, without naming it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::http::hex;

/// What an identity contains: a digest of the id of each thing it names, by name. Empty where the contract has no
/// such operation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Workspace(BTreeMap<String, String>);

impl Workspace {
    /// From the answer of the identity operation; `ids` are the properties that the contract's resources are known by.
    pub(crate) fn of_identity(identity: &Value, ids: &[&str]) -> Self {
        let things = identity.as_object().into_iter().flatten();
        let named = things.filter_map(|(name, thing)| {
            let id = ids.iter().find_map(|id| thing.get(id))?;
            Some((name.clone(), digest(&id.to_string())))
        });
        Self(named.collect())
    }

    /// From the keys themselves, where no operation describes them.
    pub(crate) fn of_keys<'a>(keys: impl Iterator<Item = &'a String>) -> Self {
        Self(keys.enumerate().map(|(index, key)| (format!("key {}", index + 1), digest(key))).collect())
    }

    /// Whether two are one: they share a thing, for keys of one workspace differ themselves. `None` where that cannot
    /// be told, because they name at most one thing alike, which may be the key.
    pub(crate) fn agrees(&self, other: &Self) -> Option<bool> {
        let common = self.0.iter().filter_map(|(name, id)| other.0.get(name).map(|theirs| id == theirs));
        let common: Vec<bool> = common.collect();
        if common.contains(&true) { Some(true) } else { (common.len() > 1).then_some(false) }
    }

    /// Whether two sets of keys share one.
    pub(crate) fn shares_a_key(&self, other: &Self) -> bool {
        self.0.values().any(|key| other.0.values().any(|theirs| key == theirs))
    }
}

fn digest(text: &str) -> String {
    hex(&Sha256::digest(format!("conformance ledger\n{text}").as_bytes())[..6])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn two_are_one_where_they_share_a_thing() {
        let of = |key: &str, workspace: &str| {
            let identity = json!({"object": "me", "key": {"id": key}, "workspace": {"id": workspace}});
            Workspace::of_identity(&identity, &["id"])
        };
        assert_eq!(of("a", "w").agrees(&of("b", "w")), Some(true));
        assert_eq!(of("a", "w").agrees(&of("b", "v")), Some(false));
        let key_alone = Workspace::of_identity(&json!({"key": {"ref": "a"}}), &["id", "ref"]);
        assert_eq!(
            key_alone.agrees(&Workspace::of_identity(&json!({"key": {"ref": "b"}}), &["id", "ref"])),
            None
        );
        assert_eq!(Workspace::default().agrees(&of("a", "w")), None);
        let (one, two) = ("k1".to_owned(), "k2".to_owned());
        let both = Workspace::of_keys([&one, &two].into_iter());
        assert!(both.shares_a_key(&Workspace::of_keys([&two].into_iter())));
        assert!(!both.shares_a_key(&Workspace::of_keys([&"k3".to_owned()].into_iter())));
    }
}
