//! Who a request claims to be, without the secret.

use schemas::Contract;
use sha2::{Digest, Sha256};

/// Who a request claims to be. The secret is looked up when it is sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Credential {
    /// One of the keys under test.
    #[default]
    Own,
    /// A key of another workspace.
    Other,
    /// A key that was revoked.
    Revoked,
    /// A key nobody knows.
    Unknown,
    /// The key with letters after it.
    Longer,
    /// The key with its letters in the other case.
    OtherCase,
    /// No header at all.
    None,
    /// The key without the scheme word.
    Bare,
    /// The key under another scheme.
    OtherScheme,
    /// The scheme word in lower case.
    LowerScheme,
    /// The scheme word in upper case.
    UpperScheme,
    /// The key in the query string, no header.
    Query,
}

/// What makes a key another one; in no place of a name that any key is known to have.
const MORE: &str = "~0";

/// The query parameters a key might be looked for in.
pub(crate) const QUERY_NAMES: [&str; 3] = ["api_key", "access_token", "key"];

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
        Self { own, other, revoked, unknown, hidden: Vec::new() }
    }

    /// The same, with other texts that nobody may be shown.
    #[must_use]
    pub(crate) fn hiding(self, hidden: Vec<String>) -> Self {
        Self { hidden, ..self }
    }

    /// The `Authorization` header of a credential, with the key at `index` where it is one of our own.
    pub(crate) fn header(&self, credential: Credential, index: usize) -> Option<String> {
        let own = self.own.get(index).or_else(|| self.own.first()).map_or("", String::as_str);
        match credential {
            Credential::Own => Some(format!("Bearer {own}")),
            Credential::Other => self.other.as_ref().map(|key| format!("Bearer {key}")),
            Credential::Revoked => self.revoked.as_ref().map(|key| format!("Bearer {key}")),
            Credential::Unknown => Some(format!("Bearer {}", self.unknown)),
            Credential::Longer => Some(format!("Bearer {own}{MORE}")),
            Credential::OtherCase => Some(format!("Bearer {}", in_other_case(own))),
            Credential::None | Credential::Query => None,
            Credential::Bare => Some(own.to_owned()),
            Credential::OtherScheme => Some(format!("Basic {own}")),
            Credential::LowerScheme => Some(format!("bearer {own}")),
            Credential::UpperScheme => Some(format!("BEARER {own}")),
        }
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
        own.chain(other).chain(revoked).filter(|(key, _)| !key.is_empty()).collect()
    }
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

impl Credential {
    /// Whether the key under test is what lets the request in.
    pub(crate) fn is_own(self) -> bool {
        matches!(self, Self::Own | Self::LowerScheme | Self::UpperScheme)
    }

    /// The header as it is shown, with variables for secrets; `None` where none is sent.
    pub(crate) fn shown(self) -> Option<&'static str> {
        match self {
            Self::Own => Some("Bearer $PIVOTAL_API_KEY"),
            Self::Other => Some("Bearer $PIVOTAL_OTHER_KEY"),
            Self::Revoked => Some("Bearer $PIVOTAL_REVOKED_KEY"),
            Self::Unknown => Some("Bearer ${PIVOTAL_API_KEY}nobody"),
            Self::Longer => Some("Bearer ${PIVOTAL_API_KEY}~0"),
            // Shown whole it would be the key itself but for its case.
            Self::OtherCase => Some("Bearer $PIVOTAL_API_KEY_IN_OTHER_CASE"),
            Self::None | Self::Query => None,
            Self::Bare => Some("$PIVOTAL_API_KEY"),
            Self::OtherScheme => Some("Basic $PIVOTAL_API_KEY"),
            Self::LowerScheme => Some("bearer $PIVOTAL_API_KEY"),
            Self::UpperScheme => Some("BEARER $PIVOTAL_API_KEY"),
        }
    }

    /// A word for the terminal; `None` for the usual key.
    pub(crate) fn label(self) -> Option<&'static str> {
        match self {
            Self::Own => None,
            Self::Other => Some("key of another workspace"),
            Self::Revoked => Some("revoked key"),
            Self::Unknown => Some("unknown key"),
            Self::Longer => Some("key with letters after it"),
            Self::OtherCase => Some("key in other case"),
            Self::None => Some("no key"),
            Self::Bare => Some("key without the scheme word"),
            Self::OtherScheme => Some("key under the scheme Basic"),
            Self::LowerScheme => Some("scheme word in lower case"),
            Self::UpperScheme => Some("scheme word in upper case"),
            Self::Query => Some("key in the query string only"),
        }
    }
}
