//! A fault as it is asked for.

use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::{Value, json};
use wildmatch::WildMatch;

use crate::delivery::Disturbance;
use crate::ids::unit;

/// How long an answer is held back at the most, in milliseconds.
pub(crate) const MOST_DELAY: f64 = 600_000.0;

/// A fault: whom it meets, how often, and what it does.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct FaultSpec {
    /// Operations, with `*` and `?`.
    pub(crate) operation: Option<String>,
    pub(crate) method: Option<String>,
    /// A path as it is sent or as the description writes it, with `*` and `?`.
    pub(crate) path: Option<String>,
    /// How many requests meet it; 0 for all until it is removed.
    #[serde(default = "once")]
    pub(crate) times: u64,
    /// How many requests it lets pass first.
    #[serde(default)]
    pub(crate) after: u64,
    /// How likely a request meets it.
    pub(crate) probability: Option<f64>,
    #[serde(flatten)]
    pub(crate) effect: Effect,
}

/// What a fault does.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub(crate) struct Effect {
    pub(crate) status: Option<u16>,
    pub(crate) example: Option<String>,
    pub(crate) body: Option<Value>,
    pub(crate) headers: Option<IndexMap<String, String>>,
    pub(crate) delay_ms: Option<Delay>,
    pub(crate) connection: Option<Disturbance>,
}

/// How long an answer is held back, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(untagged)]
pub(crate) enum Delay {
    Fixed(f64),
    Between { min: f64, max: f64 },
    Spread { median: f64, p99: f64 },
}

fn once() -> u64 {
    1
}

impl Delay {
    /// The delay of one request: the same for the same seed, fault and count.
    pub(crate) fn draw(self, seed: u64, of: &str, count: u64) -> f64 {
        let drawn = match self {
            Self::Fixed(fixed) => fixed,
            Self::Between { min, max } => min + (max - min) * unit(seed, of, count),
            Self::Spread { median, p99 } => {
                // Log-normal, as latencies are; 2.326 is the 99th percentile of the normal distribution.
                let (one, other) = (1.0 - unit(seed, of, count), unit(seed, &format!("{of}~"), count));
                let normal = (-2.0 * one.ln()).sqrt() * (std::f64::consts::TAU * other).cos();
                median * ((p99 / median).ln() / 2.326 * normal).exp()
            }
        };
        drawn.clamp(0.0, MOST_DELAY)
    }

    /// What is wrong with it.
    fn wrong(self) -> Option<String> {
        let (low, high, names) = match self {
            Self::Fixed(fixed) => (fixed, fixed, ("it", "it")),
            Self::Between { min, max } => (min, max, ("min", "max")),
            Self::Spread { median, p99 } => (median, p99, ("median", "p99")),
        };
        if low > high {
            return Some(format!("{} is over {}", names.0, names.1));
        }
        let bound = if matches!(self, Self::Spread { .. }) { 0.001 } else { 0.0 };
        (low < bound || high > MOST_DELAY).then(|| format!("a delay is from 0 to {MOST_DELAY} milliseconds"))
    }

    fn show(self) -> Value {
        match self {
            Self::Fixed(fixed) => number(fixed),
            Self::Between { min, max } => json!({"min": number(min), "max": number(max)}),
            Self::Spread { median, p99 } => json!({"median": number(median), "p99": number(p99)}),
        }
    }
}

/// A whole number without a point.
#[expect(clippy::cast_possible_truncation, reason = "whole, and far below what an i64 holds")]
fn number(value: f64) -> Value {
    if value.fract() == 0.0 && value.abs() < 1e15 { json!(value as i64) } else { json!(value) }
}

/// A request as faults look at it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Target<'a> {
    pub(crate) operation: Option<&'a str>,
    pub(crate) method: &'a str,
    /// As it was sent, below the base path.
    pub(crate) path: &'a str,
    /// As the description writes it.
    pub(crate) template: Option<&'a str>,
}

