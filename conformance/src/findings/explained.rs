//! What a finding explains: what was seen besides, by the same cause as far as is known.

use serde::{Deserialize, Serialize};

/// What is told of the findings that one explains; the rest is counted.
const MOST: usize = 10;

/// A finding that another one explains.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explained {
    /// The law that is broken along with it.
    pub law: String,
    /// The operation.
    pub operation: String,
    /// What happened.
    pub message: String,
}

/// Adds to what is told, as far as there is room; gives how many there was none for.
pub(super) fn tell(told: &mut Vec<Explained>, more: impl IntoIterator<Item = Explained>) -> usize {
    let mut untold = 0;
    for one in more {
        if told.contains(&one) {
            continue;
        }
        if told.len() < MOST {
            told.push(one);
        } else {
            untold += 1;
        }
    }
    untold
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_are_told_once_and_the_rest_is_counted() {
        let one = |number: usize| Explained {
            law: format!("law-{number}"),
            operation: "create-thing".to_owned(),
            message: "it is broken".to_owned(),
        };
        let mut told = Vec::new();
        assert_eq!(tell(&mut told, (0..8).map(one)), 0);
        assert_eq!(tell(&mut told, (5..13).map(one)), 3);
        assert_eq!((told.len(), &told[9]), (10, &one(9)));
    }
}
