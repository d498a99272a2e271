//! Rows kept under names.

use http::StatusCode;
use schemas::advice;
use serde_json::{Value, json};

use super::Control;
use super::call::Call;
use super::told::{Refusal, created, ok};
use crate::answer::Answer;
use crate::clock::format_ms;
use crate::state::{export, shape};
use crate::store::Snapshot;

impl Control<'_> {
    pub(super) fn list_snapshots(&self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let workspace = self.one_workspace(call)?;
        let list = self.snapshots.list(&workspace.name);
        let shown: Vec<Value> = list.iter().map(|(name, snapshot)| show(name, snapshot)).collect();
        Ok(ok(&json!({"snapshots": shown})))
    }

    pub(super) fn take_snapshot(&self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let workspace = self.one_workspace(call)?;
        let name = call.path("name");
        let snapshot = Snapshot {
            state: workspace.state.read().clone(),
            at: workspace.clock.now_ms(self.options.clock),
            shape: shape(self.contract),
        };
        let shown = show(name, &snapshot);
        if self.snapshots.keep(&workspace.name, name, snapshot) {
            return Ok(created(&shown));
        }
        let message =
            "There are as many snapshots as there may be: 100 of a workspace, 5000 in all. Delete some.";
        Err(Refusal::new(StatusCode::CONFLICT, "too_many_snapshots", message))
    }

    pub(super) fn delete_snapshot(&self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let workspace = self.one_workspace(call)?;
        let name = call.path("name");
        if self.snapshots.remove(&workspace.name, name) {
            return Ok(ok(&json!({"deleted": name})));
        }
        Err(self.no_snapshot(&workspace.name, name))
    }

    pub(super) fn restore_snapshot(&self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let workspace = self.one_workspace(call)?;
        let name = call.path("name");
        let snapshot = self.snapshots.find(&workspace.name, name);
        let snapshot = snapshot.ok_or_else(|| self.no_snapshot(&workspace.name, name))?;
        let state = if snapshot.shape == shape(self.contract) {
            snapshot.state
        } else {
            // The contract is another one than it was: what the rows say has to fit it as well.
            let before = workspace.state.read().clone();
            let document = json!(export(self.contract, &snapshot.state));
            self.reading(&workspace).import(&document, &before).map_err(super::rows::broken)?
        };
        let told = self.counted(&state);
        workspace.replace(state);
        self.idempotency.forget(Some(&workspace.name));
        Ok(ok(&told))
    }

    fn no_snapshot(&self, workspace: &str, name: &str) -> Refusal {
        let list = self.snapshots.list(workspace);
        let what = format!("there is no snapshot {name} of {workspace}");
        Refusal::unknown("name", what, advice(name, list.iter().map(|(name, _)| name.as_str())))
    }
}

fn show(name: &str, snapshot: &Snapshot) -> Value {
    json!({"name": name, "at": format_ms(snapshot.at), "rows": snapshot.state.rows()})
}
