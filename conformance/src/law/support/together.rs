//! Trying several things in one request, and each alone where that goes wrong.

use crate::scenario::{CaseContext, CaseError, CaseResult};

/// Tries all of them in one request. Where that shows something wrong, each is tried alone, and what the shared request
/// showed is dropped if one of them shows something. `try_them` returns whether all was well.
pub(crate) async fn together_or_alone<T>(
    cx: &mut CaseContext,
    all: &[T],
    try_them: impl AsyncFn(&mut CaseContext, &[T]) -> Result<bool, CaseError>,
) -> CaseResult {
    let mark = cx.story.mark();
    if try_them(cx, all).await? || all.len() == 1 {
        return Ok(());
    }
    let shared = cx.story.take_since(mark);
    for one in all {
        try_them(cx, std::slice::from_ref(one)).await?;
    }
    if cx.story.is_clean_since(mark) {
        cx.story.add_breaches(shared);
    }
    Ok(())
}
