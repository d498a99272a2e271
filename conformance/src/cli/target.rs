//! Where the target is and who calls.

use std::io::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use schemas::{Contract, Level, Security};

use super::error::UserError;
use super::globs;
use super::reading::ReadingArgs;
use super::secret::SecretArgs;
use super::values::named_value;
use crate::contract::Wishes;
use crate::http::{ClientOptions, ExtraHeader, FreshKey, SHORTEST, check_proxy};
use crate::run::{LedgerPath, RunConfig, Secrets, check_target};

/// Where ledgers are kept unless a file is named.
pub(super) const LEDGERS: &str = ".conformance";

/// Where the target is and who calls.
#[derive(Debug, Args)]
pub(super) struct TargetArgs {
    /// Base URL of the target, base path included.
    #[arg(long, env = "PIVOTAL_API_URL", value_name = "URL")]
    pub(super) url: Option<String>,
    /// Key of the workspace under test; repeat it for several keys of that workspace.
    #[arg(long, env = "PIVOTAL_API_KEY", hide_env_values = true, value_delimiter = ',', value_name = "KEY")]
    pub(super) api_key: Vec<String>,
    /// Credential of one security scheme, such as basic=user:password; repeatable.
    #[arg(long, env = "CONFORMANCE_AUTH", hide_env_values = true, value_name = "SCHEME=VALUE")]
    pub(super) auth: Vec<String>,
    /// Command that prints the key; it runs again when the key is refused or about to end.
    #[arg(long, value_name = "COMMAND", conflicts_with = "api_key")]
    pub(super) auth_command: Option<String>,
    /// Key of another workspace, to check that workspaces are isolated.
    #[arg(long, env = "PIVOTAL_OTHER_KEY", hide_env_values = true, value_name = "KEY")]
    pub(super) other_key: Option<String>,
    /// A revoked key.
    #[arg(long, env = "PIVOTAL_REVOKED_KEY", hide_env_values = true, value_name = "KEY")]
    pub(super) revoked_key: Option<String>,
    #[command(flatten)]
    pub(super) secrets: SecretArgs,
    /// OpenAPI description to hold the target to, instead of the built-in one (YAML or JSON, 2.0 to 3.2).
    #[arg(long, env = "CONFORMANCE_CONTRACT", value_name = "FILE")]
    pub(super) contract: Option<PathBuf>,
    /// Operations to call although they may change what the run did not make, by pattern; repeatable.
    #[arg(long, value_name = "GLOB")]
    pub(super) call: Vec<String>,
    /// Operations to leave out, by pattern; repeatable.
    #[arg(long, value_name = "GLOB")]
    pub(super) skip: Vec<String>,
    /// Value of a path parameter, such as userId=7; repeatable.
    #[arg(long, value_name = "NAME=VALUE", value_parser = named_value)]
    pub(super) value: Vec<(String, String)>,
    #[command(flatten)]
    pub(super) reading: ReadingArgs,
    /// Host that may be called although it is neither this machine nor in a private network.
    #[arg(long, value_name = "HOST")]
    pub(super) allow_host: Vec<String>,
    /// Allow keys that act on the real world.
    #[arg(long)]
    pub(super) allow_live: bool,
    /// Seconds to wait for one response.
    #[arg(long, default_value_t = 30, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=600))]
    pub(super) timeout: u64,
    /// Header to send with every request, such as 'X-Env: staging'; repeatable.
    #[arg(long, value_name = "NAME: VALUE")]
    pub(super) header: Vec<ExtraHeader>,
    /// Proxy to use, instead of the one in the environment.
    #[arg(long, value_name = "URL")]
    pub(super) proxy: Option<String>,
    /// Certificates (PEM) of an authority to trust besides those of the system; repeatable.
    #[arg(long, value_name = "FILE")]
    pub(super) ca_cert: Vec<PathBuf>,
    /// Certificate and key (PEM) to show to the target.
    #[arg(long, value_name = "FILE")]
    pub(super) client_cert: Option<PathBuf>,
    /// File that lists what the run created and has to delete again, instead of one in `.conformance`.
    #[arg(long, value_name = "FILE")]
    pub(super) ledger: Option<PathBuf>,
    /// File that keeps the findings of the last run, for `replay`.
    #[arg(
        long,
        env = "CONFORMANCE_LAST_RUN",
        default_value = ".conformance/last-run.json",
        value_name = "PATH"
    )]
    pub(super) last_run: PathBuf,
}

/// The contract in a file, else the built-in one.
pub(super) fn contract(path: Option<&PathBuf>, reading: &ReadingArgs) -> Result<Contract, UserError> {
    let contract = reading.load(path).map_err(UserError::from)?;
    let skipped = contract.problems().iter().filter(|problem| problem.level == Level::Skipped).count();
    if let (Some(path), true) = (path, skipped > 0) {
        let _ = writeln!(
            anstream::stderr(),
            "{skipped} parts of the contract cannot be used; `conformance check {}` tells them",
            path.display()
        );
    }
    Ok(contract)
}

