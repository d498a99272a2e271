//! Trying several things in one request, and each alone where that goes wrong.

use crate::run::{Outcome, Scene, Stop};

/// Tries all of them in one; where that shows something wrong, each alone: what the shared try showed is forgotten
/// where one of them shows it. `tried` tells whether all was well.
pub(super) async fn together_or_alone<T>(
    scene: &mut Scene,
    all: &[T],
    tried: impl AsyncFn(&mut Scene, &[T]) -> Result<bool, Stop>,
) -> Outcome {
    let mark = scene.breaches.len();
    if tried(scene, all).await? || all.len() == 1 {
        return Ok(());
    }
    let shared = scene.breaches.split_off(mark);
    for one in all {
        tried(scene, std::slice::from_ref(one)).await?;
    }
    if scene.breaches.len() == mark {
        scene.breaches.extend(shared);
    }
    Ok(())
}
