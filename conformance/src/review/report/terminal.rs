//! For people at a terminal.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use super::fold::{Folded, folded, some};
use super::words;
use crate::review::change::Seen;
use crate::review::comparison::Review;
use crate::review::join::Outcome;
use crate::review::rule::Rule;
use crate::review::rules;
use crate::review::verdict::Verdict;
use crate::shown::line;

const DIM: Style = Style::new().dimmed();
/// Most operations, and most fingerprints, that are named of one change; --format json has them all.
const MOST: usize = 12;
const BOLD: Style = Style::new().bold();

fn style(verdict: Verdict) -> Style {
    let color = match verdict {
        Verdict::Breaking => AnsiColor::Red,
        Verdict::Unclear => AnsiColor::Yellow,
        Verdict::Allowed => AnsiColor::Green,
    };
    Style::new().bold().fg_color(Some(color.into()))
}

/// Writes a comparison, the verdict first; `to` strips colours where they are not wanted.
pub fn print(review: &Review, verbose: bool, to: &mut dyn Write) -> io::Result<()> {
    let (word, _) = words::verdict(review);
    let color = if review.has_failed() {
        AnsiColor::Red
    } else if review.groups.breaking + review.groups.unclear > 0 {
        AnsiColor::Yellow
    } else {
        AnsiColor::Green
    };
    let style = Style::new().bold().fg_color(Some(color.into()));
    writeln!(
        to,
        "{style}{word}{style:#}  {} · {} → {}",
        words::counts(review),
        line(&review.base.name),
        line(&review.head.name)
    )?;
    if let Some(advice) = &review.advice {
        writeln!(to, "{}", line(&words::version(advice)))?;
    }
    for notice in &review.notices {
        writeln!(to, "{BOLD}notice{BOLD:#} {}", line(notice))?;
    }
    let all = folded(&review.changes);
    if !all.is_empty() {
        writeln!(to)?;
    }
    for one in &all {
        let brief = !verbose && (one.first.verdict == Verdict::Allowed || one.first.accepted.is_some());
        change(one, brief, to)?;
    }
    operations(review, to)
}

fn change(one: &Folded<'_>, brief: bool, to: &mut dyn Write) -> io::Result<()> {
    let change = one.first;
    let style = style(change.verdict);
    let word = if change.accepted.is_some() { "accepted" } else { change.verdict.as_str() };
    write!(to, "{style}{word}[{}]{style:#} ", change.rule)?;
    let operation = words::operation(change);
    if !operation.is_empty() {
        write!(to, "{BOLD}{}{BOLD:#} ", line(&operation))?;
    }
    write!(to, "{}", line(&change.subject))?;
    let values = words::values(change);
    if !values.is_empty() {
        write!(to, "  {}", line(&values))?;
    }
    let side = if change.side == Seen::Base { " (base)" } else { "" };
    write!(to, "  {DIM}{}{side}{DIM:#}", line(&change.place))?;
    if brief && change.standing != schemas::Standing::Documented {
        write!(to, "{DIM} · only {}{DIM:#}", change.standing)?;
    }
    let others = one.others();
    if brief && !others.is_empty() {
        write!(to, "{DIM} · also {}{DIM:#}", line(&some(&others, MOST, ", ")))?;
    }
    writeln!(to)?;
    if let Some(reason) = &change.accepted {
        writeln!(to, "  accepted: {}", line(reason))?;
    }
    if brief {
        return Ok(());
    }
    writeln!(to, "  {}. {}", line(&words::capital(&change.says)), line(&change.why))?;
    let also = if others.is_empty() {
        String::new()
    } else {
        format!("also {} · ", line(&some(&others, MOST, ", ")))
    };
    writeln!(to, "  {DIM}{also}hurts {} · fingerprint {}{DIM:#}", hurts(one), some(&one.prints(), MOST, " "))
}

fn hurts(one: &Folded<'_>) -> &'static str {
    match one.first.hurts {
        crate::review::Hurts::Request => "who sends",
        crate::review::Hurts::Response => "who reads",
        crate::review::Hurts::Both => "who sends and who reads",
    }
}

/// The two by two of contract and behaviour; operations of which nothing moved are counted only.
fn operations(review: &Review, to: &mut dyn Write) -> io::Result<()> {
    if review.operations.is_empty() {
        return Ok(());
    }
    writeln!(to)?;
    for (outcome, says) in [
        (Outcome::Drift, "behaviour moved, and no change of the contract says so"),
        (Outcome::Undelivered, "records show that the contract moved alone"),
        (Outcome::Delivered, "behaviour moved as the contract says"),
    ] {
        let names: Vec<&str> = review.of(outcome).map(|line| line.operation.as_str()).collect();
        if !names.is_empty() {
            writeln!(to, "{BOLD}{:<12}{BOLD:#} {says}: {}", outcome.as_str(), line(&names.join(", ")))?;
        }
    }
    let still = review.of(Outcome::Nothing).count();
    writeln!(
        to,
        "{DIM}{:<12} no record moved: {still} of {} operations{DIM:#}",
        "nothing",
        review.operations.len()
    )
}

/// Writes every rule, a line each.
pub fn print_rules(to: &mut dyn Write) -> io::Result<()> {
    for rule in rules::all() {
        let style = style(rule.verdict);
        writeln!(
            to,
            "{:<15} {:<38} {style}{:<9}{style:#} {:<9} {}",
            rule.area,
            rule.id,
            rule.verdict,
            rule.hurts.as_str(),
            rule.says
        )?;
    }
    writeln!(to, "{DIM}{} rules; --explain RULE explains one{DIM:#}", rules::all().count())
}

/// Writes all about one rule.
pub fn print_rule(rule: &Rule, to: &mut dyn Write) -> io::Result<()> {
    let style = style(rule.verdict);
    writeln!(to, "{BOLD}{}{BOLD:#} ({})\n", rule.id, rule.area)?;
    writeln!(to, "  {}.\n  {}\n", words::capital(rule.says), rule.why)?;
    writeln!(to, "  verdict        {style}{}{style:#}", rule.verdict)?;
    if rule.verdict != Verdict::Allowed {
        writeln!(to, "                 of an inferred statement unclear, of an assumed one allowed")?;
    }
    writeln!(to, "  felt by        {}", rule.hurts.as_str())?;
    writeln!(to, "  the other way  {}", rule.reverse.join(" or "))?;
    if let Some(name) = rule.also_known_as {
        writeln!(to, "  also known as  {name} (oasdiff)")?;
    }
    Ok(())
}