/// A run of everything against the target, which has been found fit to be tried.
pub(super) fn config(args: &TargetArgs) -> Result<RunConfig, UserError> {
    let headers = args.header.iter().filter_map(|header| header.value.to_str().ok()).map(str::to_owned);
    let fresh = args.auth_command.as_deref().map(FreshKey::of).transpose()?;
    let given = args.api_key.iter().map(|key| key.trim().to_owned()).filter(|key| !key.is_empty());
    let secrets = Secrets {
        own: fresh.as_ref().map_or_else(|| given.collect(), |fresh| vec![fresh.current()]),
        fresh,
        other: args.other_key.clone().filter(|key| !key.is_empty()),
        revoked: args.revoked_key.clone().filter(|key| !key.is_empty()),
        schemes: schemes(&args.auth)?,
        hidden: args.secrets.all()?.into_iter().chain(headers).collect(),
    };
    let unprintable = |key: &String| !key.bytes().all(|byte| (0x21..0x7f).contains(&byte));
    if secrets.own.iter().chain(&secrets.other).chain(&secrets.revoked).any(unprintable) {
        return Err(UserError::new("a key holds letters that no header can hold", "check what was pasted"));
    }
    if secrets.other.as_ref().is_some_and(|other| secrets.own.contains(other)) {
        return Err(UserError::new(
            "--other-key is one of --api-key",
            "give a key of another workspace, or none",
        ));
    }
    if secrets.revoked.as_ref().is_some_and(|revoked| secrets.own.contains(revoked)) {
        return Err(UserError::new(
            "--revoked-key is one of --api-key",
            "give a key that was revoked, or none",
        ));
    }
    if secrets.own.iter().chain(&secrets.other).chain(&secrets.revoked).any(|key| key.len() < SHORTEST) {
        let _ = writeln!(
            anstream::stderr(),
            "warning: a key is shorter than {SHORTEST} bytes and cannot be told from any text: reports may show it"
        );
    }
    if let Some(proxy) = &args.proxy {
        check_proxy(proxy)?;
    }
    let url = args.url.clone().filter(|url| !url.trim().is_empty()).ok_or_else(|| {
        UserError::new(
            "no target was named",
            "give --url URL, set PIVOTAL_API_URL, or write url into conformance.toml",
        )
    })?;
    let mut config = RunConfig::new(contract(args.contract.as_ref(), &args.reading)?, url, secrets);
    config.client = ClientOptions {
        timeout: Duration::from_secs(args.timeout),
        headers: args.header.clone(),
        proxy: args.proxy.clone(),
        ca_cert: args.ca_cert.clone(),
        client_cert: args.client_cert.clone(),
    };
    config.ledger = Some(match &args.ledger {
        Some(file) => LedgerPath::At(file.clone()),
        None => LedgerPath::In(PathBuf::from(LEDGERS)),
    });
    known_schemes(&config)?;
    config.wishes = Wishes { call: args.call.clone(), skip: args.skip.clone(), values: args.value.clone() };
    globs::check_wishes(&config.wishes, &config.contract)?;
    if config.keys_are_unasked() {
        let _ = writeln!(
            anstream::stderr(),
            "notice: the description does not say which operations want a key; the given one is sent with all of them"
        );
    }
    config.url = check_target(&config, &args.allow_host, args.allow_live)?;
    Ok(config)
}

/// The credentials of single schemes.
fn schemes(written: &[String]) -> Result<Vec<(String, String)>, UserError> {
    let pair = |text: &String| match text.split_once('=') {
        Some((scheme, secret)) if !scheme.is_empty() && !secret.is_empty() && is_printable(secret) => {
            Ok((scheme.trim().to_owned(), secret.to_owned()))
        }
        // What is written may be a secret: it is not shown.
        _ => Err(UserError::new(
            "--auth names no scheme, or a value that no header can hold",
            "write --auth SCHEME=VALUE, as in --auth basic=user:password",
        )),
    };
    written.iter().map(pair).collect()
}

/// Refuses a credential of a scheme that the contract does not declare.
fn known_schemes(config: &RunConfig) -> Result<(), UserError> {
    let declared: Vec<String> =
        Security::declared(config.contract.document()).into_iter().map(|demand| demand.scheme).collect();
    match config.secrets.schemes.iter().find(|(scheme, _)| !declared.contains(scheme)) {
        None => Ok(()),
        Some((scheme, _)) if declared.is_empty() => Err(UserError::new(
            format!("--auth {scheme}=…: the contract declares no security scheme"),
            "give the key with --api-key",
        )),
        Some((scheme, _)) => Err(UserError::new(
            format!("--auth {scheme}=…: the contract declares no such security scheme"),
            format!("it has {}", declared.join(", ")),
        )),
    }
}

fn is_printable(secret: &str) -> bool {
    secret.bytes().all(|byte| (0x20..0x7f).contains(&byte))
}
