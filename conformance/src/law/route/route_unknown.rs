//! A path that does not exist is refused.

use schemas::Standing;

use super::refused::{is_page, is_refused};
use crate::contract::{Api, Aspect, Expected, Operation};
use crate::http::Request;
use crate::law::{Case, Family, Law};
use crate::scenario::{CaseContext, CaseResult};

pub(crate) static LAW: Law = Law {
    id: "route-unknown",
    family: Family::Route,
    says: "an unknown path is refused with the error envelope",
    why: "A catch-all that answers 200 hides every misspelt URL. Which refusal it is nobody promised.",
    ..Law::by_cases(cases)
};

fn cases(api: &Api) -> Vec<Case> {
    let Some(op) = api.closed().next().or_else(|| api.operations.first()) else { return Vec::new() };
    let errors = api.rules().errors.as_ref();
    let enveloped = errors.is_some_and(|errors| errors.rejection("route-unknown").is_some());
    let run = async move |cx: &mut CaseContext| unknown_path(cx, enveloped).await;
    vec![Case::new(&LAW, op, run).place("/paths")]
}

/// The segments that all paths begin with: what lies elsewhere may be no part of the API, such as the pages of a user interface.
fn common_path(api: &Api) -> String {
    let literal = |op: &Operation| -> Vec<String> {
        let segments: Vec<&str> = op.path.as_str().trim_matches('/').split('/').collect();
        let before = segments.split_last().map_or(&[][..], |(_, before)| before);
        before.iter().take_while(|segment| !segment.contains('{')).map(|one| (*one).to_owned()).collect()
    };
    let mut all = api.operations.iter().map(literal);
    let mut common = all.next().unwrap_or_default();
    for segments in all {
        let alike = common.iter().zip(&segments).take_while(|(one, other)| one == other).count();
        common.truncate(alike);
    }
    common.iter().flat_map(|segment| ["/", segment]).collect()
}

async fn unknown_path(cx: &mut CaseContext, enveloped: bool) -> CaseResult {
    let path = format!("{}/{}", common_path(cx.api()), cx.names.token());
    let exchange = cx.send(Request::at("GET", path)).await?;
    if !is_refused(cx, &exchange, "a path that is none") || is_page(cx, &exchange) || !enveloped {
        return Ok(());
    }
    let kind = cx.api().rules().errors.as_ref().and_then(|errors| errors.pointers.kind.clone());
    if kind.is_some_and(|kind| exchange.at(&kind).is_none()) {
        let message = format!("the {} of a path that is none is not in the error envelope", exchange.status);
        let expected = Expected::words("a refusal in the error envelope");
        cx.breach(exchange.step, Aspect::Other("envelope"), message, expected)
            .place("/x-contract/errors/schema");
    } else if exchange.status != 404 {
        let message = format!("a path that is none was answered {}", exchange.status);
        cx.breach(exchange.step, Aspect::Status, message, Expected::status(404))
            .standing(Standing::Assumed)
            .place("/x-contract/errors/rejections/route-unknown");
    }
    Ok(())
}
