//! The configuration of a run.

use std::path::PathBuf;
use std::time::Duration;

use schemas::Contract;

use super::preflight::CannotJudge;
use crate::contract::{Api, Wishes};
use crate::findings::{Baseline, ContractStamp, Report};
use crate::http::{ClientOptions, FreshKey, Keys, Redactor, secret_values};
use crate::plan::{Selection, Shard};

/// Where a ledger is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LedgerPath {
    /// In a file of this folder that is named after the run's mark.
    In(PathBuf),
    /// In this file.
    At(PathBuf),
}

impl LedgerPath {
    /// The file for a run whose rows carry some mark.
    pub(crate) fn path(&self, tag: &str) -> PathBuf {
        match self {
            Self::In(folder) => folder.join(format!("ledger-{tag}.jsonl")),
            Self::At(file) => file.clone(),
        }
    }
}

/// The keys a run may use. Never shown.
#[derive(Clone, Default)]
pub struct Secrets {
    /// Keys of the workspace under test; at least one.
    pub own: Vec<String>,
    /// A key of another workspace.
    pub other: Option<String>,
    /// A key that was revoked.
    pub revoked: Option<String>,
    /// Credentials of single schemes, by the schemes' names.
    pub schemes: Vec<(String, String)>,
    /// A command that prints the key of the workspace under test, instead of a key that does not change.
    pub fresh: Option<FreshKey>,
    /// Other texts that no output may show.
    pub hidden: Vec<String>,
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Secrets").field("own", &self.own.len()).finish_non_exhaustive()
    }
}

/// The configuration of a run.
#[derive(Debug, Clone)]
pub struct RunConfig {
    /// The contract to hold the target to.
    pub contract: Contract,
    /// Where the target is, base path included.
    pub url: String,
    /// The keys to use.
    pub secrets: Secrets,
    /// Seed of the generated values.
    pub seed: u64,
    /// The mark of everything the run makes; made up where none is given.
    pub tag: Option<String>,
    /// Maximum number of requests, clean-up included.
    pub max_requests: usize,
    /// Time at the most, waiting and taking away what was made included.
    pub max_time: Duration,
    /// How to talk to the target.
    pub client: ClientOptions,
    /// Where the ledger of what was made is kept while the run lasts; in memory alone where there is none.
    pub ledger: Option<LedgerPath>,
    /// Number of cases to run at the same time.
    pub workers: usize,
    /// Patterns of laws; empty for all.
    pub laws: Vec<String>,
    /// Patterns of operations; empty for all.
    pub operations: Vec<String>,
    /// What is to be called, left out, and put into paths.
    pub wishes: Wishes,
    /// Known findings, which fail nothing.
    pub baseline: Option<Baseline>,
    /// Which share of the contract to judge; all of it where there is none.
    pub shard: Option<Shard>,
    /// Warnings fail the run too.
    pub strict: bool,
    /// Whether generated requests are tried once the plan is through.
    pub generated: bool,
    /// Whether findings are tried again.
    pub confirm: bool,
}

impl RunConfig {
    /// A run of everything with usual bounds.
    pub fn new(contract: Contract, url: impl Into<String>, secrets: Secrets) -> Self {
        Self {
            contract,
            url: url.into(),
            secrets,
            seed: 1,
            tag: None,
            max_requests: 2_000,
            max_time: Duration::from_mins(10),
            client: ClientOptions::default(),
            ledger: None,
            workers: 1,
            laws: Vec::new(),
            operations: Vec::new(),
            wishes: Wishes::default(),
            baseline: None,
            shard: None,
            strict: false,
            generated: true,
            confirm: true,
        }
    }

    /// The contract as a run reads it.
    pub(crate) fn api(&self) -> Api {
        Api::with(&self.contract, &self.wishes)
    }

    /// Which cases are wanted.
    pub(crate) fn selection(&self) -> Selection {
        Selection {
            laws: self.laws.clone(),
            operations: self.operations.clone(),
            generated: self.generated,
            assumed: true,
            shard: self.shard,
        }
    }

    /// Whether a key is given and the description forgets to say where one is wanted.
    pub(crate) fn keys_are_unasked(&self) -> bool {
        let has_key = !self.secrets.own.is_empty() || !self.secrets.schemes.is_empty();
        has_key && self.api().operations.iter().all(|op| op.open && op.takes_key())
    }

    /// The keys as they are sent.
    pub(crate) fn keys(&self) -> Keys {
        let mut secrets = self.secrets.clone();
        secrets.hidden.extend(secret_values(&self.client));
        // Of a user and a password the password is a secret by itself.
        let all = secrets.own.iter().chain(secrets.schemes.iter().map(|(_, secret)| secret));
        let passwords: Vec<String> = all
            .filter_map(|secret| secret.split_once(':'))
            .map(|(_, password)| password.to_owned())
            .collect();
        secrets.hidden.extend(passwords);
        if secrets.own.is_empty() {
            secrets.own.extend(secrets.schemes.first().map(|(_, secret)| secret.clone()));
        }
        Keys::new(&self.contract, secrets.own, secrets.other, secrets.revoked)
            .with_schemes(secrets.schemes)
            .renewed_by(secrets.fresh)
            .hiding(secrets.hidden)
    }

    /// What keeps the secrets out of everything that is written.
    pub(crate) fn redactor(&self) -> Redactor {
        Redactor::new(&self.keys())
    }

    /// The report of a run in which nothing could be judged.
    pub(crate) fn unjudged(&self, error: &CannotJudge) -> Report {
        let mut report = Report::of_error(&self.url, self.seed, &error.to_string());
        report.contract = Some(ContractStamp::of(&self.contract));
        report.shard = self.shard;
        report.redacted(&self.redactor())
    }
}
