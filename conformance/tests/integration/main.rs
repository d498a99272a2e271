//! The program end to end: what it prints, how it exits, what it leaves.
//!
//! Each test runs the real binary in a folder of its own against a target of its own. A failing test shows the program's
//! whole output.

mod baseline;
mod budget;
mod ci;
mod clean;
mod config;
mod dependencies;
mod exit_codes;
mod faulty_wire;
mod helpdesk_api;
mod hostile;
mod interrupt;
mod keys;
mod kinds_of_rows;
mod large_answers;
mod layers;
mod ledger;
mod lost;
mod no_end;
mod other_api;
mod plain_kinds;
mod planted;
mod preflight;
mod printing;
mod proxy;
mod readme;
mod records;
mod records_review;
mod replay;
mod report;
mod report_demand;
mod report_forms;
mod report_github;
mod report_merge;
mod report_secrets;
mod review;
mod shards;
mod stand_ins;
mod support;
mod target_safety;
mod tls;
mod transport;
mod unowned;
mod usage;
mod wire;
mod written;
