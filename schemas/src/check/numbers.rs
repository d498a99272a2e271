//! Parts of a rule on pages that must agree with each other.

use serde_json::Value;

use crate::error::Problem;
use crate::pointer;
use crate::rule::Rule;
use crate::source::Document;
use crate::tree;

/// What is wrong with the rule on pages of the whole API, and with those of single lists.
pub(super) fn problems(document: &Document) -> Vec<Problem> {
    let mut problems = of_rule(document, "/x-contract/pagination");
    tree::visit(document.value(), &mut |visit| {
        let own = |role: &Value| role.get("pages").is_some_and(Value::is_object);
        if visit.map.get("x-contract-operation").is_some_and(own) {
            problems.extend(of_rule(document, &format!("{}/x-contract-operation/pages", visit.at)));
        }
    });
    problems
}

fn of_rule(document: &Document, rule: &str) -> Vec<Problem> {
    let Some(stated) = document.get(rule).filter(|stated| stated.is_object()) else { return Vec::new() };
    let mut problems = sizes(document, &pointer::join(rule, "limit"));
    let style = stated.get("style").and_then(Value::as_str).unwrap_or("cursor");
    for key in ["cursor", "offset", "page", "after"] {
        let (asked, is_there) = (style == key, stated.get(key).is_some());
        if asked && !is_there {
            let what = format!("pages of the style {style} need {key}");
            let help = format!("Add `{key}: {{parameter: …}}`, or state the style that it is.");
            problems.push(document.problem(rule, what).with_help(help).under(Rule::Vocabulary));
        }
        if is_there && !asked {
            let what = format!("{key} means nothing for pages of the style {style}");
            let help = format!("Leave it out, or write `style: {key}`.");
            let at = pointer::join(rule, key);
            problems.push(document.problem(&at, what).with_help(help).under(Rule::Vocabulary));
        }
    }
    problems
}

/// Sizes of a page that the rule itself rules out. That each is a number is checked elsewhere.
fn sizes(document: &Document, limit: &str) -> Vec<Problem> {
    let number = |at: &str| document.get(at).and_then(Value::as_u64);
    let (least, most) = (format!("{limit}/minimum"), format!("{limit}/maximum"));
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
        document.get(&format!("{limit}/also_defaults")).and_then(Value::as_array).map_or(0, Vec::len);
    let others = (0..others).map(|index| format!("{limit}/also_defaults/{index}"));
    let outside = |at: String| {
        let size = number(&at).filter(|size| !(minimum..=maximum).contains(size))?;
        let what = format!("a page of {size} rows by default may not be asked for");
        let help = format!("Write a number from {minimum} to {maximum}, as minimum and maximum say.");
        Some(document.problem(&at, what).with_help(help))
    };
    std::iter::once(format!("{limit}/default")).chain(others).filter_map(outside).collect()
}
