//! The keys of a run, and what they put into requests.

use schemas::{Contract, Credential as Place, Demand, Security};
use sha2::{Digest, Sha256};

use super::credential::Credential;
use super::fresh_key::FreshKey;
use super::placement::{AsSent, AsShown, Placed, placed};
use crate::contract::Operation;

/// What makes a key another one; in no place of a name that any key is known to have.
const MORE: &str = "~0";

/// The keys of a run.
#[derive(Clone)]
pub(crate) struct Keys {
    /// Keys of the workspace under test; at least one.
    pub(crate) own: Vec<String>,
    /// A key of another workspace.
    pub(crate) other: Option<String>,
    /// A key that was revoked.
    pub(crate) revoked: Option<String>,
    /// A well-formed key nobody knows.
    pub(crate) unknown: String,
    /// Other texts that nobody may be shown.
    pub(crate) hidden: Vec<String>,
    /// The credentials of single schemes, by the schemes' names.
    schemes: Vec<(String, String)>,
    /// Where the key under test comes from, if a command prints it.
    pub(crate) fresh: Option<FreshKey>,
    /// What operations ask for that say nothing of it.
    usual: Vec<Demand>,
}

impl Keys {
    pub(crate) fn new(
        contract: &Contract,
        own: Vec<String>,
        other: Option<String>,
        revoked: Option<String>,
    ) -> Self {
        let prefix = contract
            .rules()
            .authentication
            .as_ref()
            .and_then(|rules| rules.key_prefixes.as_ref())
            .map_or("", |prefixes| prefixes.test.as_str());
        let digest = Sha256::digest(own.join("\n").as_bytes());
        let unknown = format!("{prefix}nobody{}", super::hex::hex(&digest[..12]));
        Self {
            own,
            other,
            revoked,
            unknown,
            hidden: Vec::new(),
            schemes: Vec::new(),
            fresh: None,
            usual: usual(contract),
        }
    }

    /// The same, with other texts that nobody may be shown.
    #[must_use]
    pub(crate) fn hiding(self, hidden: Vec<String>) -> Self {
        Self { hidden, ..self }
    }

    /// The same, with the credentials of single schemes.
    #[must_use]
    pub(crate) fn with_schemes(self, schemes: Vec<(String, String)>) -> Self {
        Self { schemes, ..self }
    }

    /// The same, with a command that prints the key under test.
    #[must_use]
    pub(crate) fn renewed_by(self, fresh: Option<FreshKey>) -> Self {
        Self { fresh, ..self }
    }

    /// What lets the caller of an operation in, with the key at `index` where it is one of our own.
    pub(crate) fn placed(&self, op: Option<&Operation>, credential: Credential, index: usize) -> Vec<Placed> {
        let newest = self.fresh.as_ref().map(FreshKey::current);
        let own = newest.as_ref().or_else(|| self.own.get(index)).or_else(|| self.own.first());
        let own = own.filter(|key| !key.is_empty());
        let given = |scheme: &str| self.given(scheme).or(own.map(String::as_str));
        let secret = |demand: &Demand| match credential {
            Credential::Other => self.other.clone(),
            Credential::Revoked => self.revoked.clone(),
            Credential::Unknown if demand.credential == Place::Basic => {
                Some(format!("{0}:{0}", self.unknown))
            }
            Credential::Unknown => Some(self.unknown.clone()),
            Credential::Longer => given(&demand.scheme).map(|own| format!("{own}{MORE}")),
            Credential::OtherCase => given(&demand.scheme).map(in_other_case),
            _ => given(&demand.scheme).map(str::to_owned),
        };
        let demands = self.combination(op).iter();
        demands.filter_map(|demand| placed(demand, credential, &secret(demand)?, &AsSent)).collect()
    }

