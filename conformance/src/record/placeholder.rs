//! Placeholders for what differs from one recording to the next; equal values share a number.

use crate::judge::instant;
use std::collections::HashMap;

/// Numbers the values of each kind in the order in which they are met.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    met: HashMap<&'static str, Vec<String>>,
}

impl Numbers {
    /// The placeholder of a value, as in `<id#1>`.
    pub(super) fn of(&mut self, kind: &'static str, value: &str) -> String {
        let met = self.met.entry(kind).or_default();
        let place = met.iter().position(|known| known == value).unwrap_or_else(|| {
            met.push(value.to_owned());
            met.len() - 1
        });
        format!("<{kind}#{}>", place + 1)
    }
}

/// What identifies an instant: in milliseconds, however it is written.
pub(super) fn instant_key(text: &str) -> String {
    instant(text).map_or_else(|| text.to_owned(), |at| at.as_millisecond().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_share_a_number_and_kinds_are_counted_apart() {
        let mut numbers = Numbers::default();
        let shown: Vec<String> = [("id", "b"), ("id", "a"), ("number", "b"), ("id", "b")]
            .into_iter()
            .map(|(kind, value)| numbers.of(kind, value))
            .collect();
        assert_eq!(shown, ["<id#1>", "<id#2>", "<number#1>", "<id#1>"]);
    }
}
