//! A method that a path does not take is refused.

use schemas::Method;

use super::refused::{is_page, is_refused};
use crate::contract::Api;
use crate::http::Request;
use crate::law::{Case, Family, Law};
use crate::scenario::CaseContext;

pub(crate) static LAW: Law = Law {
    id: "method-unknown",
    family: Family::Route,
    says: "a method that a path does not offer is refused, and never with an HTML page",
    why: "Bare or in the envelope, 405 or 404: nobody promised which.",
    alike: true,
    ..Law::by_cases(cases)
};

/// One case per path: a method the description does not give it.
fn cases(api: &Api) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for op in api.operations.iter().filter(|op| api.reachable(op)) {
        let path = op.path.as_str();
        if seen.contains(&path) {
            continue;
        }
        seen.push(path);
        let methods = [Method::Put, Method::Patch, Method::Delete, Method::Post];
        let free = |method: &Method| api.contract.operation_at(*method, path).is_none();
        let Some(method) = methods.into_iter().find(free) else { continue };
        let target = op.clone();
        let case = Case::new(&LAW, op, async move |cx: &mut CaseContext| {
            let path = cx.request_to(&target)?.target();
            let exchange = cx.send(Request::at(method.as_str(), path)).await?;
            if is_refused(cx, &exchange, "a method that the path does not take") {
                is_page(cx, &exchange);
            }
            Ok(())
        });
        let variant = method.as_str().to_ascii_lowercase();
        cases.push(case.variant(variant).place("/paths").needs(api.needs_rows(op)));
    }
    cases
}
