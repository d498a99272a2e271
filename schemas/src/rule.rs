//! What can be wrong with a description, kind by kind: each has an id, and says what it stops.

use std::fmt;

/// How much a problem stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// The file cannot be read as a description, or what it says beyond OpenAPI is wrong.
    Error,
    /// One operation, parameter, schema or keyword cannot be used; everything else works.
    Skipped,
    /// Odd, and harmless.
    Notice,
}

impl Level {
    /// The word that messages begin with.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Skipped => "skipped",
            Self::Notice => "notice",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

macro_rules! rules {
    ($($(#[doc = $says:literal])* $name:ident = $id:literal, $level:ident;)*) => {
        /// A kind of problem with a description.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Rule {
            $($(#[doc = $says])* $name,)*
        }

        impl Rule {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The word in brackets in messages.
            pub fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)* }
            }

            /// How much it stops.
            pub fn level(self) -> Level {
                match self { $(Self::$name => Level::$level,)* }
            }

            /// What it means, a sentence.
            pub fn says(self) -> &'static str {
                match self { $(Self::$name => concat!($($says),*).trim_ascii(),)* }
            }
        }
    };
}

rules! {
    /// The file cannot be read, or is over the bound.
    Unreadable = "unreadable", Error;
    /// The text is neither YAML nor JSON, or is nested deeper than anybody writes.
    Syntax = "syntax", Error;
    /// The file is no OpenAPI description, or one of a version that is not read.
    Version = "version", Error;
    /// An `x-contract` key is misspelt, misplaced or not of its form.
    Vocabulary = "vocabulary", Error;
    /// An `x-contract` key names a resource, property, parameter or scheme that is not there.
    Name = "name", Error;
    /// An overlay is not of the form of one.
    Overlay = "overlay", Error;
    /// A reference leads nowhere, or into something of another kind.
    ReferenceNowhere = "reference-nowhere", Skipped;
    /// References lead back to themselves.
    ReferenceCircle = "reference-circle", Skipped;
    /// A reference leads to another machine; nothing is fetched.
    ReferenceRemote = "reference-remote", Skipped;
    /// A reference leads out of the folder of the description.
    ReferenceOutside = "reference-outside", Skipped;
    /// The file that a reference names cannot be read.
    ReferenceFile = "reference-file", Skipped;
    /// A path that no request can have, such as one with a query string.
    PathForm = "path-form", Skipped;
    /// Something under a path that is no operation that is played.
    OperationForm = "operation-form", Skipped;
    /// The same method on a path that matches the same requests as an earlier one.
    OperationTwice = "operation-twice", Skipped;
    /// A parameter without a name, of an unknown place, or not of the form of one.
    ParameterForm = "parameter-form", Skipped;
    /// A response under a key that is no status, or not of the form of one.
    ResponseForm = "response-form", Skipped;
    /// A keyword of a schema whose value is none that it may have.
    SchemaKeyword = "schema-keyword", Skipped;
    /// A pattern that is no regular expression of ECMA-262, or one that is too large.
    Pattern = "pattern", Skipped;
    /// A key that is written twice in one object; the last counts.
    KeyTwice = "key-twice", Skipped;
    /// Something that the specification does not allow, and that stops nothing.
    OpenapiForm = "openapi-form", Notice;
    /// A null where an object, a text or a list belongs; it counts as not written.
    NullValue = "null-value", Notice;
    /// A number where a text belongs.
    NumberAsText = "number-as-text", Notice;
    /// A path parameter that the path names and nothing describes; any text is taken.
    ParameterUndeclared = "parameter-undeclared", Notice;
    /// A described path parameter that the path does not name; it is never sent.
    ParameterUnused = "parameter-unused", Notice;
    /// An `operationId` that an earlier operation has; another one is made up.
    OperationIdTwice = "operation-id-twice", Notice;
    /// The URL of a server that is read in another way than it is written.
    ServerForm = "server-form", Notice;
    /// A key that is nearly one of the vocabulary, in a description without it.
    NearVocabulary = "near-vocabulary", Notice;
    /// An action of an overlay whose target selects nothing.
    OverlayIdle = "overlay-idle", Notice;
    /// Text that is not quite YAML, JSON or UTF-8, and is read all the same.
    TextForm = "text-form", Notice;
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}
