//! Every class of input there is, derived from the contract.

mod access;
mod body;
mod bounds;
mod conflict;
mod corner;
mod create;
mod filter;
mod list;
mod naming;
mod repeat;
mod route;
mod rules;
mod update;
mod whole;

pub(super) use whole::recipes;