impl FaultSpec {
    /// One that does nothing yet, to all requests.
    pub(crate) fn of(effect: Effect) -> Self {
        Self { operation: None, method: None, path: None, times: 1, after: 0, probability: None, effect }
    }

    /// Whether a request is one that it is for.
    pub(crate) fn is_for(&self, target: &Target<'_>) -> bool {
        let operation = self.operation.as_deref().is_none_or(|glob| {
            let glob = WildMatch::new(glob);
            // A path that the description does not have is no operation, but `*` means everything.
            target.operation.map_or(self.operation.as_deref() == Some("*"), |id| glob.matches(id))
        });
        let method = self
            .method
            .as_deref()
            .is_none_or(|method| method == "*" || method.eq_ignore_ascii_case(target.method));
        let path = self.path.as_deref().is_none_or(|path| {
            let glob = WildMatch::new(path);
            glob.matches(target.path) || target.template.is_some_and(|template| template == path)
        });
        operation && method && path
    }

    /// What of it contradicts itself: the property, what is wrong, and what to do.
    pub(crate) fn contradiction(&self) -> Option<(&'static str, String, &'static str)> {
        let effect = &self.effect;
        let forced = effect.status.is_some() || effect.example.is_some() || effect.body.is_some();
        if !forced && effect.headers.is_none() && effect.delay_ms.is_none() && effect.connection.is_none() {
            let help = "Say at least one of status, example, body, headers, delay_ms and connection.";
            return Some(("", "the fault does nothing".to_owned(), help));
        }
        if let Some(kind) = effect.connection.filter(|kind| kind.is_silent())
            && (forced || effect.headers.is_some())
        {
            let what = format!("with connection {} no answer is sent, so that it can have none", kind.name());
            return Some(("connection", what, "Leave out either the connection or the answer."));
        }
        if effect.example.is_some() && effect.body.is_some() {
            let what = "an answer has one body: an example's or this one".to_owned();
            return Some(("body", what, "Leave out example or body."));
        }
        if let Some(status) = effect.status.filter(|status| !(200..=599).contains(status)) {
            return Some((
                "status",
                format!("{status} is no status from 200 to 599"),
                "Write such a status.",
            ));
        }
        if let Some(chance) = self.probability.filter(|chance| !(*chance > 0.0 && *chance <= 1.0)) {
            let what = format!("with a probability of {chance} it can never be met as asked");
            return Some(("probability", what, "Write a number over 0 and up to 1."));
        }
        if let Some(what) = effect.delay_ms.and_then(Delay::wrong) {
            return Some(("delay_ms", what, "Write milliseconds, {min, max} or {median, p99}."));
        }
        let odd = effect.headers.iter().flatten().find(|(name, value)| {
            http::HeaderName::from_bytes(name.as_bytes()).is_err()
                || http::HeaderValue::from_str(value).is_err()
        });
        odd.map(|(name, _)| {
            ("headers", format!("{name} cannot be sent as a header"), "Write a plain name and text.")
        })
    }

    /// As it was asked for.
    pub(crate) fn show(&self) -> Value {
        let effect = &self.effect;
        let mut shown = json!({"times": self.times});
        let mut add = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                shown[name] = value;
            }
        };
        add("operation", self.operation.as_deref().map(Value::from));
        add("method", self.method.as_deref().map(Value::from));
        add("path", self.path.as_deref().map(Value::from));
        add("after", (self.after > 0).then(|| self.after.into()));
        add("probability", self.probability.map(Value::from));
        add("status", effect.status.map(Value::from));
        add("example", effect.example.as_deref().map(Value::from));
        add("body", effect.body.clone());
        add("headers", effect.headers.as_ref().map(|headers| json!(headers)));
        add("delay_ms", effect.delay_ms.map(Delay::show));
        add("connection", effect.connection.map(|kind| kind.name().into()));
        shown
    }
}

/// Faults that belong together, under a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    Offline,
    Slow3g,
    Flaky,
    RateLimited,
}

