//! Arming faults.

use http::StatusCode;
use schemas::{Method, advice};
use serde_json::{Value, json};
use wildmatch::WildMatch;

use super::Control;
use super::call::Call;
use super::told::{Refusal, created, ok};
use crate::answer::Answer;
use crate::faults::{FaultSpec, Profile};

impl Control<'_> {
    pub(super) fn list_faults(&self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let workspace = self.workspace_of(call)?;
        Ok(ok(&json!({"faults": self.faults.show(workspace.as_deref())})))
    }

    pub(super) fn clear_faults(&self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let workspace = self.workspace_of(call)?;
        Ok(ok(&json!({"removed": self.faults.clear(workspace.as_deref())})))
    }

    pub(super) fn disarm_fault(&self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let id = call.path("id");
        if id.parse().is_ok_and(|id| self.faults.disarm(id)) {
            return Ok(ok(&json!({"removed": 1})));
        }
        Err(Refusal::unknown(
            "id",
            format!("there is no fault {id}"),
            "GET /__mock/faults lists those there are.",
        ))
    }

    pub(super) fn arm_fault(&self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let workspace = self.workspace_of(call)?;
        let mut asked = call.body.clone();
        let profile = asked.as_object_mut().and_then(|asked| asked.shift_remove("profile"));
        let profile = profile
            .as_ref()
            .and_then(Value::as_str)
            .and_then(|name| Profile::ALL.into_iter().find(|(known, _)| *known == name));
        let mut fault: FaultSpec = serde_json::from_value(asked.clone()).map_err(|error| {
            Refusal::wrong("", format!("this is no fault: {error}"), "/__mock/openapi.yaml describes it.")
        })?;
        if let Some((_, profile)) = profile {
            let of_profile = profile.fault();
            let said = |name: &str| asked.get(name).is_some();
            if ["status", "example", "body", "headers", "delay_ms", "connection"].into_iter().any(said) {
                let what = "a profile says itself what happens";
                return Err(Refusal::wrong("/profile", what, "Leave out the profile, or what it does."));
            }
            fault.effect = of_profile.effect;
            fault.probability = fault.probability.or(of_profile.probability);
            if !said("times") {
                fault.times = of_profile.times;
            }
        }
        if let Some((property, what, help)) = fault.contradiction() {
            let place = if property.is_empty() { String::new() } else { format!("/{property}") };
            return Err(Refusal::wrong(&place, what, help));
        }
        self.may_be_met(&fault)?;
        let armed = self.faults.arm(fault, workspace, profile.map(|(name, _)| name));
        armed.map(|armed| created(&armed)).ok_or_else(|| {
            let message =
                "There are 1000 faults, as many as there may be. Remove some: DELETE /__mock/faults.";
            Refusal::new(StatusCode::CONFLICT, "too_many_faults", message)
        })
    }

    /// Refuses a fault that no request can ever meet.
    fn may_be_met(&self, fault: &FaultSpec) -> Result<(), Refusal> {
        if let Some(method) = fault.method.as_deref().filter(|method| *method != "*") {
            let known = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY"];
            let upper = method.to_ascii_uppercase();
            if Method::parse(&upper).is_none() && !known.contains(&upper.as_str()) {
                let what = format!("{method} is no method, so that no request meets the fault");
                return Err(Refusal::wrong("/method", what, advice(&upper, known)));
            }
        }
        if fault.path.as_deref().is_some_and(|path| !path.starts_with(['/', '*', '?'])) {
            let what = "a path begins with a slash, so that no request meets the fault";
            return Err(Refusal::wrong("/path", what, "Write it below the base path, as in /things/*."));
        }
        let Some(glob) = &fault.operation else { return self.has_example(fault) };
        let matcher = WildMatch::new(glob);
        let operations = self.contract.operations();
        if glob != "*" && !operations.iter().any(|operation| matcher.matches(&operation.id)) {
            let what = format!("no operation is called {glob}, so that no request meets the fault");
            let names = operations.iter().map(|operation| operation.id.as_str());
            return Err(Refusal::wrong("/operation", what, advice(glob, names)));
        }
        let by_method = |method: &str| {
            operations.iter().any(|operation| {
                let own = operation.method.as_str();
                matcher.matches(&operation.id)
                    && (own.eq_ignore_ascii_case(method)
                        || (own == "GET" && method.eq_ignore_ascii_case("HEAD")))
            })
        };
        if let Some(method) = fault.method.as_deref().filter(|method| glob != "*" && *method != "*")
            && !by_method(method)
        {
            let what =
                format!("no operation {glob} has the method {method}, so that no request meets the fault");
            return Err(Refusal::wrong("/method", what, "Leave out the operation or the method."));
        }
        self.has_example(fault)
    }

    /// Every operation that meets the fault has the example that it answers with.
    fn has_example(&self, fault: &FaultSpec) -> Result<(), Refusal> {
        let Some(example) = &fault.effect.example else { return Ok(()) };
        let met = self.contract.operations().iter().filter(|operation| {
            let id =
                fault.operation.as_deref().is_none_or(|glob| WildMatch::new(glob).matches(&operation.id));
            let method = fault
                .method
                .as_deref()
                .is_none_or(|method| method == "*" || method.eq_ignore_ascii_case(operation.method.as_str()));
            let path = fault.path.as_deref().is_none_or(|path| {
                path == operation.path.as_str() || WildMatch::new(path).matches(operation.path.as_str())
            });
            id && method && path
        });
        for operation in met {
            if !self.examples.has(operation, example, fault.effect.status) {
                let known = self.examples.list(operation);
                let known =
                    known.iter().map(|(name, status)| format!("{name} ({status})")).collect::<Vec<_>>();
                let what = format!("there is no such example of {}", operation.id);
                let help = format!("It has {}; say which operation is meant.", known.join(", "));
                return Err(Refusal::wrong("/example", what, help));
            }
        }
        Ok(())
    }
}
