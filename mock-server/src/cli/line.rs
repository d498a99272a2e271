//! The command line as a whole.

use clap::builder::FalseyValueParser;
use clap::{Parser, Subcommand};
use schemas::DiagnosisFormat;

use super::arguments::ServerArguments;
use super::exec::Exec;
use super::health::Health;

/// Serves an API from its OpenAPI description, with seeded data and state.
///
/// Without flags it serves the built-in API on port 4010 of this machine. When it is ready it prints one line to
/// stdout, `ready <url>`; everything else goes to stderr. It ends with 0 after SIGTERM or SIGINT, 2 on wrong usage, 3 when
/// the contract or the fixtures do not load, 4 when the address is in use.
#[derive(Debug, Parser)]
#[command(version, next_line_help = false, max_term_width = 110, args_conflicts_with_subcommands = true)]
pub(crate) struct CommandLine {
    /// Only tell what is wrong with the description, without serving it: 0 where it loads, 3 where it does not.
    #[arg(long, env = "MOCK_SERVER_CHECK", value_parser = FalseyValueParser::new(), help_heading = "Descriptions")]
    pub(crate) check: bool,
    /// How --check tells it: `text`, `json` or `github`.
    #[arg(long, default_value_t = DiagnosisFormat::Text, env = "MOCK_SERVER_FORMAT", help_heading = "Descriptions", value_name = "FORMAT")]
    pub(crate) format: DiagnosisFormat,
    #[command(flatten)]
    pub(crate) server: ServerArguments,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// What else than serving the program does.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Exec(Box<Exec>),
    Health(Health),
}
