//! The credentials that an operation asks for.

use serde_json::Value;

use crate::pointer;
use crate::source::Document;

/// The credentials that an operation asks for: one of several combinations.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Security {
    /// The combinations, each of which will do; an empty one is a request without any credential. None at all: nothing is asked
    /// for.
    pub alternatives: Vec<Vec<Demand>>,
}

/// One credential of a combination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demand {
    /// The name of the security scheme.
    pub scheme: String,
    /// Where the credential stands.
    pub credential: Credential,
}

/// Where a credential stands in a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credential {
    /// `Authorization: Bearer …`; so do `oauth2` and `openIdConnect`.
    Bearer,
    /// `Authorization: Basic …`.
    Basic,
    /// `Authorization` with another word.
    Word(String),
    /// A header of this name.
    Header(String),
    /// A query parameter of this name.
    Query(String),
    /// A cookie of this name.
    Cookie(String),
    /// Nowhere in the request, as a certificate is; or the description does not say.
    Unseen,
}

impl Security {
    /// Reads what an operation asks for: its own requirements, else those of the whole description.
    pub(super) fn of(document: &Document, operation: &str) -> Self {
        let own = document.get(&pointer::join(operation, "security"));
        let stated = own.or_else(|| document.get("/security")).and_then(Value::as_array);
        let combination = |one: &Value| -> Option<Vec<Demand>> {
            let schemes = one.as_object()?.keys();
            Some(schemes.map(|scheme| Demand::of(document, scheme)).collect())
        };
        Self { alternatives: stated.into_iter().flatten().filter_map(combination).collect() }
    }

    /// Every scheme that a description declares, in its order.
    pub fn declared(document: &Document) -> Vec<Demand> {
        let schemes = document.get("/components/securitySchemes").and_then(Value::as_object);
        schemes
            .into_iter()
            .flat_map(|schemes| schemes.keys())
            .map(|name| Demand::of(document, name))
            .collect()
    }

    /// Whether a request without any credential will do.
    pub fn is_open(&self) -> bool {
        self.alternatives.is_empty() || self.is_optional()
    }

    /// Whether no credential is one of the stated alternatives.
    pub fn is_optional(&self) -> bool {
        self.alternatives.iter().any(Vec::is_empty)
    }

    /// Every credential that is asked for in some combination, once.
    pub fn demands(&self) -> impl Iterator<Item = &Demand> {
        let all = || self.alternatives.iter().flatten();
        all().enumerate().filter_map(move |(index, demand)| {
            let first = all().take(index).all(|other| other.scheme != demand.scheme);
            first.then_some(demand)
        })
    }
}

impl Demand {
    fn of(document: &Document, scheme: &str) -> Self {
        let at = pointer::join("/components/securitySchemes", scheme);
        let stated = document.resolve(&at).map(|(_, value)| value);
        let credential = stated.map_or(Credential::Unseen, Credential::of);
        Self { scheme: scheme.to_owned(), credential }
    }
}

impl Credential {
    fn of(scheme: &Value) -> Self {
        let text = |key: &str| scheme.get(key).and_then(Value::as_str).unwrap_or_default();
        match text("type").to_ascii_lowercase().as_str() {
            "oauth2" | "openidconnect" => Self::Bearer,
            "http" => match text("scheme").to_ascii_lowercase().as_str() {
                "bearer" => Self::Bearer,
                "basic" => Self::Basic,
                "" => Self::Unseen,
                _ => Self::Word(text("scheme").to_owned()),
            },
            "apikey" if !text("name").is_empty() => {
                let name = text("name").to_owned();
                match text("in") {
                    "header" => Self::Header(name),
                    "query" => Self::Query(name),
                    "cookie" => Self::Cookie(name),
                    _ => Self::Unseen,
                }
            }
            _ => Self::Unseen,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(security: &Value) -> Security {
        let description = json!({
            "security": [{"key": []}],
            "paths": {"/a": {"get": {"security": security}}, "/b": {"get": {}}},
            "components": {"securitySchemes": {
                "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
                "query": {"type": "apiKey", "in": "query", "name": "key"},
                "cookie": {"type": "apiKey", "in": "cookie", "name": "sid"},
                "bearer": {"type": "http", "scheme": "Bearer"},
                "basic": {"type": "http", "scheme": "basic"},
                "hmac": {"type": "http", "scheme": "HMAC"},
                "oauth": {"type": "oauth2", "flows": {}},
                "openid": {"type": "openIdConnect"},
                "other": {"$ref": "#/components/securitySchemes/basic"},
                "tls": {"type": "mutualTLS"},
            }},
        });
        let document = Document::from_text("a.json", &description.to_string()).expect("valid");
        Security::of(&document, if security.is_null() { "/paths/~1b/get" } else { "/paths/~1a/get" })
    }

    #[test]
    fn every_scheme_has_its_place() {
        for (scheme, place) in [
            ("key", Credential::Header("X-Key".to_owned())),
            ("query", Credential::Query("key".to_owned())),
            ("cookie", Credential::Cookie("sid".to_owned())),
            ("bearer", Credential::Bearer),
            ("basic", Credential::Basic),
            ("hmac", Credential::Word("HMAC".to_owned())),
            ("oauth", Credential::Bearer),
            ("openid", Credential::Bearer),
            ("other", Credential::Basic),
            ("tls", Credential::Unseen),
            ("nobody", Credential::Unseen),
        ] {
            assert_eq!(of(&json!([{scheme: []}])).alternatives[0][0].credential, place, "{scheme}");
        }
    }

    #[test]
    fn alternatives_and_combinations_are_kept_apart() {
        let security = of(&json!([{"key": [], "query": []}, {"basic": []}, {"key": []}]));
        let named = |demands: &[Demand]| demands.iter().map(|one| one.scheme.clone()).collect::<Vec<_>>();
        let alternatives: Vec<_> = security.alternatives.iter().map(|one| named(one)).collect();
        assert_eq!(alternatives, [vec!["key", "query"], vec!["basic"], vec!["key"]]);
        let all: Vec<&str> = security.demands().map(|demand| demand.scheme.as_str()).collect();
        assert_eq!(all, ["key", "query", "basic"]);
        assert!(!security.is_open());
    }

    #[test]
    fn the_whole_description_speaks_where_an_operation_does_not() {
        assert_eq!(of(&Value::Null).alternatives.len(), 1);
        assert!(of(&json!([])).is_open());
        assert!(!of(&json!([])).is_optional());
        assert!(of(&json!([{"key": []}, {}])).is_optional());
    }
}
