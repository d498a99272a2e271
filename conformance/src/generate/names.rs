//! Texts that nobody else uses.

use std::cell::Cell;

use sha2::{Digest, Sha256};

use super::base36::base36;
use super::run_mark::RunMark;

/// Makes texts that show the run's mark: lower-case letters, digits and dashes, good as a slug or a name alike.
#[derive(Debug)]
pub(crate) struct Namer {
    mark: RunMark,
    stem: String,
    next: Cell<u32>,
}

impl Namer {
    /// For one case of a run: the same run, case and attempt give the same texts, and no other case's moves them.
    pub(crate) fn new(mark: &RunMark, case: &str, attempt: u32) -> Self {
        let digest = Sha256::digest(case.as_bytes());
        let number = u64::from_be_bytes([0, 0, 0, digest[0], digest[1], digest[2], digest[3], digest[4]]);
        let mut stem = format!("{}{}", mark.prefix(), base36(number));
        if attempt > 0 {
            stem.push('r');
            stem.push_str(&base36(u64::from(attempt)));
        }
        Self { mark: mark.clone(), stem, next: Cell::new(0) }
    }

    /// For a set-up that several cases of the same run use.
    pub(crate) fn of_setup(&self, setup: &str) -> Self {
        Self::new(&self.mark, setup, 0)
    }

    /// The next text.
    pub(crate) fn token(&self) -> String {
        let next = self.next.get();
        self.next.set(next + 1);
        format!("{}-{}", self.stem, base36(u64::from(next)))
    }
}

/// A text of at most so many letters that is as much its own as the whole: its end would be the same in every run.
pub(crate) fn shortened(token: &str, most: usize) -> String {
    if token.len() <= most {
        return token.to_owned();
    }
    let digest = Sha256::digest(token.as_bytes());
    let digits: String = digest
        .chunks(4)
        .map(|part| base36(part.iter().fold(1, |sum, byte| sum * 256 + u64::from(*byte))))
        .collect();
    digits.chars().take(most).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_texts_differ_by_run_too() {
        let short = |tag: &str| shortened(&Namer::new(&RunMark::new(tag, None), "law/op/x", 0).token(), 8);
        assert_eq!(short("abc").len(), 8);
        assert_ne!(short("abc"), short("abd"));
        assert_eq!(shortened("short", 8), "short");
    }

    #[test]
    fn texts_differ_by_case_attempt_and_number() {
        let one = Namer::new(&RunMark::new("abc", None), "law/op/x", 0);
        let texts = [
            one.token(),
            one.token(),
            Namer::new(&RunMark::new("abc", None), "law/op/x", 1).token(),
            Namer::new(&RunMark::new("abc", None), "law/op/y", 0).token(),
        ];
        for (index, text) in texts.iter().enumerate() {
            assert!(!texts[..index].contains(text), "{text}");
        }
        assert_eq!(texts[0], Namer::new(&RunMark::new("abc", None), "law/op/x", 0).token());
    }
}
