//! `laws` and `explain`: what is checked, and why.

use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;

use super::error::{CommandResult, UserError};
use super::exit;
use super::output::stdout;
use super::reading::ReadingArgs;
use super::target::contract;
use crate::contract::Api;
use crate::law;
use crate::shown;

/// `laws`.
#[derive(Debug, Args)]
pub(super) struct LawsArgs {
    /// OpenAPI description to derive them from, instead of the built-in one.
    #[arg(long, env = "CONFORMANCE_CONTRACT", value_name = "FILE")]
    pub(super) contract: Option<PathBuf>,
    #[command(flatten)]
    pub(super) reading: ReadingArgs,
    /// As JSON.
    #[arg(long)]
    pub(super) json: bool,
}

/// `explain`.
#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// The law's id.
    pub(super) law: String,
    /// OpenAPI description to derive it from, instead of the built-in one.
    #[arg(long, env = "CONFORMANCE_CONTRACT", value_name = "FILE")]
    pub(super) contract: Option<PathBuf>,
    #[command(flatten)]
    pub(super) reading: ReadingArgs,
}

/// `laws`.
pub(super) fn laws(args: &LawsArgs) -> CommandResult {
    let contract = contract(args.contract.as_ref(), &args.reading)?;
    let api = Api::new(&contract);
    let mut out = stdout();
    let mut lines = Vec::new();
    for one in law::catalogue() {
        lines.push(law::describe(one, &api));
    }
    if args.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&lines)?)?;
        return Ok(exit::HOLDS);
    }
    for line in lines {
        let standing = line.standing.map_or("not stated", schemas::Standing::as_str);
        writeln!(
            out,
            "{:<12} {:<30} {:<11} {:>3}  {}  {}",
            line.family,
            line.id,
            standing,
            line.operations.len(),
            line.says,
            shown::line(&line.contract.unwrap_or_default())
        )?;
    }
    Ok(exit::HOLDS)
}

/// `explain`.
pub(super) fn explain(args: &ExplainArgs) -> CommandResult {
    let Some(one) = law::by_id(&args.law) else {
        let near = schemas::nearest(&args.law, law::catalogue().map(|law| law.id));
        let hint = near.map_or_else(
            || "`conformance laws` lists them".to_owned(),
            |near| format!("did you mean {near}?"),
        );
        return Err(UserError::new(format!("there is no law {}", args.law), hint));
    };
    let contract = contract(args.contract.as_ref(), &args.reading)?;
    let api = Api::new(&contract);
    let line = law::describe(one, &api);
    let mut out = stdout();
    writeln!(out, "{} ({})\n\n  {}.\n  {}\n", line.id, line.family, line.says, one.why)?;
    if let Some(place) = &line.contract {
        writeln!(out, "  stated at  {}", shown::line(place))?;
    }
    for case in one.cases(&api, 1) {
        let place = contract.locate(&case.place);
        writeln!(
            out,
            "  {:<10} {:<28} {:<32} {} requests  {place}",
            case.standing.as_str(),
            shown::line(&case.op.id),
            shown::line(&case.variant),
            case.cost_after(|_| false),
            place = shown::line(&place.to_string())
        )?;
    }
    Ok(exit::HOLDS)
}
