//! The rows of a workspace as a document: out as they are, in with what is missing made.

mod complete;
mod expand;
mod relative;

use fixtures::WorkspaceSeed;
use indexmap::IndexMap;
use schemas::{Contract, Problem, Resource, advice};
use serde_json::{Map, Value};

use crate::store::{RowState, State, seeded};

/// Rows by resource.
pub(crate) type Document = IndexMap<String, Vec<Value>>;

/// What a document is read for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading<'a> {
    pub(crate) contract: &'a Contract,
    pub(crate) workspace: &'a str,
    pub(crate) seed: u64,
    /// Milliseconds since 1970.
    pub(crate) now: i64,
    pub(crate) max_rows: usize,
}

/// The rows that can be read, oldest first. What comes out can be put in again.
pub(crate) fn export(contract: &Contract, state: &State) -> Document {
    let tables = contract.resources().iter().zip(&state.tables);
    let rows = tables.map(|(resource, table)| {
        let rows = table.rows().filter(|row| row.state == RowState::Listed);
        (resource.name.clone(), rows.map(|row| Value::Object(row.value())).collect())
    });
    rows.collect()
}

/// What rows are rows of: changes with the resources, their fields and their schemas.
pub(crate) fn shape(contract: &Contract) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    for resource in contract.resources() {
        resource.name.hash(&mut hasher);
        for property in resource.schema.properties() {
            property.name.hash(&mut hasher);
            property.required.hash(&mut hasher);
            property.schema.resolved().1.to_string().hash(&mut hasher);
        }
    }
    hasher.finish()
}

impl Reading<'_> {
    /// The rows that a document describes, in place of those of `before`: completed, and held to the contract. All that is
    /// wrong is told, and nothing is done then.
    pub(crate) fn import(&self, document: &Value, before: &State) -> Result<State, Vec<Problem>> {
        let mut rows = self.lists(document)?;
        self.expand(&mut rows)?;
        let mut made: Vec<u64> = before.tables.iter().map(|table| table.made).collect();
        self.complete(&mut rows, &mut made);
        let seed = WorkspaceSeed::check(self.contract, self.workspace, &rows)?;
        let mut state = seeded(self.contract, &seed);
        for (table, made) in state.tables.iter_mut().zip(made) {
            table.made = made;
        }
        Ok(state)
    }

    /// The lists of a document: every resource's, by its name.
    fn lists(&self, document: &Value) -> Result<Document, Vec<Problem>> {
        let Value::Object(parts) = document else {
            let problem = Problem::say("the rows are no object")
                .with_help("Write an object with a list of rows for each resource.");
            return Err(vec![problem]);
        };
        let names = || self.contract.resources().iter().map(|resource| resource.name.as_str());
        let mut problems = Vec::new();
        let mut rows: Document = names().map(|name| (name.to_owned(), Vec::new())).collect();
        for (name, list) in parts {
            let at = format!("/{}", schemas::pointer::escape(name));
            match (rows.get_mut(name), list) {
                (None, _) => {
                    let what = format!("the contract has no resource {name}");
                    problems.push(Problem::new(None, at, what).with_help(advice(name, names())));
                }
                (Some(slot), Value::Array(list)) => {
                    for (index, row) in list.iter().enumerate().filter(|(_, row)| !row.is_object()) {
                        let what = format!("{row} is no row");
                        let problem = Problem::new(None, format!("{at}/{index}"), what);
                        problems.push(problem.with_help("Write each row as an object."));
                    }
                    slot.clone_from(list);
                }
                (Some(_), _) => {
                    let problem = Problem::new(None, at, format!("the rows of {name} are no list"));
                    problems.push(problem.with_help("Write them in brackets."));
                }
            }
        }
        if problems.is_empty() { Ok(rows) } else { Err(problems) }
    }
}

/// The position of the row that a name names: its id, or its number.
pub(crate) fn position(resource: &Resource, rows: &[Value], name: &str) -> Option<usize> {
    let is = |row: &Value, field: &str| match row.get(field) {
        Some(Value::String(text)) => text == name,
        Some(Value::Number(number)) => number.to_string() == name,
        _ => false,
    };
    let identity = &resource.identity;
    let by = |field: &str| rows.iter().position(|row| is(row, field));
    by(&identity.id).or_else(|| by(identity.display.as_deref()?))
}

/// An object's members; none of anything else.
fn members(row: &mut Value) -> Option<&mut Map<String, Value>> {
    row.as_object_mut()
}
