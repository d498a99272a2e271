//! The stable names of the laws.

macro_rules! ids {
    ($($name:ident = $id:literal;)*) => {
        $(pub(crate) const $name: &str = $id;)*
    };
}

ids! {
    AUTH_MISSING = "auth-missing";
    AUTH_MALFORMED = "auth-malformed";
    AUTH_SCHEME = "auth-other-scheme";
    AUTH_UNKNOWN = "auth-unknown-key";
    AUTH_REVOKED = "auth-revoked-key";
    AUTH_QUERY = "auth-query-key";
    AUTH_CASE = "auth-scheme-case";
    AUTH_OPEN = "auth-open";
    AUTH_ISOLATION = "auth-isolation";
    AUTH_FIRST = "auth-decided-first";
    AUTH_KEY_HIDDEN = "auth-key-hidden";

    VALID_ACCEPTED = "valid-request-accepted";
    BOUND_ACCEPTED = "bound-accepted";
    REFUSES_MISSING = "refuses-missing";
    REFUSES_NULL = "refuses-null";
    REFUSES_TYPE = "refuses-type";
    REFUSES_SMALL = "refuses-too-small";
    REFUSES_BIG = "refuses-too-big";
    REFUSES_FORMAT = "refuses-format";
    REFUSES_ENUM = "refuses-enum";
    REFUSES_OTHER = "refuses-other";
    REFUSES_UNPARSABLE = "refuses-unparsable";
    REFUSES_NON_OBJECT = "refuses-non-object";
    REFUSES_QUERY = "refuses-query";
    REFUSED_MAKES_NOTHING = "refused-create-makes-nothing";
    REFUSED_CHANGES_NOTHING = "refused-write-changes-nothing";
    UNKNOWN_FIELD = "unknown-field-ignored";

    UNIQUE_CREATE = "unique-on-create";
    UNIQUE_UPDATE = "unique-on-update";
    UNIQUE_OWN = "unique-own-value";
    UNIQUE_NORMALIZED = "unique-after-normalisation";
    UNIQUE_WORKSPACE = "unique-in-workspace-alone";
    UNIQUE_CONCURRENT = "unique-under-concurrency";
    UNIQUE_FREED = "unique-after-delete";

    RESPONSE_SCHEMA = "response-schema";
    ERROR_ENVELOPE = "error-envelope";
    ERROR_TYPE_AGREES = "error-type-agrees";
    CONTENT_TYPE = "content-type";
    NO_SERVER_ERROR = "no-server-error";
    NOTHING_LEAKS = "nothing-leaks";

    READ_YOUR_WRITE = "read-your-write";
    STORED_AS_SENT = "stored-as-sent";
    DEFAULTS = "defaults";
    SERVER_SET = "server-set-ignored";
    CREATED_LISTED = "created-is-listed";
    UPDATE_READ = "update-is-read";
    UPDATE_PARTIAL = "update-is-partial";
    UPDATE_EMPTY = "update-empty";
    UPDATED_MOVES = "updated-moves";
    NULL_CLEARS = "null-clears";
    DELETE_ANSWER = "delete-names-the-row";
    DELETE_GONE = "delete-then-gone";
    DELETE_UNLISTED = "delete-unlisted";
    DELETE_AGAIN = "delete-again";
    DELETE_UNKNOWN = "delete-unknown";
    UPDATE_GONE = "update-deleted";
    UNKNOWN_ROW = "unknown-row";
    VALUE_NO_ID = "value-is-not-an-id";
    CHILDREN_UNLISTED = "children-unlisted";
    CHILDREN_READABLE = "children-readable";
    PARENT_EXISTS = "parent-must-exist";
    PARENT_EITHER_ID = "parent-by-either-id";
    FILTER_EXACT = "filter-selects-exactly";
    OWN_PARENT = "rows-stay-with-parent";
    DERIVED = "derived-field";
    EXCLUSIVE = "exclusive-value";
    STAMPED = "stamped-field";
    TEXT_ROUND_TRIP = "text-round-trip";
    IDS_DIFFER = "ids-differ";
    ROW_EITHER_ID = "row-by-either-id";
    NORMALIZED = "normalised-on-write";
    FILTER_PAGED = "filter-before-page";
    FILTERS_COMBINED = "filters-combine";
    ODD_INPUT = "odd-input-survived";

    LIST_ORDER = "list-order";
    LIMIT_HONOURED = "limit-honoured";
    LIMIT_RANGE = "limit-out-of-range";
    LIMIT_DEFAULT = "limit-default";
    WALK_COMPLETE = "walk-meets-each-row-once";
    CURSOR_STRICT = "cursor-is-strict";
    CURSOR_BAD = "cursor-bad";
    LIST_EMPTY = "list-empty";

    IDEMPOTENT_REPLAY = "idempotent-replay";
    IDEMPOTENT_OTHER_BODY = "idempotent-other-body";
    IDEMPOTENT_OTHER_ENDPOINT = "idempotent-other-endpoint";
    IDEMPOTENT_OTHER_WORKSPACE = "idempotent-other-workspace";
    IDEMPOTENT_FAILURE = "idempotent-failure-not-kept";
    IDEMPOTENT_IN_FLIGHT = "idempotent-in-flight";
    IDEMPOTENT_LONGEST = "idempotent-key-length";

    RATE_HEADERS = "rate-headers";
    RATE_COHERENT = "rate-coherent";
    RATE_REFUSAL = "rate-refusal";

    ROUTE_UNKNOWN = "route-unknown";
    METHOD_UNKNOWN = "method-unknown";
    MODEL = "sequence-agrees-with-model";
}
