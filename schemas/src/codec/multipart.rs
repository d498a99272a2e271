//! Bodies in `multipart/form-data`.

use serde_json::{Map, Value};

use super::form;
use super::media::MediaKind;
use super::nested::Leaf;
use super::scalar;
use super::unwritable::Unwritable;
use crate::model::Encoding;
use crate::schema::Schema;

/// Parts that are looked at, at the most.
const MOST_PARTS: usize = 10_000;

/// The object of a multipart body.
pub(super) fn read(
    schema: &Schema,
    encodings: &[Encoding],
    content_type: &str,
    bytes: &[u8],
) -> Result<Value, String> {
    let boundary = boundary(content_type).ok_or("its content type names no boundary")?;
    let mut leaves = Vec::new();
    for part in parts(bytes, &boundary)? {
        let leaf = Leaf { text: String::from_utf8_lossy(part.bytes).into_owned(), json: part.json };
        leaves.push((part.name, leaf));
    }
    Ok(form::gather(schema, encodings, leaves.into_iter()))
}

struct Part<'b> {
    name: String,
    json: bool,
    bytes: &'b [u8],
}

/// The `boundary` of a content type.
fn boundary(content_type: &str) -> Option<String> {
    parameters(content_type).find(|(name, _)| name == "boundary").map(|(_, value)| value)
}

/// The parameters after the first word of a header, such as `name="a"`.
fn parameters(header: &str) -> impl Iterator<Item = (String, String)> {
    let rest = header.split_once(';').map_or("", |(_, rest)| rest);
    let mut pieces: Vec<String> = vec![String::new()];
    let mut quoted = false;
    let mut letters = rest.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => quoted = !quoted,
            '\\' if quoted => pieces.last_mut().into_iter().for_each(|piece| piece.extend(letters.next())),
            ';' if !quoted => pieces.push(String::new()),
            letter => pieces.last_mut().into_iter().for_each(|piece| piece.push(letter)),
        }
    }
    pieces.into_iter().filter_map(|piece| {
        let (name, value) = piece.split_once('=')?;
        Some((name.trim().to_ascii_lowercase(), value.trim().to_owned()))
    })
}

fn parts<'b>(bytes: &'b [u8], boundary: &str) -> Result<Vec<Part<'b>>, String> {
    let line = format!("--{boundary}");
    let mut rest = after(bytes, line.as_bytes()).ok_or("it does not begin with its boundary")?;
    let next = format!("\r\n--{boundary}");
    let mut parts = Vec::new();
    loop {
        if rest.starts_with(b"--") {
            return Ok(parts);
        }
        if parts.len() >= MOST_PARTS {
            return Err(format!("it has more than {MOST_PARTS} parts"));
        }
        let start = rest.iter().position(|byte| *byte == b'\n').ok_or("it breaks off after a boundary")?;
        let content = rest.get(start + 1..).unwrap_or_default();
        let end = find(content, next.as_bytes()).ok_or("a part has no end")?;
        parts.push(part(content.get(..end).unwrap_or_default())?);
        rest = content.get(end + next.len()..).unwrap_or_default();
    }
}

fn part(bytes: &[u8]) -> Result<Part<'_>, String> {
    let (head, body) = match find(bytes, b"\r\n\r\n") {
        Some(end) => (&bytes[..end], &bytes[end + 4..]),
        None => return Err("a part has no headers".to_owned()),
    };
    let (mut name, mut json) = (None, false);
    for line in String::from_utf8_lossy(head).split("\r\n") {
        let Some((header, value)) = line.split_once(':') else { continue };
        match header.trim().to_ascii_lowercase().as_str() {
            "content-disposition" => {
                name = parameters(value).find(|(key, _)| key == "name").map(|(_, name)| unescaped(&name));
            }
            "content-type" => json = MediaKind::of(value) == MediaKind::Json,
            _ => {}
        }
    }
    let name = name.ok_or("a part has no name")?;
    Ok(Part { name, json, bytes: body })
}

/// What follows the first occurrence.
fn after<'b>(bytes: &'b [u8], what: &[u8]) -> Option<&'b [u8]> {
    bytes.get(find(bytes, what)? + what.len()..)
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    memchr::memmem::find(bytes, what)
}

