//! What a change is known by.

use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// The fingerprint of a change: of its rule, operation, subject and values, and so the same in every commit in which the
/// same change is made, wherever in the file it stands.
pub(super) fn of(
    rule: &str,
    operation: Option<&str>,
    subject: &str,
    before: Option<&Value>,
    after: Option<&Value>,
) -> String {
    let mut hash = Sha256::new();
    let text = |value: Option<&Value>| value.map(ToString::to_string).unwrap_or_default();
    for part in [rule, operation.unwrap_or_default(), subject, &text(before), &text(after)] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let hex: Vec<String> = hash.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    hex.concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_part_counts_and_nothing_else() {
        let value = json!(1);
        let one = of("rule", Some("op"), "subject", Some(&value), None);
        assert_eq!(one, of("rule", Some("op"), "subject", Some(&json!(1)), None));
        assert_eq!(one.len(), 12);
        for other in [
            of("rules", Some("op"), "subject", Some(&value), None),
            of("rule", None, "subject", Some(&value), None),
            of("rule", Some("op"), "subjects", Some(&value), None),
            of("rule", Some("op"), "subject", None, Some(&value)),
        ] {
            assert_ne!(one, other);
        }
    }
}
