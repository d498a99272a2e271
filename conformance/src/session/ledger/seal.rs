//! The seal of a ledger: only who has the key of the run can have written it.

use hmac::{Hmac, Mac as _};
use sha2::Sha256;

use crate::http::hex;

/// Bytes of a seal that are written down.
const LENGTH: usize = 16;

/// Seals the lines of a ledger, one after the other: each seal covers the line and the seal before it, so that no line can
/// be changed, added, left out, moved, or taken from another ledger.
#[derive(Clone)]
pub(crate) struct Seal {
    key: Vec<u8>,
    last: String,
}

impl Seal {
    /// For the first line. The key is that of the workspace under test; where an API has no keys, seals show only that a
    /// file is whole.
    pub(crate) fn new(key: &str) -> Self {
        Self { key: key.as_bytes().to_vec(), last: String::new() }
    }

    /// The seal of the next line.
    pub(super) fn next(&mut self, line: &str) -> String {
        self.last = self.of(line);
        self.last.clone()
    }

    /// Whether a seal is that of the next line; if so, goes on to the one after it.
    pub(super) fn accepts(&mut self, line: &str, seal: &str) -> bool {
        let fits = self.of(line) == seal;
        if fits {
            seal.clone_into(&mut self.last);
        }
        fits
    }

    fn of(&self, line: &str) -> String {
        // A key of any length will do, so this cannot fail.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.key) else { return String::new() };
        mac.update(b"conformance ledger\n");
        mac.update(self.last.as_bytes());
        mac.update(b"\n");
        mac.update(line.as_bytes());
        hex(&mac.finalize().into_bytes()[..LENGTH])
    }
}

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Seal").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_is_of_its_key_its_line_and_all_lines_before() {
        let seals = |key: &str, lines: &[&str]| {
            let mut seal = Seal::new(key);
            lines.iter().map(|line| seal.next(line)).collect::<Vec<_>>()
        };
        let sealed = seals("key", &["a", "b"]);
        let mut seal = Seal::new("key");
        assert!(
            seal.accepts("a", &sealed[0]) && !seal.accepts("c", &sealed[1]) && seal.accepts("b", &sealed[1])
        );
        assert!(!Seal::new("key").accepts("b", &sealed[1]), "the line before is missing");
        assert!(!Seal::new("other").accepts("a", &sealed[0]));
        assert!(!Seal::new("key").accepts("a", ""));
        assert_eq!(sealed[0].len(), 2 * LENGTH);
    }
}
