//! Pairs of names and texts in queries, forms and cookies.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What stands for itself; a comma parts the items of a list, and means nothing elsewhere.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b',');
/// And what is reserved, but parts no pairs: `allowReserved`.
const RESERVED: &AsciiSet = &PLAIN
    .remove(b':')
    .remove(b'/')
    .remove(b'?')
    .remove(b'@')
    .remove(b'!')
    .remove(b'$')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b';');

/// The pairs of a query or a form, decoded, in order.
pub fn query_pairs(text: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}

/// Pairs as a query or a form; `reserved` leaves what is reserved and parts no pairs as it is.
pub fn query_text(pairs: &[(String, String)], reserved: bool) -> String {
    let set = if reserved { RESERVED } else { PLAIN };
    let pair = |(name, text): &(String, String)| {
        format!("{}={}", utf8_percent_encode(name, PLAIN), utf8_percent_encode(text, set))
    };
    pairs.iter().map(pair).collect::<Vec<_>>().join("&")
}

/// The pairs of a `Cookie` header, decoded.
pub fn cookie_pairs(line: &str) -> Vec<(String, String)> {
    let pairs = line.split(';').filter_map(|pair| pair.trim().split_once('='));
    let decoded = |text: &str| percent_decode_str(text.trim_matches('"')).decode_utf8_lossy().into_owned();
    pairs.map(|(name, text)| (name.to_owned(), decoded(text))).collect()
}

/// Pairs as a `Cookie` header.
pub fn cookie_text(pairs: &[(String, String)]) -> String {
    let pair = |(name, text): &(String, String)| format!("{name}={}", utf8_percent_encode(text, PLAIN));
    pairs.iter().map(pair).collect::<Vec<_>>().join("; ")
}
