//! What was observed, record by record.

use crate::review::rule::rules;

rules! {
    area "behaviour";
    RECORD_NEW = "record-new", Allowed, Both, "a case is recorded that was not",
        "Nothing is known of how it was answered before.",
        reverse ["record-gone"];
    RECORD_GONE = "record-gone", Unclear, Both, "a case is no longer recorded",
        "How it is answered now is not known.",
        reverse ["record-new"];
    STATUS_MOVED = "observed-status-changed", Breaking, Response, "a case is answered with another status",
        "A client that recognises the outcome by its status no longer can.",
        reverse ["observed-status-changed"];
    TYPE_MOVED = "observed-error-type-changed", Breaking, Response, "a case is refused with another error type",
        "A client that recognises the outcome by its type no longer can.",
        reverse ["observed-error-type-changed"];
    CODE_MOVED = "observed-error-code-changed", Breaking, Response, "a case is refused with another error code",
        "A client that recognises the outcome by its code no longer can.",
        reverse ["observed-error-code-changed"];
    FIELD_MOVED = "observed-error-field-changed", Breaking, Response, "a case is refused with another field to blame",
        "A client that shows the error beside the field shows it elsewhere, or nowhere.",
        reverse ["observed-error-field-changed"];
    PROPERTY_GONE = "observed-property-removed", Breaking, Response, "a property is no longer answered",
        "A client that reads it finds nothing.",
        reverse ["observed-property-added"];
    PROPERTY_NEW = "observed-property-added", Allowed, Response, "a property is answered that was not",
        "Clients ignore properties they do not know.",
        reverse ["observed-property-removed"];
    PROPERTY_TYPE = "observed-type-changed", Breaking, Response, "a value is answered with another type",
        "A client that reads the old type fails.",
        reverse ["observed-type-changed"];
    PROPERTY_NULL = "observed-null", Unclear, Response, "a value is answered as null that was not",
        "A client that relies on a value meets null; whether it may be null the description says.",
        reverse ["observed-value"];
    PROPERTY_VALUE = "observed-value", Allowed, Response, "a value is answered where null was",
        "A client that met null had to be ready for a value.",
        reverse ["observed-null"];
    VALUE_MOVED = "observed-value-changed", Unclear, Response, "another value is answered",
        "Whether clients go by it has to be looked at.",
        reverse ["observed-value-changed"];
    COUNT_MOVED = "observed-count-changed", Unclear, Response, "a list holds another number of items",
        "Whether clients go by it has to be looked at.",
        reverse ["observed-count-changed"];
    HEADER_GONE = "observed-header-removed", Breaking, Response, "a header is no longer answered",
        "A client that reads it finds nothing.",
        reverse ["observed-header-added"];
    HEADER_NEW = "observed-header-added", Allowed, Response, "a header is answered that was not",
        "Clients ignore headers they do not know.",
        reverse ["observed-header-removed"];
    HEADER_MOVED = "observed-header-changed", Unclear, Response, "a header is answered with another value",
        "Whether clients go by it has to be looked at.",
        reverse ["observed-header-changed"];
}
