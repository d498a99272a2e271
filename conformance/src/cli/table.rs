//! The table of the self-test.

use std::io::{self, Write};

use crate::report::print_finding;
use crate::selftest::{Curve, Kind, SelfTest};
use crate::shown::lines;

/// Prints every trial with what found it and after how many requests.
pub(super) fn print(test: &SelfTest, verbose: bool, to: &mut dyn Write) -> io::Result<()> {
    writeln!(to, "{:<8} {:<26} {:<30} {:>8} {:>8}  says", "", "trial", "found by", "requests", "findings")?;
    for outcome in &test.outcomes {
        let word = match (outcome.kind, outcome.right) {
            (Kind::Fault, true) => "found",
            (Kind::Fault, false) => "MISSED",
            (Kind::Sound | Kind::Reading, true) => "clean",
            (Kind::Sound | Kind::Reading, false) => "ALARM",
        };
        let law = outcome.law.as_deref().unwrap_or("-");
        writeln!(
            to,
            "{word:<8} {:<26} {law:<30} {:>8} {:>8}  {}",
            outcome.name,
            outcome.requests,
            outcome.findings.len(),
            outcome.says
        )?;
        if let Some(error) = &outcome.error {
            writeln!(to, "         {}", lines(error))?;
        }
        if verbose || !outcome.right {
            for finding in &outcome.findings {
                print_finding(finding, to)?;
            }
        }
    }
    let count = |kind: Kind, right: bool| {
        test.outcomes.iter().filter(|outcome| outcome.kind == kind && outcome.right == right).count()
    };
    writeln!(
        to,
        "{} faults found, {} missed; {} readings clean, {} false alarms; {:.1} s",
        count(Kind::Fault, true),
        count(Kind::Fault, false),
        count(Kind::Reading, true) + count(Kind::Sound, true),
        count(Kind::Reading, false) + count(Kind::Sound, false),
        test.seconds
    )
}

/// Prints how many faults are found within how many requests.
pub(super) fn print_curve(curve: &Curve, to: &mut dyn Write) -> io::Result<()> {
    writeln!(to, "{:>8} {:>6} of {}", "requests", "found", curve.faults)?;
    for point in curve.marks() {
        writeln!(to, "{:>8} {:>6}", point.requests, point.found)?;
    }
    writeln!(to, "area under the curve up to {} requests: {:.3}", curve.within, curve.area)
}
