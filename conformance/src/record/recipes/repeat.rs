//! The same request again under one idempotency key.

use schemas::{Idempotency, Standing};
use serde_json::{Map, Value};

use crate::atlas::{Atlas, Kin};
use crate::generate::{Extent, shortened};
use crate::law::all_wrongs;
use crate::probe::Call;
use crate::record::recipe::{Recipe, Taken};
use crate::run::{Scene, Stop};

pub(super) fn recipes(atlas: &Atlas) -> Vec<Recipe> {
    let Some(rule) = &atlas.rules().idempotency else { return Vec::new() };
    let mut found = Vec::new();
    for kin in &atlas.kins {
        let Some(create) = kin.create.as_ref().filter(|op| atlas.reachable(op)) else { continue };
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
            let (rows, rule) = (kin.clone(), rule.clone());
            let act = async move |scene: &mut Scene| kind.send(scene, &rows, &rule).await;
            found.push(Recipe::new(create, name, class, act).cost(3).naming(atlas));
        }
    }
    found
}

/// A property with another value than in a call, the surest that may be sent.
fn changed(scene: &Scene, kin: &Kin, call: &Call) -> Result<Map<String, Value>, Stop> {
    let create =
        kin.create.as_ref().ok_or_else(|| Stop::NotJudged(format!("nothing makes a {}", kin.name)))?;
    let sent = call.body().cloned().unwrap_or_default();
    for standing in [Standing::Documented, Standing::Inferred, Standing::Assumed] {
        let (body, _) = scene.body(create, Extent::Full(standing))?;
        if let Some((name, value)) = body.into_iter().find(|(name, value)| sent.get(name) != Some(value)) {
            return Ok(Map::from_iter([(name, value)]));
        }
    }
    Err(Stop::NotJudged(format!("{} takes no two bodies", create.id)))
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
    async fn send(self, scene: &mut Scene, kin: &Kin, rule: &Idempotency) -> Taken {
        let key = shortened(&scene.names.token(), rule.max_bytes);
        match self {
            Self::Same | Self::Other => {
                let first = scene.making(kin, None, Map::new())?.header(&rule.header, &key);
                let made = scene.send(first.clone()).await?;
                scene.must(&made)?;
                if matches!(self, Self::Same) {
                    return scene.send(first).await;
                }
                let other = scene.making(kin, None, changed(scene, kin, &first)?)?.header(&rule.header, &key);
                scene.send(other).await
            }
            Self::AfterRefusal => {
                let create =
                    kin.create.clone().ok_or_else(|| Stop::NotJudged("nothing makes it".to_owned()))?;
                let wrong = all_wrongs(scene.atlas(), &create).into_iter().min_by_key(|wrong| wrong.standing);
                let wrong =
                    wrong.ok_or_else(|| Stop::NotJudged("nothing can be wrong with it".to_owned()))?;
                let mut body = scene.body(&create, Extent::Minimal)?.0;
                wrong.change.apply(&mut body, &wrong.field);
                let refused = scene.aim_at(&create)?.json(body).header(&rule.header, &key);
                let refused = scene.send(refused).await?;
                if refused.is_success() {
                    return Err(Stop::NotJudged("the wrong request is accepted".to_owned()));
                }
                let call = scene.making(kin, None, Map::new())?.header(&rule.header, &key);
                scene.send(call).await
            }
            Self::Longest | Self::TooLong => {
                let length = rule.max_bytes + usize::from(matches!(self, Self::TooLong));
                let mut long = key;
                while long.len() < length {
                    long.push('k');
                }
                let call = scene.making(kin, None, Map::new())?.header(&rule.header, long);
                scene.send(call).await
            }
        }
    }
}
