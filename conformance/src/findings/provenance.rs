//! Where the rows come from that the steps of a finding name.

use std::rc::Rc;

use crate::scenario::{Row, SharedRows, Step};

/// The steps that created the shared rows which some steps name, owners first.
pub(crate) fn created_before(rows: &SharedRows, steps: &[Step]) -> Vec<Step> {
    let named = |row: &&Rc<Row>| steps.iter().any(|step| step.mentions(&row.id));
    let mut waiting: Vec<Rc<Row>> = rows.rows().filter(named).cloned().collect();
    let mut created: Vec<Step> = Vec::new();
    let mut seen: Vec<String> = Vec::new();
    while let Some(row) = waiting.pop() {
        let by = &row.created_by;
        let is_among_them = steps.iter().any(|step| step.is_alike(by));
        if seen.contains(&row.id) || is_among_them {
            continue;
        }
        seen.push(row.id.clone());
        if let Some(owner) = row.parent.as_ref().and_then(|id| rows.with_id(id)) {
            waiting.push(owner);
        }
        created.insert(0, by.clone());
    }
    created
}

/// Whether a step names the row that an earlier one created.
pub(super) fn names_row_of(created: &Step, later: &Step) -> bool {
    created.created.as_ref().is_some_and(|(_, id)| later.mentions(id))
}
