//! One kind of index for every question: pairs of a value's hash and a row's key, in order.
//!
//! A pair takes 16 bytes whatever the value, shares structure between copies, and is found in logarithmic time. A hash
//! stands for a value: where a wrong match would matter, the row itself is asked.

use std::hash::{DefaultHasher, Hash, Hasher};

use imbl::OrdSet;

/// Rows by a value.
#[derive(Debug, Clone, Default)]
pub(super) struct Index(OrdSet<(u64, i64)>);

/// The same on every run and machine of one build: `DefaultHasher::new` has fixed keys.
pub(super) fn hash(parts: &[&str]) -> u64 {
    let mut hasher = DefaultHasher::new();
    parts.hash(&mut hasher);
    hasher.finish()
}

impl Index {
    pub(super) fn insert(&mut self, hash: u64, key: i64) {
        self.0.insert((hash, key));
    }

    pub(super) fn remove(&mut self, hash: u64, key: i64) {
        self.0.remove(&(hash, key));
    }

    /// The keys under a hash, oldest first.
    pub(super) fn keys(&self, hash: u64) -> impl DoubleEndedIterator<Item = i64> + '_ {
        self.0.range((hash, i64::MIN)..=(hash, i64::MAX)).map(|(_, key)| *key)
    }

    /// The newest key under a hash that is not newer than `max`.
    pub(super) fn newest(&self, hash: u64, max: i64) -> Option<i64> {
        self.0.range((hash, i64::MIN)..=(hash, max)).next_back().map(|(_, key)| *key)
    }
}

/// The newest key, not newer than `max`, that stands under every hash in its index: each index in turn says how far
/// back the next candidate is, so that what the rarest value lacks is skipped, not visited.
pub(super) fn newest_in_all(indexes: &[(&Index, u64)], mut max: i64) -> Option<i64> {
    let mut agreed = 0;
    for (index, hash) in indexes.iter().cycle() {
        let key = index.newest(*hash, max)?;
        agreed = if key == max { agreed + 1 } else { 1 };
        max = key;
        if agreed == indexes.len() {
            return Some(key);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(keys: &[i64]) -> Index {
        let mut index = Index::default();
        for key in keys {
            index.insert(7, *key);
            index.insert(8, key + 1);
        }
        index
    }

    #[test]
    fn the_newest_common_key_is_found_whatever_the_order() {
        let (a, b, c) = (index(&[1, 3, 5, 9]), index(&[2, 3, 9, 10]), index(&[3, 9]));
        let all = [(&a, 7), (&b, 7), (&c, 7)];
        assert_eq!(newest_in_all(&all, i64::MAX), Some(9));
        assert_eq!(newest_in_all(&all, 8), Some(3));
        assert_eq!(newest_in_all(&all, 2), None);
        assert_eq!(newest_in_all(&all[..1], i64::MAX), Some(9));
    }

    #[test]
    fn parts_are_told_apart() {
        assert_ne!(hash(&["ab", "c"]), hash(&["a", "bc"]));
    }
}