    /// The same as it is shown, with variables for secrets.
    pub(crate) fn shown(&self, op: Option<&Operation>, credential: Credential) -> Vec<Placed> {
        if self.own.is_empty() && credential.is_own() {
            return Vec::new();
        }
        let secret = |demand: &Demand| {
            let own = match self.given(&demand.scheme) {
                Some(_) => variable(&demand.scheme),
                None => "PIVOTAL_API_KEY".to_owned(),
            };
            match credential {
                Credential::Other => "$PIVOTAL_OTHER_KEY".to_owned(),
                Credential::Revoked => "$PIVOTAL_REVOKED_KEY".to_owned(),
                Credential::Unknown => format!("${{{own}}}nobody"),
                Credential::Longer => format!("${{{own}}}{MORE}"),
                // Shown whole it would be the key itself but for its case.
                Credential::OtherCase => format!("${own}_IN_OTHER_CASE"),
                _ => format!("${own}"),
            }
        };
        let demands = self.combination(op).iter();
        demands.filter_map(|demand| placed(demand, credential, &secret(demand), &AsShown)).collect()
    }

    /// The credentials that an operation is called with, of those that it takes: one of which all are given, else the first.
    /// What is no operation, and an operation of a description that forgets to say, is called as most others are.
    fn combination<'a>(&'a self, op: Option<&'a Operation>) -> &'a [Demand] {
        let all = op.map(|op| op.security.alternatives.as_slice()).unwrap_or_default();
        let of_some = || all.iter().filter(|demands| !demands.is_empty());
        let is_given =
            |demands: &&Vec<Demand>| demands.iter().all(|demand| self.given(&demand.scheme).is_some());
        let chosen = of_some().find(is_given).or_else(|| of_some().min_by_key(|demands| demands.len()));
        chosen.map_or(self.usual.as_slice(), Vec::as_slice)
    }

    fn given(&self, scheme: &str) -> Option<&str> {
        self.schemes.iter().find(|(name, _)| name == scheme).map(|(_, secret)| secret.as_str())
    }

    /// Every secret with the words that stand for it.
    pub(crate) fn secrets(&self) -> Vec<(String, String)> {
        let own = self.own.iter().enumerate().map(|(index, key)| {
            let name = if index == 0 {
                "$PIVOTAL_API_KEY".to_owned()
            } else {
                format!("$PIVOTAL_API_KEY_{}", index + 1)
            };
            (key.clone(), name)
        });
        let other = self.other.iter().map(|key| (key.clone(), "$PIVOTAL_OTHER_KEY".to_owned()));
        let revoked = self.revoked.iter().map(|key| (key.clone(), "$PIVOTAL_REVOKED_KEY".to_owned()));
        let schemes =
            self.schemes.iter().map(|(scheme, secret)| (secret.clone(), format!("${}", variable(scheme))));
        own.chain(schemes).chain(other).chain(revoked).filter(|(key, _)| !key.is_empty()).collect()
    }
}

/// What the operations of a contract ask for that ask for anything, else what it declares, else a bearer key.
fn usual(contract: &Contract) -> Vec<Demand> {
    let stated = contract.operations().iter().flat_map(|op| &op.security.alternatives);
    let first = stated.filter(|demands| !demands.is_empty()).min_by_key(|demands| demands.len()).cloned();
    first.unwrap_or_else(|| {
        let declared = Security::declared(contract.document()).into_iter().next();
        let bearer = || Demand { scheme: String::new(), credential: Place::Bearer };
        vec![declared.unwrap_or_else(bearer)]
    })
}

/// The variable that stands for the credential of a scheme.
fn variable(scheme: &str) -> String {
    let letter =
        |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_uppercase() } else { '_' };
    format!("CONFORMANCE_AUTH_{}", scheme.chars().map(letter).collect::<String>())
}

/// A key with its last letters in the other case: those after the last underscore, for what comes before may be the same
/// for every key and looked at first.
pub(crate) fn in_other_case(key: &str) -> String {
    let last = key.rfind('_').map_or(0, |at| at + 1);
    let start = if key[last..].bytes().any(|byte| byte.is_ascii_alphabetic()) { last } else { 0 };
    let turned = key[start..].chars().map(|letter| match letter {
        'a'..='z' => letter.to_ascii_uppercase(),
        other => other.to_ascii_lowercase(),
    });
    key[..start].chars().chain(turned).collect()
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keys").field("own", &self.own.len()).finish_non_exhaustive()
    }
}
