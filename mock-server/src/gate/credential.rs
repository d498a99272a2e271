//! Credentials by the form that a description gives them.

use std::borrow::Cow;

use http::HeaderMap;
use http::header::{AUTHORIZATION, COOKIE};
use schemas::{Credential, Demand, Security};

/// What a request brings of what it must bring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Brought {
    /// One of the combinations: the credential that stands first in it, empty where it cannot be seen.
    Whole(String),
    /// Something, which is not of its form; with what to do.
    Malformed(String),
    /// Nothing; with what to do.
    Nothing(String),
}

/// Holds a request to the credentials that an operation asks for.
pub(super) fn brought(security: &Security, headers: &HeaderMap, query: Option<&str>) -> Brought {
    let mut malformed = None;
    for combination in &security.alternatives {
        let found: Vec<Found<'_>> = combination.iter().map(|demand| find(demand, headers, query)).collect();
        let whole = found.iter().all(|one| matches!(one, Found::Given(_)));
        if whole && !combination.is_empty() {
            let first = found.into_iter().find_map(|one| match one {
                Found::Given(text) if !text.is_empty() => Some(text.into_owned()),
                _ => None,
            });
            return Brought::Whole(first.unwrap_or_default());
        }
        let wrong = combination.iter().zip(&found).find(|(_, one)| matches!(one, Found::Malformed));
        malformed = malformed.or(wrong.map(|(demand, _)| demand));
    }
    if security.is_open() {
        return Brought::Whole(String::new());
    }
    if let Some(demand) = malformed {
        return Brought::Malformed(format!("The credential is not of its form. {}", advice(demand)));
    }
    let demands: Vec<String> = security.alternatives.iter().map(|one| together(one)).collect();
    Brought::Nothing(format!("No credential was sent. {}", demands.join(" Or: ")))
}

fn together(combination: &[Demand]) -> String {
    combination.iter().map(advice).collect::<Vec<_>>().join(" ")
}

fn advice(demand: &Demand) -> String {
    match &demand.credential {
        Credential::Bearer => "Send `Authorization: Bearer <key>`.".to_owned(),
        Credential::Basic => "Send `Authorization: Basic <user:password in base64>`.".to_owned(),
        Credential::Word(word) => format!("Send `Authorization: {word} <key>`."),
        Credential::Header(name) => format!("Send it as the header `{name}`."),
        Credential::Query(name) => format!("Send it as the query parameter `{name}`."),
        Credential::Cookie(name) => format!("Send it as the cookie `{name}`."),
        Credential::Unseen => format!("Send what {} asks for.", demand.scheme),
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Found<'a> {
    Given(Cow<'a, str>),
    Malformed,
    Missing,
}

fn find<'a>(demand: &Demand, headers: &'a HeaderMap, query: Option<&'a str>) -> Found<'a> {
    let given = |text: Option<Cow<'a, str>>| match text {
        Some(text) if !text.trim().is_empty() => Found::Given(text),
        Some(_) => Found::Malformed,
        None => Found::Missing,
    };
    let header = |name: &str| headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()));
    let authorization = |word: &str, fits: fn(&str) -> bool| {
        let mut all = headers.get_all(AUTHORIZATION).iter();
        let Some(value) = all.next() else { return Found::Missing };
        let text = value.to_str().ok().filter(|_| all.next().is_none());
        let key = text.and_then(|text| text.split_once(' ')).filter(|(scheme, key)| {
            scheme.eq_ignore_ascii_case(word) && !key.trim().is_empty() && fits(key.trim())
        });
        key.map_or(Found::Malformed, |(_, key)| Found::Given(key.trim().into()))
    };
    match &demand.credential {
        Credential::Bearer => authorization("bearer", |_| true),
        Credential::Basic => authorization("basic", is_pair),
        Credential::Word(word) => authorization(word, |_| true),
        Credential::Header(name) => given(header(name)),
        Credential::Query(name) => {
            let mut pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
            given(pairs.find(|(key, _)| key == name).map(|(_, value)| value))
        }
        Credential::Cookie(name) => {
            let lines = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
            let mut pairs =
                lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
            given(pairs.find(|(key, _)| key == name).map(|(_, value)| value.trim_matches('"').into()))
        }
        Credential::Unseen => Found::Given("".into()),
    }
}

/// Whether a text is a name and a password in base64.
fn is_pair(text: &str) -> bool {
    let decoded = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, text);
    let unpadded = || base64::Engine::decode(&base64::engine::general_purpose::STANDARD_NO_PAD, text);
    decoded.or_else(|_| unpadded()).is_ok_and(|bytes| bytes.contains(&b':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn security(alternatives: &[&[Credential]]) -> Security {
        let demand =
            |credential: &Credential| Demand { scheme: "s".to_owned(), credential: credential.clone() };
        let alternatives = alternatives.iter().map(|all| all.iter().map(demand).collect());
        Security { alternatives: alternatives.collect() }
    }

    fn told(security: &Security, headers: &[(&'static str, &'static str)], query: &str) -> &'static str {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| (name.parse().expect("a name"), value.parse().expect("a value")))
            .collect::<HeaderMap<http::HeaderValue>>();
        match brought(security, &headers, Some(query)) {
            Brought::Whole(_) => "whole",
            Brought::Malformed(_) => "malformed",
            Brought::Nothing(_) => "nothing",
        }
    }

    #[test]
    fn each_kind_of_credential_is_seen_where_it_stands() {
        let name = || "x-key".to_owned();
        for (credential, header, query, expected) in [
            (Credential::Bearer, ("authorization", "bearer k"), "", "whole"),
            (Credential::Bearer, ("authorization", "Basic dTpw"), "", "malformed"),
            (Credential::Bearer, ("authorization", "k"), "", "malformed"),
            (Credential::Bearer, ("x-key", "k"), "", "nothing"),
            (Credential::Basic, ("authorization", "Basic dTpw"), "", "whole"),
            (Credential::Basic, ("authorization", "Basic dXA="), "", "malformed"),
            (Credential::Basic, ("authorization", "Basic ?"), "", "malformed"),
            (Credential::Word("Token".to_owned()), ("authorization", "token k"), "", "whole"),
            (Credential::Header(name()), ("x-key", "k"), "", "whole"),
            (Credential::Header(name()), ("x-key", " "), "", "malformed"),
            (Credential::Header(name()), ("x-other", "k"), "", "nothing"),
            (Credential::Query(name()), ("x-key", "k"), "a=b", "nothing"),
            (Credential::Query(name()), ("x-other", "k"), "a=b&x-key=k", "whole"),
            (Credential::Cookie(name()), ("cookie", "a=b; x-key=k"), "", "whole"),
            (Credential::Cookie(name()), ("cookie", "a=b"), "", "nothing"),
            (Credential::Unseen, ("x-other", "k"), "", "whole"),
        ] {
            assert_eq!(
                told(&security(&[std::slice::from_ref(&credential)]), &[header], query),
                expected,
                "{credential:?} {header:?}"
            );
        }
    }

    #[test]
    fn a_combination_is_wanted_whole_and_one_alternative_is_enough() {
        let header = |name: &str| Credential::Header(name.to_owned());
        let both = security(&[&[header("x-a"), header("x-b")], &[Credential::Bearer]]);
        assert_eq!(told(&both, &[("x-a", "k")], ""), "nothing");
        assert_eq!(told(&both, &[("x-a", "k"), ("x-b", "k")], ""), "whole");
        assert_eq!(told(&both, &[("authorization", "Bearer k")], ""), "whole");
        assert_eq!(told(&security(&[&[header("x-a")], &[]]), &[], ""), "whole");
    }
}
