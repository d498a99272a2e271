//! Statements of the vocabulary that no other rule knows.

use crate::review::rule::rules;

rules! {
    area "resources";
    STATEMENT_ADDED = "statement-added", Unclear, Both, "the vocabulary says more",
        "No rule knows what it means to a client.",
        reverse ["statement-withdrawn"];
    STATEMENT_WITHDRAWN = "statement-withdrawn", Unclear, Both, "the vocabulary says less",
        "No rule knows what it means to a client.",
        reverse ["statement-added"];
    STATEMENT_CHANGED = "statement-changed", Unclear, Both, "the vocabulary says otherwise",
        "No rule knows what it means to a client.",
        reverse ["statement-changed"];
}
