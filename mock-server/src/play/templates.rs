//! Bodies made around rows: a page, and the answer to a delete.

use bytes::{BufMut, Bytes, BytesMut};
use schemas::{Pagination, Sampler, Schema, pointer};
use serde_json::{Map, Value};

use crate::clock::format_ms;
use crate::store::Page;

const ROWS: &str = "\u{1}rows";
const MORE: &str = "\u{1}more";
const NEXT: &str = "\u{1}next";

/// A part of a page's text.
#[derive(Debug)]
enum Part {
    Text(Bytes),
    Rows,
    More,
    Next,
}

/// A page of rows as text with holes, so that rows are spliced in as they are kept.
#[derive(Debug)]
pub(crate) struct PageTemplate(Vec<Part>);

impl PageTemplate {
    /// From the schema of the response: a plain array, or an object with the parts that the paging rule names.
    pub(crate) fn new(schema: &Schema, rule: Option<&Pagination>) -> Option<Self> {
        if schema.admits_type("array") {
            return Some(Self(vec![Part::Rows]));
        }
        let envelope = &rule?.envelope;
        let mut page = Value::Object(Map::new());
        for property in schema.properties() {
            if property.required {
                pointer::set(
                    &mut page,
                    &format!("/{}", pointer::escape(&property.name)),
                    Sampler::new(&property.schema).sample()?,
                );
            }
        }
        let (more, next) = (envelope.has_more.as_deref(), envelope.next_cursor.as_deref());
        for (at, mark) in [(Some(envelope.rows.as_str()), ROWS), (more, MORE), (next, NEXT)] {
            if let Some(at) = at {
                pointer::set(&mut page, at, Value::String(mark.to_owned()));
            }
        }
        let text = page.to_string();
        let mut parts = Vec::new();
        let mut rest = text.as_str();
        loop {
            let holes = [(ROWS, Part::Rows), (MORE, Part::More), (NEXT, Part::Next)];
            let next = holes
                .into_iter()
                .filter_map(|(mark, part)| {
                    let quoted = Value::String(mark.to_owned()).to_string();
                    Some((rest.find(&quoted)?, quoted.len(), part))
                })
                .min_by_key(|(start, ..)| *start);
            let Some((start, length, part)) = next else { break };
            parts.push(Part::Text(Bytes::copy_from_slice(&rest.as_bytes()[..start])));
            parts.push(part);
            rest = &rest[start + length..];
        }
        parts.push(Part::Text(Bytes::copy_from_slice(rest.as_bytes())));
        Some(Self(parts))
    }

    /// The page as JSON text.
    pub(crate) fn write(&self, page: &Page) -> Bytes {
        let rows: usize = page.rows.iter().map(|row| row.bytes.len() + 1).sum();
        let mut text = BytesMut::with_capacity(rows + 256);
        for part in &self.0 {
            match part {
                Part::Text(bytes) => text.put_slice(bytes),
                Part::Rows => {
                    text.put_u8(b'[');
                    for (index, row) in page.rows.iter().enumerate() {
                        if index > 0 {
                            text.put_u8(b',');
                        }
                        text.put_slice(&row.bytes);
                    }
                    text.put_u8(b']');
                }
                Part::More => text.put_slice(if page.more { b"true" } else { b"false" }),
                Part::Next => match page.rows.last().filter(|_| page.more) {
                    Some(last) => {
                        text.put_u8(b'"');
                        text.put_slice(format_ms(last.key).as_bytes());
                        text.put_u8(b'"');
                    }
                    None => text.put_slice(b"null"),
                },
            }
        }
        text.freeze()
    }
}

/// An object whose properties are a row's where they share a name, and the schema's own constants elsewhere.
#[derive(Debug)]
pub(crate) struct RowProjection {
    /// Where the object stands in the answer.
    at: String,
    properties: Vec<(String, Option<Value>)>,
    /// The schema of the answer, where rows alone do not fill it.
    checked: Option<Schema>,
}

impl RowProjection {
    /// For an answer of this schema with the row at a pointer.
    pub(crate) fn new(schema: &Schema, at: &str, row: &Schema) -> Self {
        let inner = schema.within(at);
        let described = inner.iter().flat_map(Schema::properties);
        let mut filled = at.is_empty() && schema.admits_type("object");
        let properties: Vec<(String, Option<Value>)> = described
            .map(|property| {
                let constant = property.schema.keyword("const").cloned();
                filled &= !property.required || constant.is_some() || row.property(&property.name).is_some();
                (property.name, constant)
            })
            .collect();
        Self { at: at.to_owned(), properties, checked: (!filled).then(|| schema.clone()) }
    }

    /// The answer for a row.
    pub(crate) fn write(&self, row: &Map<String, Value>) -> Bytes {
        let members = self.properties.iter().filter_map(|(name, constant)| {
            let value = constant.as_ref().or_else(|| row.get(name))?;
            Some((name.clone(), value.clone()))
        });
        let members = Value::Object(members.collect());
        let Some(schema) = &self.checked else { return members.to_string().into() };
        let mut answer = members;
        if !self.at.is_empty() {
            let shown = std::mem::take(&mut answer);
            answer = Sampler::new(schema).best().unwrap_or_default();
            pointer::set(&mut answer, &self.at, shown);
        }
        Sampler::new(schema).repaired(answer).0.to_string().into()
    }
}
