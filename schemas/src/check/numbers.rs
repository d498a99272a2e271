//! Numbers of the vocabulary that must agree with each other.

use serde_json::Value;

use crate::error::Problem;
use crate::source::Document;

const LIMIT: &str = "/x-contract/pagination/limit";

/// Sizes of a page that the rule itself rules out. That each is a number is checked elsewhere.
pub(super) fn problems(document: &Document) -> Vec<Problem> {
    let number = |at: &str| document.get(at).and_then(Value::as_u64);
    let (least, most) = (format!("{LIMIT}/minimum"), format!("{LIMIT}/maximum"));
    let (Some(minimum), Some(maximum)) = (number(&least), number(&most)) else {
        return Vec::new();
    };
    if minimum > maximum {
        let what = format!("the smallest page, {minimum}, is larger than the largest, {maximum}");
        return vec![
            document.problem(&least, what).with_help("Exchange minimum and maximum, or correct one."),
        ];
    }
    let others =
        document.get(&format!("{LIMIT}/also_defaults")).and_then(Value::as_array).map_or(0, Vec::len);
    let others = (0..others).map(|index| format!("{LIMIT}/also_defaults/{index}"));
    let outside = |at: String| {
        let size = number(&at).filter(|size| !(minimum..=maximum).contains(size))?;
        let what = format!("a page of {size} rows by default may not be asked for");
        let help = format!("Write a number from {minimum} to {maximum}, as minimum and maximum say.");
        Some(document.problem(&at, what).with_help(help))
    };
    std::iter::once(format!("{LIMIT}/default")).chain(others).filter_map(outside).collect()
}
