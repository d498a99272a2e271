//! Webhooks and callbacks as a whole; what they carry is compared as what operations carry.

use crate::review::rule::rules;

rules! {
    area "calls";
    WEBHOOK_ADDED = "webhook-added", Allowed, Response, "the API makes one more call",
        "Only those who ask for it are called.",
        reverse ["webhook-removed"];
    WEBHOOK_REMOVED = "webhook-removed", Breaking, Response, "the API no longer makes a call",
        "A client that waits for it waits for ever.",
        known "webhook-removed", reverse ["webhook-added"];
    CALLBACK_ADDED = "callback-added", Allowed, Response, "the API calls back on one more occasion",
        "Only those who ask for it are called.",
        reverse ["callback-removed"];
    CALLBACK_REMOVED = "callback-removed", Breaking, Response, "the API no longer calls back",
        "A client that waits for it waits for ever.",
        reverse ["callback-added"];
}
