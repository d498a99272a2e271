//! Laws that have to be judged.

use clap::Args;

use super::error::UserError;
use crate::contract::matches;
use crate::run::RunConfig;

/// Laws that have to be judged.
#[derive(Debug, Args)]
pub(super) struct RequiredLawsArgs {
    /// Fail when a law that matches was not judged on an operation where it was planned; repeatable.
    #[arg(long, value_name = "GLOB")]
    pub(super) fail_on_not_judged: Vec<String>,
}

impl RequiredLawsArgs {
    /// The laws that a run's contract states; none where nothing is asked of them.
    pub(super) fn stated(&self, config: &RunConfig) -> Result<Vec<&'static str>, UserError> {
        if self.fail_on_not_judged.is_empty() {
            return Ok(Vec::new());
        }
        if config.shard.is_some() {
            return Err(UserError::new(
                "--fail-on-not-judged looks at the whole contract, and --shard judges a share of it",
                "give it to `conformance merge`, which joins the reports of all shards",
            ));
        }
        let stated = crate::law::judgeable(&config.api());
        self.check(&stated)?;
        Ok(stated)
    }

    /// Refuses patterns that match none of the laws that can be judged.
    pub(super) fn check(&self, stated: &[&str]) -> Result<(), UserError> {
        for pattern in &self.fail_on_not_judged {
            if stated.iter().any(|law| matches(pattern, law)) {
                continue;
            }
            let known = crate::law::catalogue().any(|law| matches(pattern, law.id));
            let why = if known { "that the contract states matches" } else { "matches" };
            let plain: String = pattern.chars().filter(|letter| !matches!(letter, '*' | '?')).collect();
            let near = schemas::nearest(&plain, stated.iter().copied()).filter(|_| !known);
            let help = near.map_or_else(
                || "`conformance laws` lists them".to_owned(),
                |law| format!("did you mean {law}?"),
            );
            return Err(UserError::new(format!("no law {why} --fail-on-not-judged {pattern}"), help));
        }
        Ok(())
    }
}
