//! The operations that write rows, and how full their bodies can be.

use schemas::Standing;
use serde_json::{Map, Value};

use crate::contract::{Api, Operation, Resource};
use crate::generate::presence;
use crate::http::Request;
use crate::law::support::creatable;
use crate::law::{Case, Law};
use crate::scenario::{CaseContext, CaseError, CaseResult, ExclusiveRow, Setup as _};

/// The create and the update of a resource whose rows can be created.
pub(super) fn writes<'a>(
    resource: &'a Resource,
    create: &'a Operation,
) -> impl Iterator<Item = &'a Operation> {
    std::iter::once(create).chain(&resource.update)
}

/// The updates of all resources whose rows can be created.
pub(super) fn updates(api: &Api) -> impl Iterator<Item = (&Resource, &Operation)> {
    creatable(api).filter_map(|(resource, _)| Some((resource, resource.update.as_ref()?)))
}

/// The standings of an operation's optional properties: a body as full as each admits is another body.
pub(super) fn standings(op: &Operation) -> Vec<Standing> {
    let properties = op.body.iter().flat_map(|body| body.schema.properties());
    let optional: Vec<Standing> =
        properties.filter(|property| !property.required).map(|property| presence(&property)).collect();
    let all = [Standing::Documented, Standing::Inferred, Standing::Assumed];
    all.into_iter().filter(|standing| optional.contains(standing)).collect()
}

/// A case on a write of one request: a create, or an update of a row that the case may change.
pub(super) fn write_case(
    law: &'static Law,
    api: &Api,
    resource: &Resource,
    op: &Operation,
    run: impl AsyncFn(&mut CaseContext, Option<&ExclusiveRow>) -> CaseResult + 'static,
) -> Case {
    let row = (resource.create.as_ref() != Some(op)).then(|| ExclusiveRow::of(api, resource));
    let creates = usize::from(row.is_none());
    let run = async move |cx: &mut CaseContext, row: &Option<ExclusiveRow>| run(cx, row.as_ref()).await;
    Case::given(law, op, row, run).creates(creates, resource).needs(api.makers(resource))
}

/// The request of such a case: a valid create with some properties, or an update of nothing but them.
pub(super) async fn write_request(
    cx: &mut CaseContext,
    resource: &Resource,
    op: &Operation,
    row: Option<&ExclusiveRow>,
    fields: Map<String, Value>,
) -> Result<Request, CaseError> {
    match row {
        None => cx.create_request(resource, None, fields),
        Some(row) => {
            let row = row.get(cx).await?;
            cx.update_request(op, &row, fields)
        }
    }
}
