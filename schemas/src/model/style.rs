//! How a parameter's value is written: `style` and `explode`.

use serde_json::Value;

/// How the value of a parameter is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Style {
    /// `a=1&a=2`, or `a=1,2`.
    Form,
    /// `1,2`, in paths and headers.
    Simple,
    /// `.1.2`, in paths.
    Label,
    /// `;a=1;a=2`, in paths.
    Matrix,
    /// `a=1%202`.
    SpaceDelimited,
    /// `a=1|2`.
    PipeDelimited,
    /// `a[x]=1&a[y]=2`.
    DeepObject,
    /// One JSON text, where the parameter states a media type of JSON.
    Json,
}

impl Style {
    /// The style a parameter states, else the usual one of its place; and whether it is exploded.
    pub(super) fn of(parameter: &Value) -> (Self, bool) {
        let content = parameter.get("content").and_then(Value::as_object);
        if content.and_then(|content| content.keys().next()).is_some_and(|media| media.contains("json")) {
            return (Self::Json, false);
        }
        let stated = parameter.get("style").and_then(Value::as_str).and_then(Self::named);
        let style = stated.unwrap_or(match parameter.get("in").and_then(Value::as_str) {
            Some("path" | "header") => Self::Simple,
            _ => Self::Form,
        });
        let explode = parameter.get("explode").and_then(Value::as_bool);
        (style, explode.unwrap_or(style == Self::Form))
    }

    /// The style of a name.
    pub(super) fn named(name: &str) -> Option<Self> {
        match name {
            "form" => Some(Self::Form),
            "simple" => Some(Self::Simple),
            "label" => Some(Self::Label),
            "matrix" => Some(Self::Matrix),
            "spaceDelimited" => Some(Self::SpaceDelimited),
            "pipeDelimited" => Some(Self::PipeDelimited),
            "deepObject" => Some(Self::DeepObject),
            _ => None,
        }
    }

    /// The text between the items of a list that is not exploded.
    pub(crate) fn separator(self) -> &'static str {
        match self {
            Self::SpaceDelimited => " ",
            Self::PipeDelimited => "|",
            Self::Label => ".",
            _ => ",",
        }
    }
}
