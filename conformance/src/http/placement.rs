//! Where a credential stands in a request.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use schemas::{Credential as Place, Demand};

use super::credential::Credential;

/// A part of a request that lets its caller in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Placed {
    /// A header.
    Header(String, String),
    /// A query parameter.
    Query(String, String),
    /// A cookie.
    Cookie(String, String),
}

/// How a secret is put into a text.
pub(super) trait Written {
    /// A user and a password as basic authentication wants them.
    fn basic(&self, secret: &str) -> String;
}

/// As it is sent.
pub(super) struct AsSent;

impl Written for AsSent {
    fn basic(&self, secret: &str) -> String {
        if secret.contains(':') { STANDARD.encode(secret) } else { secret.to_owned() }
    }
}

/// As a shell makes it of variables.
pub(super) struct AsShown;

impl Written for AsShown {
    fn basic(&self, secret: &str) -> String {
        format!("$(printf %s \"{secret}\" | base64 -w0)")
    }
}

/// A secret where a scheme wants it, in the form that a credential has; `None` where the form leaves no place for it.
pub(super) fn placed(
    demand: &Demand,
    credential: Credential,
    secret: &str,
    written: &impl Written,
) -> Option<Placed> {
    let authorization = |word: &str, text: &str| {
        let text = match credential {
            Credential::Bare => text.to_owned(),
            Credential::OtherScheme if word == "Basic" => format!("Bearer {text}"),
            Credential::OtherScheme => format!("Basic {text}"),
            Credential::LowerScheme => format!("{} {text}", word.to_ascii_lowercase()),
            Credential::UpperScheme => format!("{} {text}", word.to_ascii_uppercase()),
            _ => format!("{word} {text}"),
        };
        Some(Placed::Header("authorization".to_owned(), text))
    };
    match &demand.credential {
        _ if matches!(credential, Credential::None | Credential::Query) => None,
        // Of a scheme that the description does not describe the usual one is the best guess.
        Place::Bearer | Place::Unseen => authorization("Bearer", secret),
        Place::Basic => authorization("Basic", &written.basic(secret)),
        Place::Word(word) => authorization(word, secret),
        Place::Header(name) => Some(Placed::Header(name.clone(), secret.to_owned())),
        Place::Query(name) => Some(Placed::Query(name.clone(), secret.to_owned())),
        Place::Cookie(name) => Some(Placed::Cookie(name.clone(), secret.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_stands_where_its_scheme_says() {
        let of = |credential: Place, how: Credential, secret: &str| {
            placed(&Demand { scheme: "s".to_owned(), credential }, how, secret, &AsSent)
        };
        let header = |name: &str, text: &str| Some(Placed::Header(name.to_owned(), text.to_owned()));
        let own = Credential::Own;
        assert_eq!(of(Place::Bearer, own, "k"), header("authorization", "Bearer k"));
        assert_eq!(of(Place::Basic, own, "a:b"), header("authorization", "Basic YTpi"));
        assert_eq!(of(Place::Word("Token".to_owned()), own, "k"), header("authorization", "Token k"));
        assert_eq!(of(Place::Header("X-Key".to_owned()), own, "k"), header("X-Key", "k"));
        let query = Some(Placed::Query("key".to_owned(), "k".to_owned()));
        assert_eq!(of(Place::Query("key".to_owned()), own, "k"), query);
        let cookie = Some(Placed::Cookie("sid".to_owned(), "k".to_owned()));
        assert_eq!(of(Place::Cookie("sid".to_owned()), own, "k"), cookie);
        assert_eq!(of(Place::Bearer, Credential::Bare, "k"), header("authorization", "k"));
        assert_eq!(of(Place::Basic, Credential::OtherScheme, "k"), header("authorization", "Bearer k"));
        assert_eq!(of(Place::Bearer, Credential::None, "k"), None);
    }
}
