//! Keeping secrets out of everything that is written.

use std::fmt;
use std::sync::Arc;

use aho_corasick::{AhoCorasick, MatchKind};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use serde_json::Value;

use super::unescape::{Text, unescape, without_backslashes};
use crate::http::fresh_key::FreshKey;
use crate::http::keys::{Keys, in_other_case};

/// The fewest bytes that are taken for a secret: shorter ones are parts of any text.
pub(crate) const SHORTEST: usize = 6;
/// How often a text may have been escaped over.
const DEEPEST: usize = 3;
/// What stands for the value of a cookie.
const COOKIE: &str = "[cookie]";

/// Replaces secrets by the words that stand for them, however they are written: as they are, percent-encoded, with
/// JSON or HTML escapes, in base64. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Redactor {
    known: Option<Arc<Known>>,
    /// What prints keys that were not known at the beginning.
    fresh: Option<FreshKey>,
}

struct Known {
    finder: AhoCorasick,
    /// The words for each pattern of the finder.
    words: Vec<String>,
}

impl Redactor {
    /// For the keys of a run and whatever else is secret.
    pub(crate) fn new(keys: &Keys) -> Self {
        let mut secrets = keys.secrets();
        secrets.extend(
            keys.own.iter().map(|key| (in_other_case(key), "$PIVOTAL_API_KEY_IN_OTHER_CASE".to_owned())),
        );
        secrets.extend(keys.hidden.iter().map(|secret| (secret.clone(), "[secret]".to_owned())));
        Self { fresh: keys.fresh.clone(), ..Self::of(secrets) }
    }

    /// For some secrets, each with the words that stand for it.
    pub(crate) fn of(mut secrets: Vec<(String, String)>) -> Self {
        secrets.retain(|(secret, _)| secret.len() >= SHORTEST);
        let (mut patterns, mut words) = (Vec::new(), Vec::new());
        for (secret, word) in secrets {
            // As it is, as forms write its spaces, in base64.
            let plain = [secret.clone().into_bytes(), secret.replace(' ', "+").into_bytes()];
            for pattern in plain.into_iter().chain(in_base64(&secret)) {
                patterns.push(pattern);
                words.push(word.clone());
            }
        }
        // A key may be the beginning of another.
        let finder = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(patterns);
        let known = finder.ok().filter(|_| !words.is_empty()).map(|finder| Known { finder, words });
        Self { known: known.map(Arc::new), fresh: None }
    }

    /// In a text.
    pub(crate) fn text(&self, text: &mut String) {
        if let Some(known) = &self.known
            && let Some(clean) = known.redacted(text)
        {
            *text = clean;
        }
        for key in self.fresh.iter().flat_map(FreshKey::all).filter(|key| key.len() >= SHORTEST) {
            if text.contains(&key) {
                *text = text.replace(&key, "$PIVOTAL_API_KEY");
            }
        }
    }

    /// A text without secrets.
    pub(crate) fn clean(&self, text: impl Into<String>) -> String {
        let mut text = text.into();
        self.text(&mut text);
        text
    }

    /// In every text of a value, names of properties and numbers included.
    pub(crate) fn value(&self, value: &mut Value) {
        match value {
            Value::String(text) => self.text(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.value(item)),
            Value::Object(map) => {
                let old = std::mem::take(map);
                for (mut name, mut member) in old {
                    self.text(&mut name);
                    self.value(&mut member);
                    map.insert(name, member);
                }
            }
            Value::Number(number) => {
                let told = number.to_string();
                let clean = self.clean(told.as_str());
                if clean != told {
                    *value = Value::String(clean);
                }
            }
            Value::Null | Value::Bool(_) => {}
        }
    }

    /// The value of a header without secrets; of cookies only the names are kept.
    pub(crate) fn header(&self, name: &str, value: &str) -> String {
        let hide = |pair: &str| match pair.split_once('=') {
            Some((name, _)) => format!("{name}={COOKIE}"),
            None => COOKIE.to_owned(),
        };
        if name.eq_ignore_ascii_case("set-cookie") {
            let (pair, rest) = value.split_once(';').map_or((value, None), |(pair, rest)| (pair, Some(rest)));
            let rest = rest.map(|rest| format!(";{rest}")).unwrap_or_default();
            return self.clean(hide(pair) + &rest);
        }
        if name.eq_ignore_ascii_case("cookie") {
            return self.clean(value.split("; ").map(hide).collect::<Vec<_>>().join("; "));
        }
        self.clean(value)
    }
}

impl Known {
    /// The text without secrets, where there are some in it.
    fn redacted(&self, text: &str) -> Option<String> {
        let mut spans: Vec<(usize, usize, usize)> = Vec::new();
        let mut find = |text: &Text| {
            for found in self.finder.find_iter(text.bytes()) {
                let (from, to) = text.origin(found.start(), found.end());
                spans.push((from, to, found.pattern().as_usize()));
            }
        };
        let mut seen = Text::plain(text);
        for _ in 0..=DEEPEST {
            find(&seen);
            if let Some(bare) = without_backslashes(&seen) {
                find(&bare);
            }
            match unescape(&seen) {
                Some(deeper) => seen = deeper,
                None => break,
            }
        }
        if spans.is_empty() {
            return None;
        }
        spans.sort_by_key(|(from, to, _)| (*from, std::cmp::Reverse(*to)));
        let (mut clean, mut at) = (String::with_capacity(text.len()), 0);
        for (from, to, pattern) in spans {
            if from >= at {
                clean.push_str(text.get(at..from).unwrap_or_default());
                clean.push_str(&self.words[pattern]);
            }
            at = at.max(to);
        }
        clean.push_str(text.get(at..).unwrap_or_default());
        Some(clean)
    }
}

