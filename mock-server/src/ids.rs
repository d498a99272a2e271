//! Opaque ids, shaped like cuids, that follow from the seed.

use sha2::{Digest, Sha256};

const ALPHABET: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
/// Characters after the leading `c`.
const LENGTH: usize = 24;

/// The id of the `count`th row that was made in a workspace's resource: the same on any machine.
pub(crate) fn opaque_id(seed: u64, workspace: &str, resource: &str, count: u64) -> String {
    let mut hash = Sha256::new();
    hash.update(seed.to_le_bytes());
    for part in [workspace, resource] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.update(count.to_le_bytes());
    let mut id = String::with_capacity(LENGTH + 1);
    id.push('c');
    for byte in hash.finalize().iter().take(LENGTH) {
        id.push(char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()]));
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_follow_from_the_seed_and_differ_everywhere_else() {
        let id = opaque_id(1, "demo", "thing", 7);
        assert_eq!(id.len(), 25);
        assert!(id.starts_with('c'));
        assert_eq!(id, opaque_id(1, "demo", "thing", 7));
        for other in [
            opaque_id(2, "demo", "thing", 7),
            opaque_id(1, "d", "emothing", 7),
            opaque_id(1, "demo", "thing", 8),
        ] {
            assert_ne!(id, other);
        }
    }
}
