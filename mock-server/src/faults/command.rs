//! Faults as the command line writes them: `create-customer:503*2`, `offline`.

use std::str::FromStr;

use super::spec::{Delay, Effect, FaultSpec, Profile};
use crate::delivery::Disturbance;

const HELP: &str = "write OPERATION:EFFECT*TIMES, such as create-customer:503*2, where the operation may have * and an \
                    effect is a status, example=NAME, delay=MS, reset, close, stall, truncate or slow; several with \
                    commas, as well as after=N and probability=P; or offline, slow-3g, flaky or rate-limited";

impl FromStr for FaultSpec {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(profile) = Profile::named(text) {
            return Ok(profile.fault());
        }
        let wrong = |what: String| format!("{what}; {HELP}");
        let (operation, rest) =
            text.rsplit_once(':').ok_or_else(|| wrong(format!("`{text}` names no effect")))?;
        let (effects, times) = match rest.rsplit_once('*') {
            Some((effects, times)) => {
                let times = times.parse().map_err(|_| wrong(format!("`{times}` is no number of times")))?;
                (effects, times)
            }
            None => (rest, 1),
        };
        let mut fault = Self { operation: Some(operation.to_owned()), times, ..Self::of(Effect::default()) };
        for part in effects.split(',') {
            fault.add(part.trim()).ok_or_else(|| wrong(format!("`{part}` is no effect")))?;
        }
        match fault.contradiction() {
            Some((_, what, _)) => Err(wrong(what)),
            None => Ok(fault),
        }
    }
}

impl FaultSpec {
    fn add(&mut self, part: &str) -> Option<()> {
        let effect = &mut self.effect;
        if let Some(kind) = Disturbance::ALL.into_iter().find(|kind| kind.name() == part) {
            effect.connection = Some(kind);
        } else if let Some((name, value)) = part.split_once('=') {
            match name {
                "example" => effect.example = Some(value.to_owned()),
                "delay" => {
                    let value = value.strip_suffix("ms").unwrap_or(value);
                    effect.delay_ms = Some(Delay::Fixed(value.parse().ok()?));
                }
                "after" => self.after = value.parse().ok()?,
                "probability" => self.probability = Some(value.parse().ok()?),
                _ => return None,
            }
        } else {
            effect.status = Some(part.parse().ok()?);
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_fault_is_written_on_one_line() {
        for (text, shown) in [
            ("create-customer:503*2", json!({"times": 2, "operation": "create-customer", "status": 503})),
            ("*:reset", json!({"times": 1, "operation": "*", "connection": "reset"})),
            (
                "list-*:delay=500ms,after=2*0",
                json!({"times": 0, "operation": "list-*", "after": 2, "delay_ms": 500}),
            ),
            ("a:409,example=slug", json!({"times": 1, "operation": "a", "status": 409, "example": "slug"})),
            ("flaky", json!({"times": 0, "probability": 0.2, "status": 503})),
        ] {
            assert_eq!(text.parse::<FaultSpec>().map(|fault| fault.show()), Ok(shown), "{text}");
        }
        for text in ["", "503", "a:", "a:b", "a:99", "a:503*x", "a:delay=x", "a:reset,503"] {
            let told = text.parse::<FaultSpec>().expect_err(text);
            assert!(told.ends_with(HELP), "{told}");
        }
    }
}
