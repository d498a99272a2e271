//! `diff`: the review of a change.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::error::{CommandResult, UserError};
use super::exit;
use super::output::stdout;
use super::reading::ReadingArgs;
use super::target::contract;
use crate::review;
use crate::review::{
    Accepted, Content, Exclusion, Review, Severity, Side, Verdict, print_changelog, print_github, print_html,
    print_markdown, print_rule, print_rules, print_terminal,
};

/// Where acceptances are looked for where nothing is said.
const ACCEPTED: &str = "conformance/accepted-changes.yaml";

/// `diff`.
#[derive(Debug, Args)]
pub(super) struct DiffArgs {
    /// The base: a description, a folder of records, or `REVISION:PATH` of either.
    #[arg(required_unless_present_any = ["rules", "explain"])]
    pub(super) base: Option<String>,
    /// The head, in the same forms.
    #[arg(required_unless_present_any = ["rules", "explain"])]
    pub(super) head: Option<String>,
    /// Records of each side, to see what was delivered and what drifted.
    #[arg(long, num_args = 2, value_names = ["BASE_DIR", "HEAD_DIR"])]
    pub(super) records: Vec<String>,
    /// Output format.
    #[arg(long, value_enum, default_value_t = Form::Terminal, value_name = "FORM")]
    pub(super) format: Form,
    /// Unclear changes fail too: short for `--fail-on unclear`.
    #[arg(long, conflicts_with = "fail_on")]
    pub(super) strict: bool,
    /// The mildest change that fails.
    #[arg(long, value_enum, default_value_t = FailOn::Breaking, value_name = "VERDICT")]
    pub(super) fail_on: FailOn,
    /// Leave changes out: path=PATTERN, tag=PATTERN or rule=PATTERN; repeatable.
    #[arg(long, value_name = "KIND=PATTERN")]
    pub(super) exclude: Vec<Exclusion>,
    /// Give all changes of a rule another verdict, as in response-enum-value-added=breaking; repeatable.
    #[arg(long, value_name = "RULE=VERDICT")]
    pub(super) severity: Vec<Severity>,
    /// File of accepted changes [default: `conformance/accepted-changes.yaml`, if it exists].
    #[arg(long, value_name = "FILE")]
    pub(super) accepted: Option<PathBuf>,
    /// Write every change that would fail to the file of accepted changes, with this reason.
    #[arg(long, value_name = "REASON", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub(super) accept_all: Option<String>,
    /// Description that says where a record has the parts of an error, instead of the built-in one.
    #[arg(long, env = "CONFORMANCE_CONTRACT", value_name = "FILE")]
    pub(super) contract: Option<PathBuf>,
    /// Print allowed and accepted changes in full too.
    #[arg(short, long)]
    pub(super) verbose: bool,
    /// List every rule.
    #[arg(long, exclusive = true)]
    pub(super) rules: bool,
    /// Explain one rule.
    #[arg(long, value_name = "RULE", exclusive = true)]
    pub(super) explain: Option<String>,
}

/// The mildest change that fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    /// What breaks.
    Breaking,
    /// What is unclear too.
    Unclear,
    /// Any change.
    Allowed,
    /// Nothing: the review is for reading.
    Never,
}

impl DiffArgs {
    fn fail_on(&self) -> Option<Verdict> {
        match self.fail_on {
            FailOn::Breaking if self.strict => Some(Verdict::Unclear),
            FailOn::Breaking => Some(Verdict::Breaking),
            FailOn::Unclear => Some(Verdict::Unclear),
            FailOn::Allowed => Some(Verdict::Allowed),
            FailOn::Never => None,
        }
    }
}

/// The format of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Form {
    /// For people, with colours on a terminal.
    Terminal,
    /// For a comment on a pull request.
    Markdown,
    /// For programs; the schema is `conformance/diff.schema.json`.
    Json,
    /// Annotations for a GitHub workflow.
    Github,
    /// One page, with nothing outside of it.
    Html,
    /// For the changelog of the API: what clients have to know.
    Changelog,
}

/// `diff`.
pub(super) fn diff(args: &DiffArgs) -> CommandResult {
    let mut out = stdout();
    if args.rules {
        print_rules(&mut out)?;
        return Ok(exit::HOLDS);
    }
    if let Some(id) = &args.explain {
        let Some(rule) = review::rule(id) else { return Err(unknown(id)) };
        print_rule(rule, &mut out)?;
        return Ok(exit::HOLDS);
    }
    let (Some(base), Some(head)) = (&args.base, &args.head) else {
        return Err(UserError::new("BASE and HEAD are missing", "conformance diff --help"));
    };
    let (base, head) = (Side::read(base)?, Side::read(head)?);
    let records = match args.records.as_slice() {
        [before, after] => Some((Side::read(before)?, Side::read(after)?)),
        _ => None,
    };
    let known = match (&base.content, &args.contract) {
        (Content::Records(_), path) => Some(contract(path.as_ref(), &ReadingArgs::default())?),
        (Content::Contract(_), _) => None,
    };
    let errors =
        known.as_ref().and_then(|known| known.rules().errors.as_ref()).map(|errors| &errors.pointers);
    let records = records.as_ref().map(|(before, after)| (before, after));
    let mut review = Review::new(&base, &head, records, errors)?;
    let fail_on = args.fail_on();
    let usual = Path::new(ACCEPTED);
    let file = args.accepted.as_deref().or_else(|| usual.exists().then_some(usual));
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    // A file that is to be written need not be there yet.
    let known = match file.filter(|file| args.accept_all.is_none() || file.exists()) {
        Some(file) => Accepted::load(file)?,
        None => Accepted::default(),
    };
    // The command line has the last word.
    let exclusions: Vec<Exclusion> = known.exclusions.iter().chain(&args.exclude).cloned().collect();
    let severities: Vec<Severity> = known.severities.iter().chain(&args.severity).cloned().collect();
    review.narrow(&exclusions, &severities);
    review.notices.extend(known.apply(&mut review.changes, today));
    review.settle(fail_on);
    if let Some(reason) = &args.accept_all {
        let file = file.unwrap_or(usual);
        let failing: Vec<&review::Change> =
            review.changes.iter().filter(|change| Review::fails(change, fail_on)).collect();
        let count = failing.len();
        if count > 0 {
            Accepted::write(file, &failing, reason)?;
            let accepted = Accepted::load(file)?;
            // What was said of the acceptances before is said of those that are written now.
            review.notices.truncate(exclusions.len());
            review.notices.extend(accepted.apply(&mut review.changes, today));
            review.settle(fail_on);
        }
        let _ = writeln!(anstream::stderr(), "{count} changes accepted in {}", file.display());
    }
    match args.format {
        Form::Terminal => print_terminal(&review, args.verbose, &mut out),
        Form::Markdown => print_markdown(&review, &mut out),
        Form::Github => print_github(&review, &mut out),
        Form::Html => print_html(&review, &mut out),
        Form::Changelog => print_changelog(&review, &mut out),
        Form::Json => writeln!(out, "{}", serde_json::to_string_pretty(&review)?),
    }?;
    Ok(if review.has_failed() { exit::VIOLATED } else { exit::HOLDS })
}

fn unknown(id: &str) -> UserError {
    let near = schemas::nearest(id, review::rules().map(|rule| rule.id));
    let hint = near.map_or_else(
        || "`conformance diff --rules` lists them".to_owned(),
        |near| format!("did you mean {near}?"),
    );
    UserError::new(format!("there is no rule {id}"), hint)
}
