//! What a run will cost, before anything but the first few requests is sent.

use std::fmt;
use std::time::Duration;

use schemas::Contract;

use super::config::RunConfig;
use crate::plan::Plan;

/// Who says how many requests are allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allowed {
    /// The contract; the target was not asked.
    ByContract,
    /// The contract; the target's answers tell no limit.
    ByContractAlone,
    /// The headers of the target's answers.
    ByTarget,
}

/// What a run will cost, before its cases are tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forecast {
    /// Cases in the plan.
    pub cases: usize,
    /// Requests they take, about.
    pub requests: usize,
    /// Requests at the most.
    pub max_requests: usize,
    /// Keys that share the load.
    pub keys: usize,
    /// Requests a minute that they are allowed together, where the target or the contract says so.
    pub per_minute: Option<u64>,
    /// Who says so.
    pub allowed: Allowed,
    /// How long that makes it last, where it is said.
    pub time: Option<Duration>,
    /// Time at the most.
    pub max_time: Duration,
    /// Seconds after which the allowance is given again.
    window: u64,
}

impl Forecast {
    /// Of a run.
    pub fn of(config: &RunConfig) -> Self {
        let plan = Plan::new(&config.api(), config.seed, &config.selection());
        let keys = config.secrets.own.len();
        let allowance: Option<u64> =
            config.secrets.own.iter().map(|key| allowance(&config.contract, key)).sum::<Option<u64>>();
        let window =
            config.contract.rules().rate_limit.as_ref().map_or(60, |rules| rules.window_seconds.max(1));
        let (requests, max_requests) = (plan.cost(), config.max_requests);
        let per_minute = allowance.map(|allowance| allowance.saturating_mul(60) / window);
        let forecast = Self {
            cases: plan.cases.len(),
            requests,
            max_requests,
            keys,
            per_minute: None,
            allowed: Allowed::ByContract,
            time: None,
            max_time: config.max_time,
            window,
        };
        forecast.at(per_minute, Allowed::ByContract)
    }

    /// The same once the target has answered: by what its headers say, else still by the contract.
    #[must_use]
    pub fn answered(self, per_minute: Option<u64>) -> Self {
        match per_minute {
            Some(_) => self.at(per_minute, Allowed::ByTarget),
            None => Self { allowed: Allowed::ByContractAlone, ..self },
        }
    }

    fn at(self, per_minute: Option<u64>, allowed: Allowed) -> Self {
        let per_minute = per_minute.filter(|allowance| *allowance > 0);
        let time = per_minute.map(|per_minute| {
            let each = (per_minute.saturating_mul(self.window) / 60).max(1);
            let windows = (self.requests.min(self.max_requests) as u64).saturating_sub(1) / each;
            Duration::from_secs(windows.saturating_mul(self.window))
        });
        Self { per_minute, allowed, time, ..self }
    }
}

/// Requests a window that the contract allows a key, by the kind its beginning shows; the least where it shows none.
fn allowance(contract: &Contract, key: &str) -> Option<u64> {
    let rules = contract.rules();
    let tiers = &rules.rate_limit.as_ref()?.tiers;
    let prefixes = rules.authentication.as_ref().and_then(|rules| rules.key_prefixes.as_ref());
    let kind = prefixes.and_then(|prefixes| {
        // The longer prefix may begin with the shorter one.
        let mut kinds = [("live", &prefixes.live), ("test", &prefixes.test)];
        kinds.sort_by_key(|(_, prefix)| std::cmp::Reverse(prefix.len()));
        kinds.into_iter().find(|(_, prefix)| key.starts_with(prefix.as_str())).map(|(kind, _)| kind)
    });
    kind.and_then(|kind| tiers.get(kind)).or_else(|| tiers.values().min()).copied()
}

impl fmt::Display for Forecast {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "plan: {} cases, about {} requests", self.cases, self.requests)?;
        if self.requests > self.max_requests {
            write!(f, ", cut to {}", self.max_requests)?;
        }
        let keys = if self.keys == 1 { "one key".to_owned() } else { format!("{} keys", self.keys) };
        match (self.per_minute, self.time) {
            (Some(per_minute), Some(time)) => {
                let (before, who) = match self.allowed {
                    Allowed::ByTarget => ("", "target"),
                    Allowed::ByContract => ("", "contract"),
                    Allowed::ByContractAlone => ("the target tells no rate limit; ", "contract"),
                };
                write!(f, "; {before}{keys} at {per_minute} a minute, as the {who} says: ")?;
                if time.is_zero() {
                    f.write_str("no waiting")?;
                } else {
                    write!(f, "up to {}", words(time))?;
                }
                if time > self.max_time {
                    write!(f, ", cut to {}", words(self.max_time))?;
                }
                Ok(())
            }
            _ => f.write_str("; the contract states no rate limit"),
        }
    }
}

/// A time as people say it.
fn words(time: Duration) -> String {
    match time.as_secs() {
        seconds @ 0..120 => format!("{seconds} s"),
        seconds @ 120..7_200 => format!("{} min", seconds.div_ceil(60)),
        seconds => format!("{:.1} h", Duration::from_secs(seconds).as_secs_f64() / 3_600.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::Secrets;

    fn config(keys: &[&str]) -> RunConfig {
        let own = keys.iter().map(|key| (*key).to_owned()).collect();
        let contract = Contract::builtin().expect("the contract loads");
        RunConfig::new(contract, "http://127.0.0.1:1", Secrets { own, ..Secrets::default() })
    }

    #[test]
    fn keys_and_budgets_decide_how_long_it_takes() {
        let of = |keys: &[&str], most: usize| {
            let mut config = config(keys);
            config.max_requests = most;
            let forecast = Forecast::of(&config);
            (forecast.per_minute, forecast.time.map(|time| time.as_secs()))
        };
        assert_eq!(of(&["pivotal_test_a"], 30), (Some(30), Some(0)));
        assert_eq!(of(&["pivotal_test_a"], 60), (Some(30), Some(60)));
        assert_eq!(of(&["pivotal_test_a"], 61), (Some(30), Some(120)));
        assert_eq!(of(&["pivotal_test_a", "pivotal_test_b"], 61), (Some(60), Some(60)));
        assert_eq!(of(&["pivotal_live"], 60), (Some(60), Some(0)));
        assert_eq!(of(&["who knows"], 60), (Some(30), Some(60)), "the least");
    }

    #[test]
    fn what_the_target_says_counts_more_than_the_contract() {
        let forecast = Forecast::of(&config(&["pivotal_test_a"]));
        let told = forecast.clone().answered(Some(6_000));
        assert_eq!((told.per_minute, told.time), (Some(6_000), Some(Duration::ZERO)));
        assert!(
            told.to_string().ends_with("; one key at 6000 a minute, as the target says: no waiting"),
            "{told}"
        );
        let silent = forecast.clone().answered(None);
        assert_eq!((silent.per_minute, silent.time), (forecast.per_minute, forecast.time));
        assert!(
            silent.to_string().contains("; the target tells no rate limit; one key at 30 a minute"),
            "{silent}"
        );
    }

    #[test]
    fn it_is_told_in_one_line() {
        let mut config = config(&["pivotal_test_a"]);
        config.max_requests = 600;
        let text = Forecast::of(&config).to_string();
        assert!(
            text.contains(
                ", cut to 600; one key at 30 a minute, as the contract says: up to 19 min, cut to 10 min"
            ),
            "{text}"
        );
        assert!(!text.contains('\n'));
        assert_eq!(words(Duration::from_hours(3)), "3.0 h");
    }
}
