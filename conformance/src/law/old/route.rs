//! Paths and methods that are none.

use schemas::{Method, Standing};

use super::id;
use super::law::{Family, Law, probed};
use crate::contract::{Api, Operation};
use crate::judge::Expected;
use super::case::Case;
use crate::http::Request;
use crate::scenario::{Exchange, CaseContext};

/// The family.
pub(crate) const LAWS: &[Law] = &[
    probed(
        id::ROUTE_UNKNOWN,
        Family::Route,
        "a path that is none is refused, in the envelope",
        "A catch-all that answers 200 hides every misspelt URL. Which refusal it is nobody promised.",
        unknown_path,
    ),
    probed(
        id::METHOD_UNKNOWN,
        Family::Route,
        "a method that a path does not take is refused, and never with a page",
        "Bare or in the envelope, 405 or 404: nobody promised which.",
        unknown_method,
    ),
];

fn unknown_path(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    let Some(op) = api.closed().next().or_else(|| api.operations.first()) else { return Vec::new() };
    let refusal = api.rules().errors.as_ref().and_then(|errors| errors.rejection("route-unknown")).cloned();
    let enveloped = refusal.is_some();
    let case = Case::new(law, op, async move |cx: &mut CaseContext| {
        let path = format!("/{}", cx.names.token());
        let exchange = cx.send(Request::at("GET", path)).await?;
        if !not_a_success(cx, &exchange, "a path that is none") || page(cx, &exchange) || !enveloped {
            return Ok(());
        }
        let errors = cx.api().rules().errors.clone();
        let expect = Expected::words("a refusal in the error envelope");
        if let Some(errors) = errors.filter(|errors| exchange.at(&errors.pointers.kind).is_none()) {
            drop(errors);
            let message =
                format!("the {} of a path that is none is not in the error envelope", exchange.status);
            cx.broke(
                exchange.step,
                "envelope",
                Standing::Documented,
                "/x-contract/errors/schema",
                message,
                expect,
            );
        } else if exchange.status != 404 {
            let message = format!("a path that is none was answered {}", exchange.status);
            cx.broke(
                exchange.step,
                "status",
                Standing::Assumed,
                "/x-contract/errors/rejections/route-unknown",
                message,
                Expected::status(404),
            );
        }
        Ok(())
    });
    vec![case.place("/paths")]
}

/// One case per path: a method the description does not give it.
fn unknown_method(law: &'static Law, api: &Api, _: u64) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut seen: Vec<String> = Vec::new();
    for op in api.operations.iter().filter(|op| api.reachable(op)) {
        if seen.contains(&op.path.as_str().to_owned()) {
            continue;
        }
        seen.push(op.path.as_str().to_owned());
        let taken = |method: Method| api.contract.operation_at(method, op.path.as_str()).is_some();
        let Some(method) = [Method::Put, Method::Patch, Method::Delete, Method::Post]
            .into_iter()
            .find(|method| !taken(*method))
        else {
            continue;
        };
        let target = op.clone();
        let case = Case::new(law, op, async move |cx: &mut CaseContext| {
            let path = target_path(cx, &target)?;
            let exchange = cx.send(Request::at(method.as_str(), path)).await?;
            if not_a_success(cx, &exchange, "a method that the path does not take") {
                page(cx, &exchange);
            }
            Ok(())
        });
        cases.push(
            case.variant(method.as_str().to_ascii_lowercase()).place("/paths").needs(api.needs_rows(op)),
        );
    }
    cases
}

fn target_path(cx: &CaseContext, op: &Operation) -> Result<String, crate::scenario::CaseError> {
    Ok(cx.request_to(op)?.target())
}

fn not_a_success(cx: &mut CaseContext, exchange: &Exchange, what: &str) -> bool {
    cx.expecting(exchange.step, Expected::words("a refusal"));
    if !exchange.is_success() {
        return !exchange.is_server_error();
    }
    let message = format!("{what} was answered {}", exchange.status);
    cx.broke(
        exchange.step,
        "accepted",
        Standing::Documented,
        "/paths",
        message,
        Expected::words("a refusal"),
    );
    false
}

fn page(cx: &mut CaseContext, exchange: &Exchange) -> bool {
    let text = String::from_utf8_lossy(&exchange.bytes).into_owned();
    let is_web_page = exchange.media_type().as_deref() == Some("text/html") || crate::judge::is_web_page(&text);
    if is_web_page {
        cx.broke(
            exchange.step,
            "page",
            Standing::Documented,
            "/x-contract/errors/schema",
            "a refusal is a web page".to_owned(),
            Expected::words("no web page"),
        );
    }
    is_web_page
}
