//! How a fault is written down.

use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::Value;

/// One planted fault, or one reading that the contract allows.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Planted {
    /// Its name.
    pub(crate) name: String,
    /// What is wrong, or different.
    pub(crate) says: String,
    /// Laws of which at least one must find it; empty for an allowed reading.
    #[serde(default)]
    pub(crate) found_by: Vec<String>,
    /// Nobody promised otherwise: a note finds it.
    #[serde(default)]
    pub(crate) note: bool,
    /// What the target does otherwise.
    pub(crate) rules: Vec<Rule>,
}

/// What is done to some requests and their answers.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rule {
    /// Which requests, and which of their answers.
    #[serde(default)]
    pub(crate) when: When,
    /// Done to the request before it is passed on.
    #[serde(default)]
    pub(crate) request: Change,
    /// Delivered instead of passing it on.
    #[serde(default)]
    pub(crate) answer: Option<Canned>,
    /// The connection is closed without a response.
    #[serde(default)]
    pub(crate) drop: bool,
    /// Passed on this often besides, first; the answers are thrown away.
    #[serde(default)]
    pub(crate) repeat: usize,
    /// Passed on once more with this change, when the answer matches; the new answer counts.
    #[serde(default)]
    pub(crate) retry: Option<Change>,
    /// Done to the answer.
    #[serde(default)]
    pub(crate) response: Change,
    /// Keeps the first answer to each path, and gives it again later.
    #[serde(default)]
    pub(crate) stale: bool,
}

/// Which requests and answers a rule is for; everything named must match.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct When {
    /// A pattern of operation ids; `none` for requests that are none.
    #[serde(default)]
    pub(crate) operation: Option<String>,
    #[serde(default)]
    pub(crate) method: Option<String>,
    /// Patterns of headers; an absent header is the empty text.
    #[serde(default)]
    pub(crate) headers: IndexMap<String, String>,
    /// Parts of the body by pointer.
    #[serde(default)]
    pub(crate) body: IndexMap<String, Value>,
    /// A pattern of the raw body.
    #[serde(default)]
    pub(crate) raw: Option<String>,
    /// Query parameters.
    #[serde(default)]
    pub(crate) query: IndexMap<String, Value>,
    /// A pattern of the last segment of the path.
    #[serde(default)]
    pub(crate) id: Option<String>,
    /// The status of the answer: 404 or 4XX.
    #[serde(default)]
    pub(crate) status: Option<Value>,
    /// Parts of the answer by pointer.
    #[serde(default)]
    pub(crate) response: IndexMap<String, Value>,
    /// A header whose value has been seen before on the path; `body/slug` is a part of the body, on any path.
    #[serde(default)]
    pub(crate) again: Option<String>,
    /// Only every n-th match.
    #[serde(default)]
    pub(crate) every: Option<usize>,
}

/// What is changed in a request or an answer.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Change {
    /// Parts of the body by pointer; `*` stands for every item.
    #[serde(default)]
    pub(crate) set: IndexMap<String, Value>,
    #[serde(default)]
    pub(crate) remove: Vec<String>,
    /// `$left:100` is so much less the matches so far.
    #[serde(default)]
    pub(crate) headers: IndexMap<String, Option<String>>,
    #[serde(default)]
    pub(crate) query: IndexMap<String, Option<String>>,
    #[serde(default)]
    pub(crate) status: Option<u16>,
    #[serde(default)]
    pub(crate) method: Option<String>,
    /// Replaces the whole path below the base path.
    #[serde(default)]
    pub(crate) path: Option<String>,
    /// Replaces the whole body by a text.
    #[serde(default)]
    pub(crate) text: Option<String>,
    /// Replaces the whole body by a value.
    #[serde(default)]
    pub(crate) body: Option<Value>,
    /// Reverses, or cuts to a number of items, the array at a pointer.
    #[serde(default)]
    pub(crate) reverse: Option<String>,
    #[serde(default)]
    pub(crate) drop_first: Option<String>,
    #[serde(default)]
    pub(crate) drop_last: Option<String>,
    #[serde(default)]
    pub(crate) repeat_first: Option<String>,
    /// Takes the items out of the array at a pointer of which all these parts match.
    #[serde(default)]
    pub(crate) omit: IndexMap<String, IndexMap<String, Value>>,
    /// Replaces one text by another in the whole body, by patterns of the regex kind without captures.
    #[serde(default)]
    pub(crate) replace: IndexMap<String, String>,
}

/// An answer that is made up.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Canned {
    pub(crate) status: u16,
    #[serde(default)]
    pub(crate) headers: IndexMap<String, String>,
    #[serde(default)]
    pub(crate) body: Option<Value>,
    #[serde(default)]
    pub(crate) text: Option<String>,
}

impl Rule {
    /// The same with a trial's number in its headers.
    pub(crate) fn numbered(&self, number: usize) -> Self {
        let mut rule = self.clone();
        let number = number.to_string();
        for pattern in rule.when.headers.values_mut() {
            *pattern = pattern.replace("{n}", &number);
        }
        for value in rule.request.headers.values_mut().flatten() {
            *value = value.replace("{n}", &number);
        }
        rule
    }
}

impl Change {
    /// Whether nothing is changed.
    pub(crate) fn is_none(&self) -> bool {
        self.set.is_empty()
            && self.remove.is_empty()
            && self.headers.is_empty()
            && self.query.is_empty()
            && self.status.is_none()
            && self.method.is_none()
            && self.path.is_none()
            && self.text.is_none()
            && self.body.is_none()
            && self.reverse.is_none()
            && self.drop_first.is_none()
            && self.drop_last.is_none()
            && self.omit.is_empty()
            && self.repeat_first.is_none()
            && self.replace.is_empty()
    }

    /// Whether the body is touched.
    pub(crate) fn touches_body(&self) -> bool {
        !self.set.is_empty()
            || !self.remove.is_empty()
            || self.text.is_some()
            || self.body.is_some()
            || self.reverse.is_some()
            || self.drop_first.is_some()
            || self.drop_last.is_some()
            || !self.omit.is_empty()
            || self.repeat_first.is_some()
            || !self.replace.is_empty()
    }
}
