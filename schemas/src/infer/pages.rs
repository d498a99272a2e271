//! How a list is paged, by its parameters and by what stands beside its rows.

use serde_json::{Map, Value, json};

use super::calls::{Call, Parameter};
use super::view::{Kind, View};
use super::words;
use crate::pointer;

const SIZE: [&str; 23] = [
    "limit",
    "perpage",
    "pagesize",
    "size",
    "count",
    "maxresults",
    "first",
    "top",
    "take",
    "rows",
    "resultsperpage",
    "itemsperpage",
    "pagelimit",
    "max",
    "maxitems",
    "num",
    "pagecount",
    "maxpagesize",
    "perpagecount",
    "recordsperpage",
    "numresults",
    "pagelength",
    "maxkeys",
];
const OFFSET: [&str; 9] = [
    "offset",
    "skip",
    "start",
    "pageoffset",
    "startindex",
    "firstresult",
    "from",
    "startat",
    "startposition",
];
const PAGE: [&str; 9] =
    ["page", "pagenumber", "pageno", "pagenum", "pageindex", "p", "currentpage", "pageid", "pagenbr"];
const CURSOR: [&str; 14] = [
    "cursor",
    "nextcursor",
    "pagetoken",
    "nexttoken",
    "nextpagetoken",
    "continuationtoken",
    "pagecursor",
    "aftercursor",
    "marker",
    "continuation",
    "startcursor",
    "bookmark",
    "nextpage",
    "pagestate",
];
const AFTER: [&str; 8] =
    ["startingafter", "after", "afterid", "sinceid", "lastid", "pageafter", "startafter", "since"];

const HAS_MORE: [&str; 6] = ["hasmore", "hasnext", "hasnextpage", "more", "hasmorerecords", "hasmoreresults"];
const NEXT_CURSOR: [&str; 11] = [
    "nextcursor",
    "nextpagetoken",
    "nexttoken",
    "cursor",
    "next",
    "continuationtoken",
    "nextpage",
    "endcursor",
    "after",
    "nextmarker",
    "pagetoken",
];
const TOTAL: [&str; 13] = [
    "total",
    "totalcount",
    "totalitems",
    "totalelements",
    "totalresults",
    "totalrecords",
    "totalrows",
    "recordcount",
    "itemcount",
    "totalsize",
    "numfound",
    "totalentries",
    "totalnum",
];
const ON_PAGE: [&str; 4] = ["count", "size", "length", "numberofelements"];
const NUMBER: [&str; 6] = ["page", "currentpage", "pagenumber", "pageno", "pageindex", "number"];
const PAGES: [&str; 6] = ["totalpages", "pages", "pagecount", "lastpage", "numpages", "pagestotal"];
const AT: [&str; 5] = ["offset", "skip", "start", "startindex", "from"];
const LIMIT: [&str; 6] = ["limit", "perpage", "pagesize", "itemsperpage", "take", "maxresults"];
/// Objects beside the rows that tell about the page.
const ABOUT: [&str; 9] =
    ["meta", "metadata", "pagination", "paging", "page", "pageinfo", "pager", "responsemetadata", "links"];

/// The most rows of a page where nothing is said.
const MOST: u64 = 1_000;
/// Rows of a page where nothing is said.
const USUAL: u64 = 100;

/// How a list is paged, and what it follows from. `rows` is where the rows stand in its answer.
pub(super) fn pages(view: &View<'_>, call: &Call, rows: &str) -> (Value, String) {
    let answer = call.answers.iter().find_map(|answer| answer.schema.clone());
    let mut envelope = envelope(view, answer.as_deref().unwrap_or_default(), rows);
    let find = |known: &[&str], kinds: &[Kind]| {
        call.query().find(|parameter| {
            words::is_one_of(&parameter.name, known) && kinds.contains(&view.kind(&parameter.schema))
        })
    };
    let numbers = [Kind::Integer, Kind::Number, Kind::Any];
    let size = find(&SIZE, &numbers);
    let any = [Kind::Integer, Kind::Number, Kind::Any, Kind::Text];
    let (offset, page) = (find(&OFFSET, &numbers), find(&PAGE, &numbers));
    let (cursor, after) = (find(&CURSOR, &any), find(&AFTER, &any));
    let token = envelope.get("next_cursor").is_some();
    let mut rule = Map::new();
    rule.insert("standing".to_owned(), json!("assumed"));
    let (style, parameter): (&str, Option<&Parameter>) = match (cursor, after) {
        (Some(cursor), _) if token => ("cursor", Some(cursor)),
        (None, Some(after)) if token && after.name == "after" && !is_id(view, &envelope) => {
            ("cursor", Some(after))
        }
        _ if page.is_some() => ("page", page),
        _ if offset.is_some() => ("offset", offset),
        (_, Some(after)) => ("after", Some(after)),
        _ => ("none", None),
    };
    if style != "cursor" {
        envelope.shift_remove("next_cursor");
    }
    rule.insert("style".to_owned(), json!(style));
    let mut reasons = Vec::new();
    if let Some(size) = size {
        rule.insert("limit".to_owned(), limit(view, size));
        reasons.push(format!("{} is the size of a page", size.name));
    }
    if let Some(parameter) = parameter {
        let mut place = json!({ "parameter": parameter.name });
        let first =
            view.keyword(&parameter.schema, "default").or_else(|| view.keyword(&parameter.schema, "minimum"));
        if style == "page" && first.and_then(Value::as_u64) == Some(0) {
            place["first"] = json!(0);
        }
        rule.insert(style.to_owned(), place);
        reasons.push(format!("{} says where a page begins", parameter.name));
    }
    if parameter.is_none() {
        reasons.push("no parameter asks for the next page".to_owned());
    }
    let place = if rows.is_empty() {
        "the answer is the array of rows".to_owned()
    } else {
        format!("the rows stand at {rows}")
    };
    reasons.push(place);
    rule.insert("envelope".to_owned(), Value::Object(envelope));
    (Value::Object(rule), reasons.join("; "))
}

