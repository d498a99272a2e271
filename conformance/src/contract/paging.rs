//! Pages that are walked by a cursor.

use schemas::{Limit, Order, PageStyle, Pagination, Rejection, Standing};

/// The rule of an API whose lists are walked by a cursor, with every part that the walk needs.
#[derive(Debug, Clone)]
pub(crate) struct Paging {
    pub(crate) standing: Standing,
    pub(crate) limit: Limit,
    pub(crate) cursor: Cursor,
    pub(crate) order: Order,
    pub(crate) envelope: Envelope,
}

/// Where a page begins.
#[derive(Debug, Clone)]
pub(crate) struct Cursor {
    pub(crate) parameter: String,
    /// How a bad one is answered.
    pub(crate) rejection: Rejection,
}

/// JSON pointers into a page.
#[derive(Debug, Clone)]
pub(crate) struct Envelope {
    pub(crate) rows: String,
    pub(crate) has_more: String,
    pub(crate) next_cursor: String,
}

impl Paging {
    /// The rule, where it states all of this.
    pub(super) fn of(rule: &Pagination) -> Option<Self> {
        let cursor = rule.cursor.as_ref().filter(|_| rule.style == PageStyle::Cursor)?;
        let rejection = cursor.rejection.clone();
        Some(Self {
            standing: rule.standing,
            limit: rule.limit.clone()?,
            cursor: Cursor {
                parameter: cursor.parameter.clone(),
                rejection: rejection.unwrap_or_else(|| Rejection::of_status(400, Standing::Assumed)),
            },
            order: rule.order.clone()?,
            envelope: Envelope {
                rows: rule.envelope.rows.clone(),
                has_more: rule.envelope.has_more.clone()?,
                next_cursor: rule.envelope.next_cursor.clone()?,
            },
        })
    }
}