/// What a secret looks like in the middle of a text in base64: three ways, by the number of bytes before it, in two
/// alphabets. The letters at the ends hold bits of its neighbours and are left out.
fn in_base64(secret: &str) -> Vec<Vec<u8>> {
    let mut forms: Vec<Vec<u8>> = Vec::new();
    for before in 0..3 {
        let mut bytes = vec![0; before];
        bytes.extend_from_slice(secret.as_bytes());
        let (skip, whole) = ((before * 8).div_ceil(6), bytes.len() * 8 / 6);
        for text in [STANDARD.encode(&bytes), URL_SAFE.encode(&bytes)] {
            let form = text.as_bytes()[skip..whole].to_vec();
            if !forms.contains(&form) {
                forms.push(form);
            }
        }
    }
    forms
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redactor").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn redactor(secrets: &[(&str, &str)]) -> Redactor {
        Redactor::of(
            secrets.iter().map(|(secret, word)| ((*secret).to_owned(), (*word).to_owned())).collect(),
        )
    }

    #[test]
    fn the_longer_of_two_keys_is_replaced_whole() {
        let redactor = redactor(&[("key_of_mine", "$A"), ("key_of_mine2", "$B")]);
        let mut value = json!({"a": ["x key_of_mine2 y"], "key_of_mine": 1});
        redactor.value(&mut value);
        assert_eq!(value, json!({"a": ["x $B y"], "$A": 1}));
    }

    #[test]
    fn a_secret_is_found_however_it_is_written() {
        let redactor = redactor(&[("top/sécret_1", "$S")]);
        let base64 = |text: &str| STANDARD.encode(text);
        for text in [
            "top/sécret_1".to_owned(),
            "top%2Fs%C3%A9cret_1".to_owned(),
            "%74%6f%70%2f%73%c3%a9%63%72%65%74%5f%31".to_owned(),
            "top%252Fs%25C3%25A9cret_1".to_owned(),
            r"top\/s\u00e9cret_1".to_owned(),
            r"\u0074op/s\u00E9cret\u005f1".to_owned(),
            r"top\/sécret\_1".to_owned(),
            r"top\\/sécret\\_1".to_owned(),
            r"\t\o\p\/\s\é\c\r\e\t\_\1".to_owned(),
            r"top%5C%2Fs%C3%A9cret%5C_1".to_owned(),
            "top&#x2f;s&#233;cret_1".to_owned(),
            base64("top/sécret_1"),
            base64(":top/sécret_1"),
            base64("u:top/sécret_1"),
            base64("user:top/sécret_1 and more"),
            URL_SAFE.encode("user:top/sécret_1"),
        ] {
            let clean = redactor.clean(format!("<{text}>"));
            assert!(
                clean.starts_with('<') && clean.ends_with('>') && clean.contains("$S"),
                "{text}: {clean}"
            );
            let rest = clean.replace("$S", "");
            assert!(rest.len() <= 30, "{text}: {clean}");
        }
    }

    #[test]
    fn three_layers_of_escapes_are_undone() {
        let redactor = redactor(&[("abcdef", "$S")]);
        let layered =
            |layers: usize| (0..layers).fold("%61bcdef".to_owned(), |text, _| text.replace('%', "%25"));
        for (layers, found) in [(0, true), (DEEPEST - 1, true), (DEEPEST, false)] {
            assert_eq!(redactor.clean(layered(layers)) == "$S", found, "{layers}");
        }
    }

    #[test]
    fn spaces_are_found_as_forms_write_them() {
        let redactor = redactor(&[("two words", "$S")]);
        assert_eq!(redactor.clean("a=two+words&b=two%20words"), "a=$S&b=$S");
    }

    #[test]
    fn what_only_looks_escaped_stays_as_it_is() {
        let redactor = redactor(&[("abcdef", "$S")]);
        for text in ["100 %", "%zz%", r"C:\users\u12", "&amp; &nope; &#xffffffff;", "é%", "\\"] {
            assert_eq!(redactor.clean(text), text);
        }
        assert_eq!(redactor.clean(r"100 % é abc\u0064ef é"), "100 % é $S é");
    }

    #[test]
    fn a_number_that_is_a_secret_is_hidden() {
        let mut value = json!({"pin": 123_456_789});
        redactor(&[("123456789", "$S")]).value(&mut value);
        assert_eq!(value, json!({"pin": "$S"}));
    }

    #[test]
    fn cookies_keep_only_their_names() {
        let redactor = redactor(&[]);
        assert_eq!(redactor.header("Set-Cookie", "a=b=c; Path=/"), "a=[cookie]; Path=/");
        assert_eq!(redactor.header("cookie", "a=b; c=d"), "a=[cookie]; c=[cookie]");
        assert_eq!(redactor.header("accept", "a=b"), "a=b");
    }
}
