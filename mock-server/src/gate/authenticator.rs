//! Who calls: from the key of a request to its caller, or to a refusal.

use std::collections::HashMap;
use std::sync::Arc;

use fixtures::{Fixtures, Key, PrivateCopies};
use http::HeaderMap;
use http::header::AUTHORIZATION;
use schemas::{Authentication, Contract, Rejection, Security};
use serde_json::Value;

use super::credential::{Brought, brought};
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
    /// Who calls where no key of the fixtures is needed.
    shared: Option<Caller>,
}

/// What of a request says who calls.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Credentials<'a> {
    pub(crate) headers: &'a HeaderMap,
    pub(crate) query: Option<&'a str>,
    /// What the operation asks for; `None` where no operation is meant.
    pub(crate) security: Option<&'a Security>,
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
        let shared = workspaces.seeded(only).map(|workspace| Caller {
            workspace,
            key: "anyone".into(),
            tier: None,
            identity: None,
        });
        Self {
            rules: contract.rules().authentication.clone(),
            keys,
            copies: fixtures.private_copies.clone(),
            anyone,
            shared,
        }
    }

    /// Who calls an operation that asks for no key: one of the fixtures' keys opens its own workspace, else the first is
    /// everybody's.
    pub(crate) fn open(&self, headers: &HeaderMap) -> Option<Caller> {
        let key = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(bearer);
        let known = key.and_then(|key| self.keys.get(key)).filter(|known| !known.revoked);
        known.map(|known| known.caller.clone()).or_else(|| self.shared.clone())
    }

    /// Lets in whoever brings a credential of the form that the description asks for.
    fn by_form(
        &self,
        credentials: Credentials<'_>,
        workspaces: &Workspaces,
        refusals: &Refusals,
    ) -> Result<Admitted, Answer> {
        let nobody = || refusals.of_kind(kind::INTERNAL, 500, "There is no workspace.");
        let asked = credentials.security.map(|one| brought(one, credentials.headers, credentials.query));
        let key = match asked {
            None => String::new(),
            Some(Brought::Whole(key)) => key,
            Some(Brought::Malformed(message) | Brought::Nothing(message)) => {
                return Err(refusals.of_kind(kind::KEY_MISSING, 401, &message));
            }
        };
        let known = self.keys.get(key.as_str()).map(|known| known.caller.clone());
        if known.is_none()
            && let Some(opened) = self.open_copy(&key, workspaces, refusals)
        {
            return opened;
        }
        let caller = known.or_else(|| self.shared.clone()).ok_or_else(nobody)?;
        // Each credential is counted by itself.
        let key = if key.is_empty() { Arc::clone(&caller.key) } else { key.into() };
        Ok(Caller { key, ..caller }.into())
    }

    /// Whether the rules of the contract say nothing of what an operation asks for, or of what a request brings.
    fn is_beside_rules(rules: &Authentication, credentials: Credentials<'_>) -> bool {
        let Some(security) = credentials.security else { return false };
        let by_rules = |scheme: &str| scheme == rules.scheme;
        let others =
            || security.alternatives.iter().filter(|all| !all.iter().any(|one| by_rules(&one.scheme)));
        if others().count() == security.alternatives.len() {
            return true;
        }
        let beside = Security { alternatives: others().filter(|all| !all.is_empty()).cloned().collect() };
        !credentials.headers.contains_key(AUTHORIZATION)
            && !beside.alternatives.is_empty()
            && matches!(brought(&beside, credentials.headers, credentials.query), Brought::Whole(_))
    }

    /// The caller of a request, or the refusal.
    pub(crate) fn authenticate(
        &self,
        credentials: Credentials<'_>,
        workspaces: &Workspaces,
        refusals: &Refusals,
    ) -> Result<Admitted, Answer> {
        let headers = credentials.headers;
        let rules = self.rules.as_ref().filter(|rules| !Self::is_beside_rules(rules, credentials));
        let Some(rules) = rules else {
            return self.by_form(credentials, workspaces, refusals);
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
        self.open_copy(key, workspaces, refusals)
            .unwrap_or_else(|| refused(&rejections.unknown, "No such API key."))
    }

    /// The private copy that a key opens, if there are copies for keys like it.
    fn open_copy(
        &self,
        key: &str,
        workspaces: &Workspaces,
        refusals: &Refusals,
    ) -> Option<Result<Admitted, Answer>> {
        let (index, copies) = self.copies.iter().enumerate().find(|(_, copies)| copies.opens(key))?;
        Some(match workspaces.copy(&copy_name(key, index, copies), &copies.of) {
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
        })
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
