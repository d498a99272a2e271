//! One way in which an answer is not what the contract says.

use schemas::Standing;

/// What a step should have been answered.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Expect {
    /// The status, where one is stated.
    pub(crate) status: Option<u16>,
    /// The rest, in words.
    pub(crate) words: String,
}

impl Expect {
    /// A status and nothing else.
    pub(crate) fn status(status: u16) -> Self {
        Self { status: Some(status), words: String::new() }
    }

    /// In words alone.
    pub(crate) fn words(words: impl Into<String>) -> Self {
        Self { status: None, words: words.into() }
    }
}

impl std::fmt::Display for Expect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.status, self.words.as_str()) {
            (Some(status), "") => write!(f, "{status}"),
            (Some(status), words) => write!(f, "{status} {words}"),
            (None, words) => f.write_str(words),
        }
    }
}

/// One way in which an answer is not what the contract says, before it is merged with others of its cause.
#[derive(Debug, Clone)]
pub(crate) struct Breach {
    /// The law that is broken.
    pub(crate) law: &'static str,
    /// The operation whose answer breaks it, or a method and path.
    pub(crate) operation: String,
    /// Which aspect is broken; with law and severity, what is merged as one cause.
    pub(crate) class: String,
    /// The property it is about.
    pub(crate) subject: Option<String>,
    /// The status, code or field that came instead of the stated one.
    pub(crate) told: Option<String>,
    /// How sure the statement is.
    pub(crate) standing: Standing,
    /// Pointer of the statement in the contract.
    pub(crate) place: String,
    /// What happened, a sentence without its dot.
    pub(crate) message: String,
    /// What should have.
    pub(crate) expect: Expect,
    /// Which step of the probe.
    pub(crate) step: usize,
}
