//! Which requests are asked for.

use wildmatch::WildMatch;

use super::entry::JournalEntry;

/// What a request must be to be shown; absent parts admit everything.
#[derive(Debug, Default)]
pub(crate) struct Filter {
    pub(crate) workspace: Option<String>,
    /// With `*` and `?`.
    pub(crate) operation: Option<WildMatch>,
    pub(crate) method: Option<String>,
    /// With `*` and `?`.
    pub(crate) path: Option<WildMatch>,
    pub(crate) status: Option<StatusFilter>,
    /// Milliseconds since 1970.
    pub(crate) since: Option<i64>,
    /// Those with a greater number.
    pub(crate) after: Option<u64>,
    pub(crate) forced: Option<bool>,
}

/// One status, or a class of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StatusFilter {
    One(u16),
    Class(u16),
}

impl StatusFilter {
    /// `404` or `4xx`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if let Some(class) = text.strip_suffix("xx").or_else(|| text.strip_suffix("XX")) {
            return class.parse().ok().filter(|class| (1..=5).contains(class)).map(Self::Class);
        }
        text.parse().ok().filter(|status| (100..=599).contains(status)).map(Self::One)
    }

    fn admits(self, status: u16) -> bool {
        match self {
            Self::One(wanted) => status == wanted,
            Self::Class(class) => status / 100 == class,
        }
    }
}

impl Filter {
    pub(crate) fn admits(&self, entry: &JournalEntry) -> bool {
        self.after.is_none_or(|after| entry.id > after)
            && self.workspace.as_deref().is_none_or(|name| entry.workspace.as_deref() == Some(name))
            && self
                .operation
                .as_ref()
                .is_none_or(|glob| entry.operation.as_deref().is_some_and(|id| glob.matches(id)))
            && self.method.as_deref().is_none_or(|method| entry.method.as_str().eq_ignore_ascii_case(method))
            && self.path.as_ref().is_none_or(|glob| glob.matches(entry.path()))
            && self.status.is_none_or(|status| status.admits(entry.status))
            && self.since.is_none_or(|since| entry.at >= since)
            && self.forced.is_none_or(|forced| entry.forced == forced)
    }
}