/// Whether a page names its last row: then the word `after` means that row.
fn is_id(_: &View<'_>, envelope: &Map<String, Value>) -> bool {
    let next = envelope.get("next_cursor").and_then(Value::as_str).unwrap_or_default();
    words::is_one_of(next, &["lastid"])
}

/// The parameters that ask for a page, whatever the style: none of them is a filter.
pub(super) fn asks_for_page(name: &str) -> bool {
    [&SIZE[..], &OFFSET, &PAGE, &CURSOR, &AFTER].iter().any(|known| words::is_one_of(name, known))
}

fn limit(view: &View<'_>, size: &Parameter) -> Value {
    let number = |keyword: &str| view.keyword(&size.schema, keyword).and_then(Value::as_u64);
    let most = number("maximum").unwrap_or(MOST).clamp(1, 1_000_000);
    let least = number("minimum").unwrap_or(1).clamp(1, most);
    let usual = number("default").unwrap_or(USUAL).clamp(least, most);
    json!({"parameter": size.name, "default": usual, "minimum": least, "maximum": most, "out_of_range": "assumed"})
}

fn envelope(view: &View<'_>, answer: &str, rows: &str) -> Map<String, Value> {
    let mut found = Map::new();
    found.insert("rows".to_owned(), json!(rows));
    if rows.is_empty() {
        return found;
    }
    // Beside the rows, and around them.
    let (around, _) = rows.rsplit_once('/').unwrap_or_default();
    let mut levels = vec![(String::new(), answer.to_owned())];
    if let Some(name) = around.strip_prefix('/')
        && let Some(property) = view.shape(answer).get(&pointer::unescape(name))
    {
        levels.insert(0, (around.to_owned(), property.at.clone()));
    }
    for (within, at) in levels {
        beside(view, &at, &within, rows, &mut found);
        for (name, property) in &view.shape(&at).properties {
            if words::is_one_of(name, &ABOUT) && view.kind(&property.at) == Kind::Object {
                let inner = pointer::join(&within, name);
                beside(view, &property.at, &inner, rows, &mut found);
                for (name, property) in &view.shape(&property.at).properties {
                    if words::is_one_of(name, &ABOUT) && view.kind(&property.at) == Kind::Object {
                        beside(view, &property.at, &pointer::join(&inner, name), rows, &mut found);
                    }
                }
            }
        }
    }
    // A count beside no total is that of all rows.
    if !found.contains_key("total")
        && let Some(count) = found.shift_remove("count")
    {
        found.insert("total".to_owned(), count);
    }
    found
}

fn beside(view: &View<'_>, at: &str, within: &str, rows: &str, found: &mut Map<String, Value>) {
    for (name, property) in &view.shape(at).properties {
        let here = pointer::join(within, name);
        if here == rows {
            continue;
        }
        let kind = view.kind(&property.at);
        let is = |known: &[&str]| words::is_one_of(name, known);
        let number = matches!(kind, Kind::Integer | Kind::Number);
        let url = view
            .keyword(&property.at, "format")
            .and_then(Value::as_str)
            .is_some_and(|format| ["uri", "url", "uri-reference"].contains(&format));
        let key = match kind {
            Kind::Boolean if is(&HAS_MORE) => "has_more",
            Kind::Text if url && is(&["next", "nextpage", "nexturl"]) => "next",
            Kind::Text if url && is(&["previous", "prev", "previouspage", "prevurl"]) => "previous",
            Kind::Text if !url && is(&NEXT_CURSOR) => "next_cursor",
            _ if number && is(&TOTAL) => "total",
            _ if number && is(&PAGES) => "pages",
            _ if number && is(&NUMBER) => "page",
            _ if number && is(&AT) => "offset",
            _ if number && is(&LIMIT) => "limit",
            _ if number && is(&ON_PAGE) => "count",
            _ => continue,
        };
        found.entry(key).or_insert_with(|| json!(here));
    }
}
