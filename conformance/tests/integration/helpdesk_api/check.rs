//! Whether a body is as the description wants it.

use serde_json::{Map, Value};

use super::answer::Answer;
use super::store::Kind;

/// What values a property takes.
enum Shape {
    Text(usize, usize),
    Handle,
    Address,
    Instant,
    Whole(i64, i64),
    HalfSteps(f64),
    Flag,
    OneOf(&'static [&'static str]),
    Topics,
    RowId,
}

/// A property of a body.
struct Property {
    name: &'static str,
    shape: Shape,
    is_required: bool,
    /// Null is taken by a create, by an update.
    nullable: (bool, bool),
}

const fn property(name: &'static str, shape: Shape) -> Property {
    Property { name, shape, is_required: false, nullable: (false, false) }
}

const fn required(name: &'static str, shape: Shape) -> Property {
    Property { name, shape, is_required: true, nullable: (false, false) }
}

const fn clearable(name: &'static str, shape: Shape, on_create: bool) -> Property {
    Property { name, shape, is_required: false, nullable: (on_create, true) }
}

pub(super) const TINTS: &[&str] = &["green", "amber", "red"];
pub(super) const STAGES: &[&str] = &["open", "working", "parked", "done"];
pub(super) const PRIORITIES: &[&str] = &["low", "normal", "urgent"];

const BOARD: &[Property] = &[
    required("title", Shape::Text(1, 60)),
    clearable("handle", Shape::Handle, false),
    property("tint", Shape::OneOf(TINTS)),
    clearable("capacity", Shape::Whole(1, 500), false),
    clearable("contact", Shape::Address, false),
];

const TICKET: &[Property] = &[
    required("subject", Shape::Text(1, 80)),
    required("label", Shape::Text(2, 40)),
    property("priority", Shape::OneOf(PRIORITIES)),
    property("stage", Shape::OneOf(STAGES)),
    property("on_hold", Shape::Flag),
    property("pinned", Shape::Flag),
    clearable("due", Shape::Instant, true),
    clearable("effort", Shape::Whole(0, 100), true),
    property("topics", Shape::Topics),
];

const REMARK: &[Property] = &[
    required("ticket", Shape::RowId),
    required("text", Shape::Text(1, 2_000)),
    property("audience", Shape::OneOf(&["staff", "everybody"])),
    clearable("rating", Shape::HalfSteps(5.0), false),
];

/// What is wrong with a value.
fn fault(shape: &Shape, value: &Value) -> Option<&'static str> {
    match (shape, value) {
        (Shape::Text(least, most), Value::String(text)) => length(text, *least, *most),
        (Shape::Handle, Value::String(text)) => length(text, 3, 24).or_else(|| {
            let fits = text.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
            (!fits).then_some("misshapen")
        }),
        (Shape::Address, Value::String(text)) => {
            let fits =
                text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
            (!fits).then_some("misshapen")
        }
        (Shape::Instant, Value::String(text)) => {
            text.parse::<jiff::Timestamp>().is_err().then_some("misshapen")
        }
        (Shape::Whole(least, most), Value::Number(number)) => {
            // A number with a fraction is no whole number, unless the fraction is nothing.
            let whole = number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from));
            let float = number.as_f64().filter(|number| number.fract() == 0.0);
            match (whole, float) {
                (Some(whole), _) if whole < i128::from(*least) => Some("too_little"),
                (Some(whole), _) if whole > i128::from(*most) => Some("too_much"),
                (None, Some(float)) => Some(if float < 0.0 { "too_little" } else { "too_much" }),
                (None, None) => Some("wrong_kind"),
                (Some(_), _) => None,
            }
        }
        (Shape::HalfSteps(most), Value::Number(number)) => match number.as_f64().unwrap_or(f64::NAN) {
            number if number < 0.0 => Some("too_little"),
            number if number > *most => Some("too_much"),
            number if (number * 2.0).fract() != 0.0 => Some("unfit"),
            _ => None,
        },
        (Shape::OneOf(members), Value::String(text)) => {
            (!members.contains(&text.as_str())).then_some("unlisted")
        }
        (Shape::Topics, Value::Array(topics)) => {
            let first = topics.iter().find_map(|topic| match topic {
                Value::String(text) => length(text, 1, 20),
                Value::Null => Some("null_given"),
                _ => Some("wrong_kind"),
            });
            first.or((topics.len() > 5).then_some("too_much"))
        }
        (Shape::Flag, Value::Bool(_)) | (Shape::RowId, Value::String(_)) => None,
        (Shape::RowId, Value::Number(number)) if number.is_i64() || number.is_u64() => None,
        (_, Value::Null) => Some("null_given"),
        _ => Some("wrong_kind"),
    }
}

/// In characters.
fn length(text: &str, least: usize, most: usize) -> Option<&'static str> {
    match text.chars().count() {
        count if count < least => Some("too_little"),
        count if count > most => Some("too_much"),
        _ => None,
    }
}

/// The body of a request that makes or changes a row, if nothing is wrong with it.
pub(super) fn body(kind: Kind, text: &[u8], is_create: bool) -> Result<Map<String, Value>, Answer> {
    let value: Value = serde_json::from_slice(text).map_err(|_| Answer::fault(400, "no_json", None))?;
    let Value::Object(mut body) = value else { return Err(Answer::fault(400, "no_object", None)) };
    let known = match kind {
        Kind::Board => BOARD,
        Kind::Ticket => TICKET,
        Kind::Remark => REMARK,
    };
    let taken = |property: &&Property| is_create || property.name != "ticket";
    for property in known.iter().filter(taken) {
        let wrong = match body.get(property.name) {
            None => (is_create && property.is_required).then_some("wanting"),
            Some(Value::Null) if is_create && property.nullable.0 => None,
            Some(Value::Null) if !is_create && property.nullable.1 => None,
            Some(value) => fault(&property.shape, value),
        };
        if let Some(reason) = wrong {
            return Err(Answer::fault(422, reason, Some(property.name)));
        }
    }
    let is_known = |name: &String| known.iter().filter(taken).any(|property| property.name == name);
    if kind == Kind::Remark
        && let Some(name) = body.keys().find(|name| !is_known(name))
    {
        return Err(Answer::fault(422, "unfit", Some(name)));
    }
    body.retain(|name, _| is_known(name));
    Ok(body)
}
