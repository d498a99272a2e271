//! Pages of rows.

use super::RequestContext;
use crate::answer::Answer;
use crate::clock::parse_bound;
use crate::refusal::kind;
use crate::store::RowState;

impl RequestContext<'_> {
    /// Answers a page.
    pub(super) fn list(&self) -> Result<Answer, Answer> {
        let state = self.workspace.state.read();
        let rule = self.prepared.operation.pages.as_ref();
        let limit = match rule.and_then(|rule| rule.limit.as_ref()) {
            Some(limit) => {
                let asked = self.parameters.query(&limit.parameter).and_then(whole_number);
                let limit = asked.unwrap_or(limit.default).clamp(limit.minimum, limit.maximum);
                usize::try_from(limit).unwrap_or(usize::MAX)
            }
            None => usize::MAX,
        };
        let cursor = rule.and_then(|rule| rule.cursor.as_ref());
        let before = match cursor.and_then(|cursor| Some((cursor, self.parameters.query(&cursor.parameter)?)))
        {
            Some((cursor, text)) => {
                let field = &cursor.parameter;
                let message = format!("{field} must be an ISO 8601 instant");
                Some(parse_bound(text).ok_or_else(|| match &cursor.rejection {
                    Some(rejection) => self.refusals.of(rejection, &message, Some(field)),
                    None => self.refusals.of_kind(kind::VALUE_FORMAT, 400, &message),
                })?)
            }
            None => None,
        };

        let mut filters: Vec<(&str, String)> = Vec::new();
        if let Some(owner) = self.owner(&state)? {
            let parent = self.resource(self.prepared.resource)?.parent.as_ref().ok_or_else(|| self.lost())?;
            filters.extend(parent.field.as_deref().map(|field| (field, owner.id.to_string())));
        }
        for selector in &self.prepared.filters {
            let Some(text) = self.parameters.query(&selector.parameter) else {
                continue;
            };
            let value = match selector.refers {
                // A reference may be named by either id; one that names nothing selects nothing.
                Some(resource) => {
                    let row =
                        self.table(&state, resource)?.find(text).filter(|row| row.state != RowState::Deleted);
                    row.map_or_else(|| "\u{1}".to_owned(), |row| row.id.to_string())
                }
                None => text.to_owned(),
            };
            filters.push((&selector.field, value));
        }
        let filters: Vec<(&str, &str)> =
            filters.iter().map(|(field, value)| (*field, value.as_str())).collect();
        let page = self.table(&state, self.prepared.resource)?.page(&filters, before, limit);
        drop(state);
        let template = self.prepared.list.as_ref();
        let template = template.ok_or_else(|| {
            let message = "The description does not say how a page of this operation is written.";
            self.refusals.of_kind(kind::INTERNAL, 500, message)
        })?;
        Ok(Answer::json(self.success(), template.write(&page)))
    }
}

/// A whole number as JSON may write it: `5`, `5.0`, `5e0`.
fn whole_number(text: &str) -> Option<u64> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "held against the schema's bounds before"
    )]
    text.parse().ok().or_else(|| Some(text.parse::<f64>().ok()? as u64))
}
