//! Whole workspaces: listed, reset, freed, and their clocks.

use std::sync::Arc;

use http::StatusCode;
use jiff::{SignedDuration, Span, SpanRelativeTo};
use serde_json::{Value, json};

use super::Control;
use super::call::Call;
use super::told::{Refusal, ok};
use crate::answer::Answer;
use crate::clock::{Clock, format_ms};
use crate::store::{FreeError, Workspace};

/// What a reset restores.
const RESTORED: [&str; 6] = ["rows", "ids", "clock", "idempotency keys", "rate windows", "faults"];

impl Control<'_> {
    pub(super) fn list_workspaces(&self) -> Answer {
        let clock = self.options.clock;
        let shown = self.workspaces.list().into_iter().map(|one| {
            json!({
                "name": &*one.name,
                "rows": one.state.read().rows(),
                "private": self.workspaces.is_copy(&one.name),
                "origin": &*one.origin,
                "now": format_ms(one.clock.now_ms(clock)),
                "frozen": one.clock.is_frozen(clock),
            })
        });
        ok(&json!({"workspaces": shown.collect::<Vec<_>>()}))
    }

    pub(super) fn reset(&self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let workspace = self.workspace_of(call)?;
        let journal = call.body.get("journal").and_then(Value::as_bool).unwrap_or(false);
        let name = workspace.as_deref();
        match name {
            Some(name) => {
                self.workspaces.reset(name);
            }
            None => self.workspaces.reset_all(),
        }
        self.idempotency.forget(name);
        self.limiter.forget(name);
        self.faults.reset(name);
        let mut restored: Vec<&str> = RESTORED.to_vec();
        if journal {
            self.journal.clear(name);
            restored.push("requests");
        }
        Ok(ok(&json!({"reset": name.unwrap_or("all workspaces"), "restored": restored})))
    }

    pub(super) fn free_workspaces(&self, call: &Call<'_>) -> Result<Answer, Refusal> {
        if let Some(name) = self.workspace_of(call)? {
            return self.free(&name);
        }
        let names = self.workspaces.free_all();
        for name in &names {
            self.forget(name);
        }
        Ok(freed(&names))
    }

    pub(super) fn free_workspace(&self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let name = self.known(call.path("name"))?;
        self.free(&name)
    }

    fn free(&self, name: &Arc<str>) -> Result<Answer, Refusal> {
        match self.workspaces.free(name) {
            // One that nobody opened yet is as good as freed.
            Ok(()) | Err(FreeError::Unknown) => {
                self.forget(name);
                Ok(freed(std::slice::from_ref(name)))
            }
            Err(FreeError::Seeded) => {
                let message = format!("{name} is no private workspace. POST /__mock/reset puts it back.");
                Err(Refusal::new(StatusCode::CONFLICT, "not_private", message))
            }
        }
    }

    /// Forgets what is known of a workspace besides its rows.
    fn forget(&self, name: &str) {
        self.idempotency.forget(Some(name));
        self.limiter.forget(Some(name));
        self.faults.clear(Some(name));
        self.snapshots.forget(name);
        self.journal.clear(Some(name));
    }

    pub(super) fn get_clock(&self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let workspace = self.one_workspace(call)?;
        Ok(ok(&self.shown_clock(&workspace)))
    }

    pub(super) fn set_clock(&self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let workspace = self.one_workspace(call)?;
        let text = |name: &str| call.body.get(name).and_then(Value::as_str);
        let now = match text("now") {
            None => None,
            Some(text) => {
                let help = "Write real, or an instant such as 2026-05-26T17:21:09Z.";
                let clock = text.parse::<Clock>();
                Some(clock.map_err(|_| Refusal::wrong("/now", format!("{text} is no instant"), help))?)
            }
        };
        let advance = match text("advance") {
            None => None,
            Some(text) => {
                let help = "Write how far to go on, as PT2H, P1D or PT0.5S.";
                let ms = duration_ms(text).filter(|ms| *ms >= 0);
                Some(ms.ok_or_else(|| Refusal::wrong("/advance", format!("{text} is no way forward"), help))?)
            }
        };
        if let Some(now) = now {
            workspace.clock.set(now);
        }
        if let Some(ms) = advance {
            workspace.clock.advance(ms);
        }
        Ok(ok(&self.shown_clock(&workspace)))
    }

    fn shown_clock(&self, workspace: &Workspace) -> Value {
        let clock = self.options.clock;
        json!({
            "workspace": &*workspace.name,
            "now": format_ms(workspace.clock.now_ms(clock)),
            "frozen": workspace.clock.is_frozen(clock),
        })
    }
}

/// A duration of ISO 8601; a day has 24 hours, and a hundred years are the most.
fn duration_ms(text: &str) -> Option<i64> {
    let span: Span = text.parse().ok()?;
    let length: SignedDuration = span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()?;
    i64::try_from(length.as_millis()).ok().filter(|ms| ms.abs() <= 100 * 365 * 86_400_000)
}

fn freed(names: &[Arc<str>]) -> Answer {
    let names: Vec<&str> = names.iter().map(|name| &**name).collect();
    ok(&json!({"freed": names}))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_those_of_iso_8601() {
        assert_eq!(duration_ms("PT2H"), Some(7_200_000));
        assert_eq!(duration_ms("P1DT0.5S"), Some(86_400_500));
        for text in ["", "2h?", "P1M", "PT99999999H"] {
            assert_eq!(duration_ms(text), None, "{text}");
        }
    }
}
