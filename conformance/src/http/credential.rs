//! Who a request claims to be, without the secret.

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

/// The query parameters a key might be looked for in.
pub(crate) const QUERY_NAMES: [&str; 3] = ["api_key", "access_token", "key"];

impl Credential {
    /// Whether the key under test is what lets the request in.
    pub(crate) fn is_own(self) -> bool {
        matches!(self, Self::Own | Self::LowerScheme | Self::UpperScheme)
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
