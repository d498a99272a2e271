//! What did not agree with the description, counted until the end.

use std::fmt;

use http::HeaderValue;
use indexmap::IndexMap;
use parking_lot::Mutex;

/// How many different deviations are kept apart; further ones are only counted.
const MOST: usize = 1_000;
/// How much of one a header takes, in characters.
const LONGEST: usize = 300;

/// Who deviated from the description.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Side {
    /// The client, with its request.
    Request,
    /// The real server, with its answer.
    Answer,
}

impl fmt::Display for Side {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Request => "request",
            Self::Answer => "answer",
        })
    }
}

/// One way in which one request or answer is not as described.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Deviation {
    pub(super) side: Side,
    /// What is wrong: a sentence without its full stop.
    pub(super) what: String,
}

impl fmt::Display for Deviation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.side, self.what)
    }
}

impl Deviation {
    /// As a header can hold it: plain letters, not too long.
    pub(super) fn header(&self) -> Option<HeaderValue> {
        let plain = |letter: char| if letter.is_ascii_graphic() || letter == ' ' { letter } else { '?' };
        let text: String = self.to_string().chars().take(LONGEST).map(plain).collect();
        HeaderValue::from_str(&text).ok()
    }
}

/// Every deviation so far.
#[derive(Debug, Default)]
pub(crate) struct Deviations {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    counts: IndexMap<Deviation, u64>,
    /// Those beyond what is kept apart.
    more: u64,
}

impl Deviations {
    pub(super) fn add(&self, deviations: &[Deviation]) {
        let mut kept = self.kept.lock();
        for deviation in deviations {
            let room = kept.counts.len() < MOST;
            match kept.counts.get_mut(deviation) {
                Some(count) => *count += 1,
                None if room => {
                    kept.counts.insert(deviation.clone(), 1);
                }
                None => kept.more += 1,
            }
        }
    }

    /// Each with how often it was met, in the order in which they were met first.
    pub(crate) fn told(&self) -> Vec<(String, u64)> {
        let kept = self.kept.lock();
        let mut told: Vec<(String, u64)> =
            kept.counts.iter().map(|(deviation, count)| (deviation.to_string(), *count)).collect();
        if kept.more > 0 {
            told.push(("others".to_owned(), kept.more));
        }
        told
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deviation(what: &str) -> Deviation {
        Deviation { side: Side::Answer, what: what.to_owned() }
    }

    #[test]
    fn each_is_counted_and_a_flood_is_bounded() {
        let all = Deviations::default();
        all.add(&[deviation("a"), deviation("b"), deviation("a")]);
        assert_eq!(all.told(), [("answer: a".to_owned(), 2), ("answer: b".to_owned(), 1)]);
        let flood: Vec<Deviation> = (0..MOST + 5).map(|number| deviation(&number.to_string())).collect();
        all.add(&flood);
        let told = all.told();
        assert_eq!((told.len(), told.last()), (MOST + 1, Some(&("others".to_owned(), 7))));
    }

    #[test]
    fn a_header_holds_plain_letters_only() {
        let header = deviation("naïve\r\nX: 1").header().expect("a header");
        assert_eq!(header, "answer: na?ve??X: 1");
    }
}
