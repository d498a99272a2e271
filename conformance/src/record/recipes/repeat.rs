//! The same request again under one idempotency key.

use schemas::{Idempotency, Standing};
use serde_json::{Map, Value};

use crate::contract::{Api, Resource};
use crate::generate::{Extent, shortened};
use crate::http::Request;
use crate::law::all_wrongs;
use crate::record::recipe::{Recipe, Taken};
use crate::scenario::{CaseContext, CaseError};

pub(super) fn recipes(api: &Api) -> Vec<Recipe> {
    let Some(rule) = &api.rules().idempotency else { return Vec::new() };
    let mut found = Vec::new();
    for resource in &api.resources {
        let Some(create) = resource.create.as_ref().filter(|op| api.reachable(op)) else { continue };
        if !rule.methods.iter().any(|method| method == create.method.as_str()) {
            continue;
        }
        let kinds: [(&str, &str, Kind); 5] = [
            ("repeated", "the same request again under one key", Kind::Same),
            ("key-reused", "another body under a key that was used", Kind::Other),
            (
                "key-after-refusal",
                "a right request under the key of one that was refused",
                Kind::AfterRefusal,
            ),
            ("key-longest", "a key of the greatest length", Kind::Longest),
            ("key-too-long", "a key that is one byte too long", Kind::TooLong),
        ];
        for (name, class, kind) in kinds {
            let (rows, rule) = (resource.clone(), rule.clone());
            let act = async move |cx: &mut CaseContext| kind.send(cx, &rows, &rule).await;
            found.push(Recipe::new(create, name, class, act).cost(3).naming(api));
        }
    }
    found
}

/// A property with another value than in a request, the surest that may be sent.
fn changed(
    cx: &CaseContext,
    resource: &Resource,
    request: &Request,
) -> Result<Map<String, Value>, CaseError> {
    let create = resource
        .create
        .as_ref()
        .ok_or_else(|| CaseError::NotJudged(format!("nothing makes a {}", resource.name)))?;
    let sent = request.body().cloned().unwrap_or_default();
    for standing in [Standing::Documented, Standing::Inferred, Standing::Assumed] {
        let (body, _) = cx.body(create, Extent::Full(standing))?;
        if let Some((name, value)) = body.into_iter().find(|(name, value)| sent.get(name) != Some(value)) {
            return Ok(Map::from_iter([(name, value)]));
        }
    }
    Err(CaseError::NotJudged(format!("{} takes no two bodies", create.id)))
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Same,
    Other,
    AfterRefusal,
    Longest,
    TooLong,
}

impl Kind {
    async fn send(self, cx: &mut CaseContext, resource: &Resource, rule: &Idempotency) -> Taken {
        let key = shortened(&cx.names.token(), rule.max_bytes);
        match self {
            Self::Same | Self::Other => {
                let first = cx.create_request(resource, None, Map::new())?.header(&rule.header, &key);
                let made = cx.send(first.clone()).await?;
                cx.require_success(&made)?;
                if matches!(self, Self::Same) {
                    return cx.send(first).await;
                }
                let other = cx
                    .create_request(resource, None, changed(cx, resource, &first)?)?
                    .header(&rule.header, &key);
                cx.send(other).await
            }
            Self::AfterRefusal => {
                let create = resource
                    .create
                    .clone()
                    .ok_or_else(|| CaseError::NotJudged("nothing makes it".to_owned()))?;
                let wrong = all_wrongs(cx.api(), &create).into_iter().min_by_key(|wrong| wrong.standing);
                let wrong =
                    wrong.ok_or_else(|| CaseError::NotJudged("nothing can be wrong with it".to_owned()))?;
                let mut body = cx.body(&create, Extent::Minimal)?.0;
                wrong.apply(&mut body);
                let refused = cx.request_to(&create)?.json(body).header(&rule.header, &key);
                let refused = cx.send(refused).await?;
                if refused.is_success() {
                    return Err(CaseError::NotJudged("the wrong request is accepted".to_owned()));
                }
                let request = cx.create_request(resource, None, Map::new())?.header(&rule.header, &key);
                cx.send(request).await
            }
            Self::Longest | Self::TooLong => {
                let length = rule.max_bytes + usize::from(matches!(self, Self::TooLong));
                let mut long = key;
                while long.len() < length {
                    long.push('k');
                }
                let request = cx.create_request(resource, None, Map::new())?.header(&rule.header, long);
                cx.send(request).await
            }
        }
    }
}
