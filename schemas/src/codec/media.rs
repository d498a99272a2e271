//! Media types: what kind of body each is, and which of several fits.

/// How a body of a media type is read and written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MediaKind {
    /// JSON, and whatever is built on it.
    Json,
    /// `application/x-www-form-urlencoded`.
    Form,
    /// `multipart/form-data`.
    Multipart,
    /// Text that is no other format.
    Text,
    /// Bytes of which nothing is known.
    Binary,
    /// A format that is neither read nor written here, such as XML or an image.
    Other,
}

impl MediaKind {
    /// The kind of a media type or a range of them.
    pub fn of(media_type: &str) -> Self {
        match essence(media_type).as_str() {
            "application/json" | "text/json" | "*/*" | "application/*" | "" => Self::Json,
            "application/x-www-form-urlencoded" => Self::Form,
            "multipart/form-data" => Self::Multipart,
            "application/octet-stream" => Self::Binary,
            "text/xml" | "text/event-stream" => Self::Other,
            other if other.ends_with("+json") => Self::Json,
            other if other.ends_with("+xml") => Self::Other,
            other if other.starts_with("text/") => Self::Text,
            _ => Self::Other,
        }
    }
}

/// A media type without its parameters, in lower case.
pub fn essence(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Whether a media type is of a range, such as `image/*`; a type is a range of one.
pub fn is_within(media_type: &str, range: &str) -> bool {
    let (media_type, range) = (essence(media_type), essence(range));
    let (Some((kind, of)), Some((actual, is))) = (range.split_once('/'), media_type.split_once('/')) else {
        return false;
    };
    (kind == "*" || kind == actual) && (of == "*" || of == is)
}

/// The position of the offered media type that an `Accept` header prefers; `None` where it wants none of them. Of those it
/// wants equally the first counts, and without a wish the first of all.
pub fn preferred(accept: &str, offered: &[String]) -> Option<usize> {
    let wishes: Vec<(String, f64)> = accept.split(',').filter_map(wish).collect();
    if wishes.is_empty() {
        return (!offered.is_empty()).then_some(0);
    }
    let mut best: Option<(usize, f64)> = None;
    for (position, media_type) in offered.iter().enumerate() {
        let fits = |range: &str| is_within(media_type, range) || is_within(range, media_type);
        // The most exact wish decides.
        let exact = |range: &str| usize::from(!range.starts_with("*/")) + usize::from(!range.ends_with("/*"));
        let weight = wishes.iter().filter(|(range, _)| fits(range)).max_by_key(|(range, _)| exact(range));
        let Some((_, weight)) = weight.filter(|(_, weight)| *weight > 0.0) else { continue };
        if best.is_none_or(|(_, known)| *weight > known) {
            best = Some((position, *weight));
        }
    }
    best.map(|(position, _)| position)
}

fn wish(text: &str) -> Option<(String, f64)> {
    let range = essence(text);
    let weight = text.split(';').skip(1).find_map(|part| part.trim().strip_prefix("q="));
    let weight = weight.and_then(|weight| weight.trim().parse().ok()).unwrap_or(1.0);
    range.contains('/').then_some((range, weight))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_follows_from_the_media_type() {
        for (media_type, kind) in [
            ("application/json; charset=utf-8", MediaKind::Json),
            ("application/problem+JSON", MediaKind::Json),
            ("*/*", MediaKind::Json),
            ("application/x-www-form-urlencoded", MediaKind::Form),
            ("multipart/form-data; boundary=x", MediaKind::Multipart),
            ("text/csv", MediaKind::Text),
            ("text/xml", MediaKind::Other),
            ("image/svg+xml", MediaKind::Other),
            ("application/octet-stream", MediaKind::Binary),
            ("image/png", MediaKind::Other),
        ] {
            assert_eq!(MediaKind::of(media_type), kind, "{media_type}");
        }
    }

    #[test]
    fn of_several_the_one_that_is_wanted_most_is_sent() {
        let offered: Vec<String> = ["application/json", "text/csv", "text/plain"].map(str::to_owned).to_vec();
        for (accept, wanted) in [
            ("", Some(0)),
            ("*/*", Some(0)),
            ("text/csv", Some(1)),
            ("text/*", Some(1)),
            ("text/plain, */*;q=0.1", Some(2)),
            ("text/*;q=0.5, application/json;q=0.4", Some(1)),
            ("text/csv;q=0, */*", Some(0)),
            ("application/xml", None),
            ("application/json;q=0", None),
        ] {
            assert_eq!(preferred(accept, &offered), wanted, "{accept}");
        }
    }
}
