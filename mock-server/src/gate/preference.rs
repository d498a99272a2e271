//! `Prefer: code=409`, `Prefer: example=NAME` and their query twins: any response on demand.

use http::HeaderMap;
use http::header::HeaderName;

/// The request header (RFC 7240).
pub(crate) const PREFER: HeaderName = HeaderName::from_static("prefer");
const CODE: &str = "code";
const EXAMPLE: &str = "example";

/// What a request asks to be answered with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Preference {
    /// A status, as it was written.
    pub(crate) code: Option<String>,
    /// The name of an example.
    pub(crate) example: Option<String>,
}

impl Preference {
    /// Reads the header, and the query parameters `__code` and `__example`, which win. `None` without either.
    pub(crate) fn of(headers: &HeaderMap, query: &[(String, String)]) -> Option<Self> {
        let mut preference = Self::default();
        for value in headers.get_all(PREFER).iter().filter_map(|value| value.to_str().ok()) {
            for part in value.split([',', ';']) {
                let (name, value) = part.split_once('=').unwrap_or((part, ""));
                preference.set(name.trim(), value.trim().trim_matches('"'));
            }
        }
        for (name, value) in query {
            if let Some(name) = name.strip_prefix("__") {
                preference.set(name, value);
            }
        }
        (preference != Self::default()).then_some(preference)
    }

    /// `code=409, example=slug_taken`.
    pub(crate) fn applied(&self) -> String {
        let code = self.code.iter().map(|code| format!("{CODE}={code}"));
        code.chain(self.example.iter().map(|name| format!("{EXAMPLE}={name}"))).collect::<Vec<_>>().join(", ")
    }

    fn set(&mut self, name: &str, value: &str) {
        match name {
            CODE => self.code = Some(value.to_owned()),
            EXAMPLE => self.example = Some(value.to_owned()),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn preferences_are_read_from_header_and_query() {
        let mut headers = HeaderMap::new();
        headers.insert(PREFER, "respond-async, code=409; example=\"a\"".parse().expect("a header"));
        let preference = Preference::of(&headers, &[]).expect("a preference");
        assert_eq!(preference.applied(), "code=409, example=a");
        let query = [("__code".to_owned(), "500".to_owned())];
        assert_eq!(
            Preference::of(&headers, &query).and_then(|preference| preference.code).as_deref(),
            Some("500")
        );
        assert_eq!(Preference::of(&HeaderMap::new(), &[("code".to_owned(), "1".to_owned())]), None);
    }
}
