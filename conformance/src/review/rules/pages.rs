//! Paging.

use crate::review::rule::rules;
use crate::review::table::{How, Table};

rules! {
    area "pages";
    PAGING_STATED = "paging-stated", Unclear, Both, "lists are now said to come in pages",
        "It may say what has always been so; else a client that reads a list once gets its first page only.",
        reverse ["paging-withdrawn"];
    PAGING_WITHDRAWN = "paging-withdrawn", Breaking, Both, "lists are no longer said to come in pages",
        "A client that walks the pages does not know what it gets.",
        reverse ["paging-stated"];
    DEFAULT_CHANGED = "page-default-changed", Breaking, Response, "a page holds another number of rows where none is asked for",
        "A client that asks for none gets more or fewer rows than it got.",
        reverse ["page-default-changed"];
    ALSO_DEFAULT_ADDED = "page-default-added", Unclear, Response, "one more default of a page's size is as right",
        "What a client that asks for none gets is less sure.",
        reverse ["page-default-settled"];
    ALSO_DEFAULT_REMOVED = "page-default-settled", Allowed, Response, "one default less of a page's size is as right",
        "The defaults that are left are ones that clients know already.",
        reverse ["page-default-added"];
    MAXIMUM_LOWERED = "page-maximum-lowered", Breaking, Request, "the greatest size of a page shrank",
        "A client that asks for the old maximum is refused, or given less.",
        known "request-parameter-max-decreased", reverse ["page-maximum-raised"];
    MAXIMUM_RAISED = "page-maximum-raised", Allowed, Request, "the greatest size of a page grew",
        "What a client asks for today is still given.",
        known "request-parameter-max-increased", reverse ["page-maximum-lowered"];
    MINIMUM_RAISED = "page-minimum-raised", Breaking, Request, "a page has to be asked for with more rows",
        "A client that asks for fewer is refused, or given more.",
        known "request-parameter-min-increased", reverse ["page-minimum-lowered"];
    MINIMUM_LOWERED = "page-minimum-lowered", Allowed, Request, "a page may be asked for with fewer rows",
        "What a client asks for today is still given.",
        known "request-parameter-min-decreased", reverse ["page-minimum-raised"];
    PARAMETER_RENAMED = "page-parameter-changed", Breaking, Request, "pages are asked for with another parameter",
        "A client that walks with the old one gets the first page again and again.",
        reverse ["page-parameter-changed"];
    ORDER_CHANGED = "page-order-changed", Breaking, Response, "rows come in another order",
        "A client that takes the first for the newest takes another.",
        reverse ["page-order-changed"];
    ENVELOPE_CHANGED = "page-envelope-changed", Breaking, Response, "pages are wrapped in another way",
        "A client that looks for rows or for the next cursor where they were finds nothing.",
        reverse ["page-envelope-changed"];
}

/// What the keys of `x-contract.pagination` mean.
pub(in crate::review) static TABLE: Table = &[
    (&[], How::There { added: &PAGING_STATED, removed: &PAGING_WITHDRAWN }),
    (&["limit", "default"], How::Changed(&DEFAULT_CHANGED)),
    (
        &["limit", "also_defaults"],
        How::Members { added: &ALSO_DEFAULT_ADDED, removed: &ALSO_DEFAULT_REMOVED },
    ),
    (&["limit", "maximum"], How::Number { lowered: &MAXIMUM_LOWERED, raised: &MAXIMUM_RAISED }),
    (&["limit", "minimum"], How::Number { lowered: &MINIMUM_LOWERED, raised: &MINIMUM_RAISED }),
    (&["limit", "parameter"], How::Changed(&PARAMETER_RENAMED)),
    (&["cursor", "parameter"], How::Changed(&PARAMETER_RENAMED)),
    (&["offset"], How::Changed(&PARAMETER_RENAMED)),
    (&["page"], How::Changed(&PARAMETER_RENAMED)),
    (&["after"], How::Changed(&PARAMETER_RENAMED)),
    (&["style"], How::Changed(&PARAMETER_RENAMED)),
    (&["order"], How::Changed(&ORDER_CHANGED)),
    (&["envelope"], How::Changed(&ENVELOPE_CHANGED)),
];
