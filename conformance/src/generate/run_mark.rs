//! The mark by which a run knows its own rows.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use super::base36::base36;

/// The mark of one run: every text that the run makes up begins with it, and a row that shows such a text is the run's.
///
/// Whoever names rows and whoever looks for them takes it from here. Shards of one run share a tag but run side by
/// side, so each has a mark of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RunMark(String);

impl RunMark {
    /// The mark of a run, or of one shard of it.
    pub(crate) fn new(tag: &str, shard: Option<usize>) -> Self {
        Self(shard.map_or_else(|| tag.to_owned(), |index| format!("{tag}x{index}")))
    }

    /// A tag that no other run has used: the values of a deleted row may not be free again, and runs that begin in the
    /// same millisecond may meet in one workspace.
    pub(crate) fn fresh_tag() -> String {
        static LAST: AtomicU64 = AtomicU64::new(0);
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let now = u64::try_from(since.as_millis()).unwrap_or(0);
        let next = |last: u64| now.max(last + 1);
        let last = LAST.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| Some(next(last)));
        let mixed = next(last.unwrap_or_default()) ^ (u64::from(std::process::id()) << 41);
        let text = base36(mixed);
        text[text.len().saturating_sub(9)..].to_owned()
    }

    /// What every text of the run begins with.
    pub(crate) fn prefix(&self) -> String {
        format!("t{}-", self.0)
    }

    /// Whether a text shows the mark.
    pub(crate) fn is_in(&self, text: &str) -> bool {
        text.contains(&self.prefix())
    }
}

impl fmt::Display for RunMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::Namer;

    #[test]
    fn no_two_runs_share_a_tag_however_fast_they_begin() {
        let tags: std::collections::HashSet<String> = (0..1_000).map(|_| RunMark::fresh_tag()).collect();
        assert_eq!(tags.len(), 1_000);
    }

    #[test]
    fn every_text_of_a_run_shows_its_mark_and_no_other_one() {
        let marks = [RunMark::new("abc", None), RunMark::new("abc", Some(1)), RunMark::new("abc", Some(11))];
        for mark in &marks {
            let text = Namer::new(mark, "law/op", 0).token();
            for other in &marks {
                assert_eq!(other.is_in(&text), other == mark, "{other} in {text}");
            }
        }
    }
}
