//! Which workspace a call is for.

use std::sync::Arc;

use http::StatusCode;
use schemas::advice;

use super::Control;
use super::call::Call;
use super::told::Refusal;
use crate::gate::Credentials;
use crate::store::{Workspace, begin};

impl Control<'_> {
    /// The name of the workspace that a call is for: the one it names, else that of its key; `None` for all.
    pub(super) fn workspace_of(&self, call: &Call<'_>) -> Result<Option<Arc<str>>, Refusal> {
        if let Some(name) = call.query("workspace") {
            return self.known(name).map(Some);
        }
        if !call.headers.contains_key(http::header::AUTHORIZATION) {
            return Ok(None);
        }
        let credentials = Credentials { headers: call.headers, query: None, security: None };
        match self.authenticator.authenticate(credentials, self.workspaces, self.refusals) {
            Ok(admitted) => Ok(Some(Arc::clone(&admitted.caller.workspace.name))),
            Err(refused) => {
                let why = refused.refused.map_or_else(String::new, |refused| refused.message);
                let message =
                    format!("{why} Send a key that opens a workspace, or none and ?workspace=NAME.");
                Err(Refusal::new(StatusCode::UNAUTHORIZED, "key_refused", message.trim_start()))
            }
        }
    }

    /// The workspace that a call is for, where it has to be one: without a name and a key, the first by name.
    pub(super) fn one_workspace(&self, call: &Call<'_>) -> Result<Arc<Workspace>, Refusal> {
        let name = match self.workspace_of(call)? {
            Some(name) => name,
            None => self.workspaces.seeds().into_iter().next().unwrap_or_default(),
        };
        let workspace = self.workspaces.named(&name).ok_or_else(|| self.no_workspace(&name))?;
        // Tables that nobody asked for yet have the rows that they begin with all the same.
        let tables = 0..self.contract.resources().len();
        let now = workspace.clock.now_ms(self.options.clock);
        begin(self.contract, &workspace, tables, self.options.seed, now);
        Ok(workspace)
    }

    /// The name, if there is such a workspace or a key may open one.
    pub(super) fn known(&self, name: &str) -> Result<Arc<str>, Refusal> {
        if self.workspaces.knows(name) { Ok(Arc::from(name)) } else { Err(self.no_workspace(name)) }
    }

    fn no_workspace(&self, name: &str) -> Refusal {
        let all = self.workspaces.list();
        let names = all.iter().map(|workspace| &*workspace.name).take(20);
        Refusal::unknown("?workspace", format!("there is no workspace {name}"), advice(name, names))
    }
}
