//! Ids that follow from the seed: opaque ones, shaped like cuids, and UUIDs.

use sha2::{Digest, Sha256};

const ALPHABET: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
/// Characters after the leading `c`.
const LENGTH: usize = 24;

/// The id of the `count`th row that was made in a workspace's resource: the same on any machine.
pub(crate) fn opaque_id(seed: u64, workspace: &str, resource: &str, count: u64) -> String {
    let mut id = String::with_capacity(LENGTH + 1);
    id.push('c');
    for byte in drawn(seed, workspace, resource, count).iter().take(LENGTH) {
        id.push(char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()]));
    }
    id
}

/// The same as a UUID of version 4.
pub(crate) fn uuid(seed: u64, workspace: &str, resource: &str, count: u64) -> String {
    let mut bytes = drawn(seed, workspace, resource, count);
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let mut id = String::with_capacity(36);
    for (index, byte) in bytes.iter().take(16).enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            id.push('-');
        }
        id.push(char::from(ALPHABET[usize::from(byte >> 4)]));
        id.push(char::from(ALPHABET[usize::from(byte & 0x0f)]));
    }
    id
}

/// The same as a number.
pub(crate) fn number(seed: u64, workspace: &str, resource: &str, count: u64) -> u64 {
    let bytes = drawn(seed, workspace, resource, count);
    bytes.iter().take(8).fold(0, |number, byte| (number << 8) | u64::from(*byte))
}

fn drawn(seed: u64, workspace: &str, resource: &str, count: u64) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(seed.to_le_bytes());
    for part in [workspace, resource] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.update(count.to_le_bytes());
    hash.finalize().into()
}

/// A number from 0 up to 1 that follows from the seed and whatever it is drawn for.
pub(crate) fn unit(seed: u64, of: &str, count: u64) -> f64 {
    let mut hash = Sha256::new();
    hash.update(seed.to_le_bytes());
    hash.update(of);
    hash.update(count.to_le_bytes());
    let bytes = hash.finalize();
    let word = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
    f64::from(word) / (f64::from(u32::MAX) + 1.0)
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

    #[test]
    fn a_uuid_has_its_version_and_variant() {
        let id = uuid(1, "demo", "thing", 7);
        assert_eq!((id.len(), &id[14..15]), (36, "4"));
        assert!(matches!(&id[19..20], "8" | "9" | "a" | "b"), "{id}");
        assert_ne!(id, uuid(1, "demo", "thing", 8));
        assert_ne!(number(1, "demo", "thing", 7), number(1, "demo", "thing", 8));
    }
}
