//! Undoing escapes without losing where each byte came from.

/// Bytes of a text, and where in it each of them came from.
pub(crate) struct Text {
    bytes: Vec<u8>,
    /// The range of the original that each byte stands for; empty where every byte stands for itself.
    origins: Vec<(usize, usize)>,
}

impl Text {
    /// The text as it is.
    pub(crate) fn plain(text: &str) -> Self {
        Self { bytes: text.as_bytes().to_vec(), origins: Vec::new() }
    }

    /// The bytes.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The part of the original that a range of bytes stands for.
    pub(crate) fn origin(&self, from: usize, to: usize) -> (usize, usize) {
        match (self.origins.get(from), self.origins.get(to.saturating_sub(1))) {
            (Some((from, _)), Some((_, to))) => (*from, *to),
            _ => (from, to),
        }
    }
}

/// The text with one layer of escapes undone: percent, JSON and HTML; `None` where there are none.
pub(crate) fn unescape(text: &Text) -> Option<Text> {
    let bytes = text.bytes();
    if !bytes.iter().any(|byte| matches!(byte, b'%' | b'\\' | b'&')) {
        return None;
    }
    let (mut out, mut at, mut changed) =
        (Text { bytes: Vec::with_capacity(bytes.len()), origins: Vec::with_capacity(bytes.len()) }, 0, false);
    while at < bytes.len() {
        let rest = &bytes[at..];
        let (meant, length) = match escape(rest) {
            Some((meant, length)) => {
                changed = true;
                (meant, length)
            }
            None => (Meant::Byte(rest[0]), 1),
        };
        let origin = text.origin(at, at + length);
        let mut buffer = [0; 4];
        let meant: &[u8] = match meant {
            Meant::Byte(byte) => {
                buffer[0] = byte;
                &buffer[..1]
            }
            Meant::Letter(letter) => letter.encode_utf8(&mut buffer).as_bytes(),
        };
        for byte in meant {
            out.bytes.push(*byte);
            out.origins.push(origin);
        }
        at += length;
    }
    changed.then_some(out)
}

/// The text without its backslashes, for whoever writes one before every letter; `None` where there are none.
pub(crate) fn without_backslashes(text: &Text) -> Option<Text> {
    let bytes = text.bytes();
    if !bytes.contains(&b'\\') {
        return None;
    }
    let (mut out, mut from) = (Text { bytes: Vec::new(), origins: Vec::new() }, None);
    for (at, byte) in bytes.iter().enumerate() {
        if *byte == b'\\' {
            from.get_or_insert(at);
            continue;
        }
        // What stands before a letter goes with it.
        let origin = text.origin(from.take().unwrap_or(at), at + 1);
        out.bytes.push(*byte);
        out.origins.push(origin);
    }
    Some(out)
}

enum Meant {
    Byte(u8),
    Letter(char),
}

/// What the escape at the beginning stands for, and how long it is.
fn escape(rest: &[u8]) -> Option<(Meant, usize)> {
    match rest {
        [b'%', high, low, ..] => Some((Meant::Byte(hex(&[*high, *low])?.try_into().ok()?), 3)),
        [b'\\', b'u', ..] => json_unit(rest),
        [b'\\', b'x', high, low, ..] => Some((Meant::Letter(char::from_u32(hex(&[*high, *low])?)?), 4)),
        [b'\\', letter, ..] => {
            let meant = match letter {
                b'"' | b'\\' | b'/' | b'\'' => *letter,
                b'n' => b'\n',
                b'r' => b'\r',
                b't' => b'\t',
                b'b' => 0x08,
                b'f' => 0x0c,
                // As shells, patterns and Markdown write what would mean something else.
                letter if letter.is_ascii_punctuation() || *letter == b' ' => *letter,
                _ => return None,
            };
            Some((Meant::Byte(meant), 2))
        }
        [b'&', ..] => entity(rest),
        _ => None,
    }
}

/// `\u0041`, or a pair of them for a letter beyond the basic plane.
fn json_unit(rest: &[u8]) -> Option<(Meant, usize)> {
    let unit = |at: usize| hex(rest.get(at..at + 4)?);
    let first = unit(2)?;
    if let Some(letter) = char::from_u32(first) {
        return Some((Meant::Letter(letter), 6));
    }
    let second = rest.get(6..8).filter(|next| next == b"\\u").and_then(|_| unit(8))?;
    let units = [u16::try_from(first).ok()?, u16::try_from(second).ok()?];
    let letter = char::decode_utf16(units).next()?.ok()?;
    Some((Meant::Letter(letter), 12))
}

/// `&amp;`, `&#65;`, `&#x41;`.
fn entity(rest: &[u8]) -> Option<(Meant, usize)> {
    let end = rest.iter().take(12).position(|byte| *byte == b';')?;
    let letter = match &rest[1..end] {
        b"amp" => '&',
        b"lt" => '<',
        b"gt" => '>',
        b"quot" => '"',
        b"apos" => '\'',
        [b'#', b'x' | b'X', digits @ ..] => char::from_u32(hex(digits)?)?,
        [b'#', digits @ ..] => char::from_u32(std::str::from_utf8(digits).ok()?.parse().ok()?)?,
        _ => return None,
    };
    Some((Meant::Letter(letter), end + 1))
}

fn hex(digits: &[u8]) -> Option<u32> {
    let fine = !digits.is_empty() && digits.iter().all(u8::is_ascii_hexdigit);
    let text = std::str::from_utf8(digits).ok().filter(|_| fine)?;
    u32::from_str_radix(text, 16).ok()
}