/// A multipart body of an object, with its content type.
pub(super) fn write(
    schema: &Schema,
    encodings: &[Encoding],
    map: &Map<String, Value>,
) -> Result<(String, Vec<u8>), Unwritable> {
    let mut parts: Vec<(String, Vec<u8>)> = Vec::new();
    for (name, value) in map {
        let own = schema.property(name).map(|property| property.schema);
        let encoding = encodings.iter().find(|encoding| encoding.property == *name);
        let stated = encoding.and_then(|encoding| encoding.content_type.as_deref());
        let stated = stated.and_then(|types| types.split(',').next()).map(str::trim);
        let list = own.as_ref().and_then(|own| own.form_of("array"));
        match (value, &list) {
            (Value::Array(items), Some(list))
                if stated.is_none_or(|media| MediaKind::of(media) != MediaKind::Json) =>
            {
                if items.is_empty() {
                    return Err(Unwritable::new(format!("the list {name} has no items, and is not sent")));
                }
                let of_items = list.items();
                for item in items {
                    parts.push(one(name, of_items.as_ref(), stated, item)?);
                }
            }
            (value, _) => parts.push(one(name, own.as_ref(), stated, value)?),
        }
    }
    // A boundary that is in no part, and always the same for the same parts.
    let mut boundary = "----conformance".to_owned();
    while parts.iter().any(|(_, body)| find(body, boundary.as_bytes()).is_some()) {
        boundary.push('x');
    }
    let mut bytes = Vec::new();
    for (head, body) in &parts {
        bytes.extend_from_slice(format!("--{boundary}\r\n{head}\r\n\r\n").as_bytes());
        bytes.extend_from_slice(body);
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    Ok((format!("multipart/form-data; boundary={boundary}"), bytes))
}

/// The headers and the body of a part.
fn one(
    name: &str,
    schema: Option<&Schema>,
    stated: Option<&str>,
    value: &Value,
) -> Result<(String, Vec<u8>), Unwritable> {
    let named = escaped(name);
    let disposition = format!("Content-Disposition: form-data; name=\"{named}\"");
    let kind = stated.map(MediaKind::of);
    if value.is_object() || value.is_array() || kind == Some(MediaKind::Json) {
        let media = stated.filter(|_| kind == Some(MediaKind::Json)).unwrap_or("application/json");
        return Ok((format!("{disposition}\r\nContent-Type: {media}"), value.to_string().into_bytes()));
    }
    if kind == Some(MediaKind::Other) {
        let media = stated.unwrap_or_default();
        return Err(Unwritable::new(format!("{name} is to be {media}, which is not made up")));
    }
    let text = scalar::write(value)
        .map_err(|_| Unwritable::new(format!("{name} is null, which no part can say")))?;
    let head = if schema.is_some_and(is_file) || kind == Some(MediaKind::Binary) {
        let media = stated.filter(|media| !media.contains('*')).unwrap_or("application/octet-stream");
        format!("{disposition}; filename=\"{named}\"\r\nContent-Type: {media}")
    } else if let Some(media) = stated.filter(|media| !media.contains('*')) {
        format!("{disposition}\r\nContent-Type: {media}")
    } else {
        disposition
    };
    Ok((head, text.into_bytes()))
}

/// Whether a value is the content of a file.
fn is_file(schema: &Schema) -> bool {
    let format = schema.keyword("format").and_then(Value::as_str);
    format == Some("binary")
        || schema.keyword("contentMediaType").is_some()
        || schema.keyword("contentEncoding").is_some()
}

/// A name inside quotes, as browsers write it.
fn escaped(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

fn unescaped(name: &str) -> String {
    name.replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_multipart_is_told() {
        for (body, why) in [
            ("", "begin"),
            ("--b\r\n", "no end"),
            ("--b", "breaks off"),
            ("--b\r\n\r\n\r\n--b--", "no headers"),
            ("--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--", "no name"),
        ] {
            let told = parts(body.as_bytes(), "b").err().unwrap_or_default();
            assert!(told.contains(why), "{body:?}: {told}");
        }
        assert_eq!(boundary("multipart/form-data"), None);
        assert_eq!(boundary("multipart/form-data; Boundary=\"a;b\"").as_deref(), Some("a;b"));
    }

    #[test]
    fn parts_are_bounded() {
        let part = "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n";
        let body = |count: usize| format!("{}--b--", part.repeat(count));
        assert_eq!(parts(body(MOST_PARTS).as_bytes(), "b").map(|parts| parts.len()), Ok(MOST_PARTS));
        assert!(parts(body(MOST_PARTS + 1).as_bytes(), "b").is_err());
    }
}