impl Profile {
    /// Every profile by its name.
    pub(crate) const ALL: [(&'static str, Self); 4] = [
        ("offline", Self::Offline),
        ("slow-3g", Self::Slow3g),
        ("flaky", Self::Flaky),
        ("rate-limited", Self::RateLimited),
    ];

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, profile)| *profile)
    }

    /// What it does, until it is removed.
    pub(crate) fn fault(self) -> FaultSpec {
        let effect = match self {
            Self::Offline => Effect { connection: Some(Disturbance::Reset), ..Effect::default() },
            Self::Slow3g => Effect {
                delay_ms: Some(Delay::Spread { median: 2_000.0, p99: 4_000.0 }),
                ..Effect::default()
            },
            Self::Flaky => Effect { status: Some(503), ..Effect::default() },
            Self::RateLimited => Effect {
                status: Some(429),
                headers: Some(IndexMap::from([("Retry-After".to_owned(), "30".to_owned())])),
                ..Effect::default()
            },
        };
        let probability = (self == Self::Flaky).then_some(0.2);
        FaultSpec { times: 0, probability, ..FaultSpec::of(effect) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(value: Value) -> FaultSpec {
        serde_json::from_value(value).expect("a fault")
    }

    #[test]
    fn a_fault_is_for_operations_methods_and_paths() {
        let target = Target {
            operation: Some("create-customer"),
            method: "POST",
            path: "/customers/7",
            template: Some("/customers/{id}"),
        };
        for (value, met) in [
            (json!({}), true),
            (json!({"operation": "create-*"}), true),
            (json!({"operation": "list-*"}), false),
            (json!({"method": "post", "path": "/customers/*"}), true),
            (json!({"path": "/customers/{id}"}), true),
            (json!({"method": "GET"}), false),
        ] {
            assert_eq!(spec(value.clone()).is_for(&target), met, "{value}");
        }
        let unknown = Target { operation: None, template: None, ..target };
        assert!(spec(json!({"operation": "*"})).is_for(&unknown));
        assert!(!spec(json!({"operation": "c*"})).is_for(&unknown));
    }

    #[test]
    fn contradictions_are_told_with_the_property() {
        for (value, place) in [
            (json!({}), ""),
            (json!({"connection": "reset", "status": 503}), "connection"),
            (json!({"example": "a", "body": 1}), "body"),
            (json!({"status": 199}), "status"),
            (json!({"status": 500, "probability": 0}), "probability"),
            (json!({"delay_ms": {"min": 5, "max": 1}}), "delay_ms"),
            (json!({"delay_ms": -1}), "delay_ms"),
            (json!({"headers": {"a b": "c"}}), "headers"),
        ] {
            assert_eq!(spec(value.clone()).contradiction().map(|(place, ..)| place), Some(place), "{value}");
        }
        for value in
            [json!({"status": 503}), json!({"connection": "slow", "status": 200}), json!({"delay_ms": 5})]
        {
            assert_eq!(spec(value.clone()).contradiction(), None, "{value}");
        }
        assert!(Profile::ALL.iter().all(|(_, profile)| profile.fault().contradiction().is_none()));
    }

    #[test]
    fn a_delay_is_spread_as_it_was_asked_for() {
        let spread = Delay::Spread { median: 100.0, p99: 400.0 };
        let mut drawn: Vec<f64> = (0..2_000).map(|count| spread.draw(1, "f", count)).collect();
        assert_eq!(drawn[7].to_bits(), spread.draw(1, "f", 7).to_bits());
        drawn.sort_by(f64::total_cmp);
        assert!((90.0..110.0).contains(&drawn[1_000]), "{}", drawn[1_000]);
        assert!((320.0..500.0).contains(&drawn[1_980]), "{}", drawn[1_980]);
        let between = Delay::Between { min: 10.0, max: 20.0 };
        assert!((0..100).all(|count| (10.0..=20.0).contains(&between.draw(1, "f", count))));
    }
}
