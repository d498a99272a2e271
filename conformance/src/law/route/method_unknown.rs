//! A method that a path does not take is refused.

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
        let Some(method) = api.other_method(op) else { continue };
        let target = op.clone();
        let case = Case::new(&LAW, op, async move |cx: &mut CaseContext| {
            let path = cx.request_to(&target)?.target();
            let exchange = cx.send(Request::at(method, path)).await?;
            if is_refused(cx, &exchange, "a method that the path does not take") {
                is_page(cx, &exchange);
            }
            Ok(())
        });
        let variant = method.to_ascii_lowercase();
        cases.push(case.variant(variant).place("/paths").needs(api.needs_rows(op)));
    }
    cases
}
