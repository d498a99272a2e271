//! How lists are paged.

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::rejection::Rejection;
use super::standing::Standing;

/// How lists are paged.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pagination {
    /// How sure the rule is as a whole.
    #[serde(default)]
    pub standing: Standing,
    /// How the next page is asked for.
    #[serde(default)]
    pub style: PageStyle,
    /// The size of a page.
    #[serde(default)]
    pub limit: Option<Limit>,
    /// Where a page begins, in the style `cursor`.
    #[serde(default)]
    pub cursor: Option<Cursor>,
    /// How many rows come before a page, in the style `offset`.
    #[serde(default)]
    pub offset: Option<Offset>,
    /// The number of a page, in the style `page`.
    #[serde(default)]
    pub page: Option<PageNumber>,
    /// The last row of the page before, in the style `after`.
    #[serde(default)]
    pub after: Option<After>,
    /// The order of rows.
    #[serde(default)]
    pub order: Option<Order>,
    /// Where in a page each part stands.
    pub envelope: Envelope,
}

impl Pagination {
    /// The query parameters that ask for a page.
    pub fn parameters(&self) -> impl Iterator<Item = &str> {
        let size = self.limit.as_ref().map(|limit| limit.parameter.as_str());
        size.into_iter().chain(self.position())
    }

    /// The query parameter of the style: the one that says where a page begins.
    pub fn position(&self) -> Option<&str> {
        match self.style {
            PageStyle::Cursor => self.cursor.as_ref().map(|cursor| cursor.parameter.as_str()),
            PageStyle::Offset => self.offset.as_ref().map(|offset| offset.parameter.as_str()),
            PageStyle::Page => self.page.as_ref().map(|page| page.parameter.as_str()),
            PageStyle::After => self.after.as_ref().map(|after| after.parameter.as_str()),
            PageStyle::None => None,
        }
    }
}

/// How the next page is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PageStyle {
    /// By a text that the page before shows.
    #[default]
    Cursor,
    /// By the number of rows before it.
    Offset,
    /// By its number.
    Page,
    /// By the id of the last row of the page before.
    After,
    /// Not at all: there is one page.
    None,
}

/// The pages of one list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pages {
    /// The word `none`: the whole list at once.
    Whole,
    /// As stated here.
    Stated(Box<Pagination>),
}

impl<'de> Deserialize<'de> for Pages {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(word) if word == "none" => Ok(Self::Whole),
            stated => Pagination::deserialize(stated)
                .map(|stated| Self::Stated(Box::new(stated)))
                .map_err(D::Error::custom),
        }
    }
}

/// The size of a page.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// The query parameter.
    pub parameter: String,
    /// Rows when nothing is asked for: what the mock does.
    pub default: u64,
    /// Other defaults that are equally right.
    #[serde(default)]
    pub also_defaults: Vec<u64>,
    /// The least that may be asked for.
    pub minimum: u64,
    /// The most that may be asked for.
    pub maximum: u64,
    /// How sure it is that anything else is refused.
    #[serde(default)]
    pub out_of_range: Standing,
}

/// Where a page begins.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cursor {
    /// The query parameter.
    pub parameter: String,
    /// How a bad cursor is answered; absent where nothing is said.
    #[serde(default)]
    pub rejection: Option<Rejection>,
}

/// How many rows come before a page.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Offset {
    /// The query parameter.
    pub parameter: String,
    /// Its value for the first page; 0.
    #[serde(default)]
    pub first: u64,
}

/// The number of a page.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageNumber {
    /// The query parameter.
    pub parameter: String,
    /// The number of the first page; 1.
    #[serde(default = "one")]
    pub first: u64,
}

fn one() -> u64 {
    1
}

/// The last row of the page before.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct After {
    /// The query parameter; its value is the row's id.
    pub parameter: String,
}

/// The order of rows, by a field that never ties inside a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// The field.
    pub field: String,
    /// `descending`: newest first; `ascending`: oldest first.
    pub direction: String,
}

impl Order {
    /// Whether the newest row comes first.
    pub fn is_descending(&self) -> bool {
        self.direction == "descending"
    }
}

/// JSON pointers into a page. What is absent is not shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Envelope {
    /// The rows; the empty pointer where the page is a bare array.
    pub rows: String,
    /// Whether there may be more.
    #[serde(default)]
    pub has_more: Option<String>,
    /// The cursor of the next page, or null.
    #[serde(default)]
    pub next_cursor: Option<String>,
    /// The URL of the next page, or null.
    #[serde(default)]
    pub next: Option<String>,
    /// The URL of the page before, or null.
    #[serde(default)]
    pub previous: Option<String>,
    /// How many rows there are on all pages.
    #[serde(default)]
    pub total: Option<String>,
    /// How many rows are on this page.
    #[serde(default)]
    pub count: Option<String>,
    /// The number of this page.
    #[serde(default)]
    pub page: Option<String>,
    /// How many pages there are.
    #[serde(default)]
    pub pages: Option<String>,
    /// How many rows come before this page.
    #[serde(default)]
    pub offset: Option<String>,
    /// The size of a page, as asked for.
    #[serde(default)]
    pub limit: Option<String>,
}

impl Envelope {
    /// The pointers of all parts but the rows, each with its key.
    pub fn parts(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let parts = [
            ("has_more", &self.has_more),
            ("next_cursor", &self.next_cursor),
            ("next", &self.next),
            ("previous", &self.previous),
            ("total", &self.total),
            ("count", &self.count),
            ("page", &self.page),
            ("pages", &self.pages),
            ("offset", &self.offset),
            ("limit", &self.limit),
        ];
        parts.into_iter().filter_map(|(key, at)| Some((key, at.as_deref()?)))
    }
}
