//! Trying several things in one request, and each alone where that goes wrong.

use crate::scenario::{Outcome, CaseContext, CaseError};

/// Tries all of them in one; where that shows something wrong, each alone: what the shared try showed is forgotten
/// where one of them shows it. `tried` tells whether all was well.
pub(super) async fn together_or_alone<T>(
    cx: &mut CaseContext,
    all: &[T],
    tried: impl AsyncFn(&mut CaseContext, &[T]) -> Result<bool, CaseError>,
) -> Outcome {
    let mark = cx.breaches.len();
    if tried(cx, all).await? || all.len() == 1 {
        return Ok(());
    }
    let shared = cx.breaches.split_off(mark);
    for one in all {
        tried(cx, std::slice::from_ref(one)).await?;
    }
    if cx.breaches.len() == mark {
        cx.breaches.extend(shared);
    }
    Ok(())
}
