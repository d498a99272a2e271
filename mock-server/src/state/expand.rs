//! Many rows from one: `{"count": 200, …}`.

use schemas::Problem;
use serde_json::Value;

use super::{Document, Reading, members};

/// What says how many.
const COUNT: &str = "count";
/// What a text has in the place of the row's number.
const NUMBER: &str = "{n}";
/// What marks a row that was made from a count, until it is complete.
pub(super) const MADE: &str = "\u{1}made";

impl Reading<'_> {
    /// Writes every row that stands for many as often as it says.
    pub(super) fn expand(&self, document: &mut Document) -> Result<(), Vec<Problem>> {
        let mut problems = Vec::new();
        let mut left = self.max_rows;
        for (name, rows) in document {
            let known =
                self.contract.resource(name).is_some_and(|resource| resource.fields.contains_key(COUNT));
            let mut all = Vec::with_capacity(rows.len());
            for (index, mut row) in std::mem::take(rows).into_iter().enumerate() {
                let count = members(&mut row).filter(|_| !known).and_then(|row| row.shift_remove(COUNT));
                let many = count.as_ref().map_or(Some(1), Value::as_u64);
                let Some(many) = many.and_then(|many| usize::try_from(many).ok()) else {
                    let at = format!("/{}/{index}/{COUNT}", schemas::pointer::escape(name));
                    let what = format!("{} is no number of rows", count.unwrap_or_default());
                    problems.push(Problem::new(None, at, what).with_help("Write a whole number."));
                    continue;
                };
                let Some(rest) = left.checked_sub(many) else {
                    let at = format!("/{}/{index}", schemas::pointer::escape(name));
                    let what = format!("a workspace holds {} rows at the most", self.max_rows);
                    problems
                        .push(Problem::new(None, at, what).with_help("Write fewer rows; see --max-rows."));
                    return Err(problems);
                };
                left = rest;
                if count.is_none() {
                    all.push(row);
                    continue;
                }
                for number in 1..=many {
                    let mut one = row.clone();
                    numbered(&mut one, number);
                    if let Some(one) = members(&mut one) {
                        one.insert(MADE.to_owned(), number.into());
                    }
                    all.push(one);
                }
            }
            *rows = all;
        }
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }
}

/// Writes the number into every text that has a place for it.
fn numbered(value: &mut Value, number: usize) {
    match value {
        Value::String(text) if text.contains(NUMBER) => *text = text.replace(NUMBER, &number.to_string()),
        Value::Array(items) => items.iter_mut().for_each(|item| numbered(item, number)),
        Value::Object(members) => members.values_mut().for_each(|member| numbered(member, number)),
        _ => {}
    }
}
