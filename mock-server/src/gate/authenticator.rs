//! Who calls: from the key of a request to its caller, or to a refusal.

use std::collections::HashMap;
use std::sync::Arc;

use fixtures::{Fixtures, Key, PrivateCopies};
use http::HeaderMap;
use http::header::AUTHORIZATION;
use schemas::{Authentication, Contract, Rejection};
use serde_json::Value;

use crate::answer::Answer;
use crate::refusal::{Refusals, kind};
use crate::store::{OpenError, Opened, Workspace, Workspaces};

/// A caller that was let in.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) workspace: Arc<Workspace>,
    /// The credential, for counting; never shown.
    pub(crate) key: Arc<str>,
    pub(crate) tier: Option<Arc<str>>,
    pub(crate) identity: Option<Arc<Value>>,
}

/// A caller that was let in, and the private workspace that had to go for it.
#[derive(Debug)]
pub(crate) struct Admitted {
    pub(crate) caller: Caller,
    pub(crate) freed: Option<Arc<str>>,
}

impl From<Caller> for Admitted {
    fn from(caller: Caller) -> Self {
        Self { caller, freed: None }
    }
}

#[derive(Debug)]
struct Known {
    caller: Caller,
    revoked: bool,
}

/// Decides who calls.
#[derive(Debug)]
pub(crate) struct Authenticator {
    rules: Option<Authentication>,
    keys: HashMap<Box<str>, Known>,
    copies: Vec<PrivateCopies>,
    /// Without keys in the fixtures, any credential opens the only workspace.
    anyone: Option<Caller>,
}

impl Authenticator {
    pub(crate) fn new(contract: &Contract, fixtures: &Fixtures, workspaces: &Workspaces) -> Self {
        let caller = |key: &Key| {
            Some(Caller {
                workspace: workspaces.seeded(Some(&key.workspace))?,
                key: key.key.as_str().into(),
                tier: key.tier.as_deref().map(Arc::from),
                identity: key.identity.clone().map(Arc::new),
            })
        };
        let keys: HashMap<Box<str>, Known> = fixtures
            .keys
            .iter()
            .filter_map(|key| {
                Some((key.key.as_str().into(), Known { caller: caller(key)?, revoked: key.revoked }))
            })
            .collect();
        let only = fixtures.workspaces.keys().next().map(String::as_str);
        let anyone = (keys.is_empty() && fixtures.private_copies.is_empty())
            .then(|| {
                let workspace = workspaces.seeded(only)?;
                Some(Caller { workspace, key: "anyone".into(), tier: None, identity: None })
            })
            .flatten();
        Self {
            rules: contract.rules().authentication.clone(),
            keys,
            copies: fixtures.private_copies.clone(),
            anyone,
        }
    }

    /// The caller of a request, or the refusal.
    pub(crate) fn authenticate(
        &self,
        headers: &HeaderMap,
        workspaces: &Workspaces,
        refusals: &Refusals,
    ) -> Result<Admitted, Answer> {
        let Some(rules) = &self.rules else {
            // A description without rules of authentication: whoever calls is let in.
            let key = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(bearer);
            let known = key.and_then(|key| self.keys.get(key)).or_else(|| self.keys.values().next());
            let caller = self.anyone.clone().or_else(|| known.map(|known| known.caller.clone()));
            return caller
                .map(Admitted::from)
                .ok_or_else(|| refusals.of_kind(kind::INTERNAL, 500, "There is no workspace."));
        };
        let refused = |rejection: &Rejection, message: &str| Err(refusals.of(rejection, message, None));
        let rejections = &rules.rejections;
        let mut given = headers.get_all(AUTHORIZATION).iter();
        let Some(value) = given.next() else {
            let message = "No API key was sent. Send it as `Authorization: Bearer <key>`.";
            return refused(&rejections.missing, message);
        };
        if given.next().is_some() {
            return refused(&rejections.malformed, "More than one Authorization header was sent. Send one.");
        }
        let Some(key) = value.to_str().ok().and_then(bearer) else {
            let message = "The Authorization header is not a bearer key. Send `Authorization: Bearer <key>`.";
            return refused(&rejections.malformed, message);
        };
        if let Some(known) = self.keys.get(key) {
            return match (&rejections.revoked, known.revoked) {
                (Some(rejection), true) => refused(rejection, "This API key has been revoked."),
                (None, true) => refused(&rejections.unknown, "No such API key."),
                (_, false) => Ok(known.caller.clone().into()),
            };
        }
        if let Some(caller) = &self.anyone {
            return Ok(Caller { key: key.into(), ..caller.clone() }.into());
        }
        let Some((index, copies)) = self.copies.iter().enumerate().find(|(_, copies)| copies.opens(key))
        else {
            return refused(&rejections.unknown, "No such API key.");
        };
        match workspaces.copy(&copy_name(key, index, copies), &copies.of) {
            Ok(Opened { workspace, freed }) => {
                let caller = Caller {
                    workspace,
                    key: key.into(),
                    tier: copies.tier.as_deref().map(Arc::from),
                    identity: copies.identity.clone().map(Arc::new),
                };
                Ok(Admitted { caller, freed })
            }
            Err(OpenError::TooMany) => {
                let message = "There may be no private workspaces here; see --max-workspaces.";
                Err(refusals.of_kind(kind::LIMIT_REACHED, 400, message))
            }
        }
    }
}

/// The name of a private workspace: made from what follows the prefix, so that the key itself is nowhere shown.
fn copy_name(key: &str, index: usize, copies: &PrivateCopies) -> String {
    let suffix = key.strip_prefix(&copies.prefix).unwrap_or_default();
    if index == 0 { format!("{}~{suffix}", copies.of) } else { format!("{}~{index}~{suffix}", copies.of) }
}

/// The key of `Bearer <key>`, the scheme word in any case.
fn bearer(value: &str) -> Option<&str> {
    let (scheme, key) = value.split_once(' ')?;
    let key = key.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !key.is_empty()).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_word_is_read_in_any_case() {
        assert_eq!(bearer("bEaReR k"), Some("k"));
        assert_eq!(bearer("Bearer   k "), Some("k"));
        assert_eq!(bearer("Basic k"), None);
        assert_eq!(bearer("k"), None);
        assert_eq!(bearer("Bearer "), None);
    }
}
